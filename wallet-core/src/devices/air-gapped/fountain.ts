/**
 * Which fragments of a message a part mixes (BCR-2024-001): the first parts are the fragments themselves, each later one
 * is the exclusive or of some, drawn from its number and the message's checksum.
 * @module
 */

type Sha256 = (data: Uint8Array) => Uint8Array

/** @param number of the part, from 1. @param count of fragments. @param checksum CRC-32 of the message */
export function mixedFragments(number: number, count: number, checksum: number, sha256: Sha256): number[] {
  if (number <= count) return [number - 1]
  const seed = new Uint8Array(8)
  const view = new DataView(seed.buffer)
  view.setUint32(0, number)
  view.setUint32(4, checksum)
  const random = xoshiro256(sha256(seed))
  const degree = sampleDegree(count, random)
  const left = Array.from({ length: count }, (_, i) => i)
  return Array.from({ length: degree }, () => left.splice(Math.floor(random() * left.length), 1)[0]!)
}

/** Xoshiro256** (Blackman, Vigna) over the four big-endian words of `seed`; numbers from 0 to below 1. */
function xoshiro256(seed: Uint8Array): () => number {
  const view = new DataView(seed.buffer, seed.byteOffset, 32)
  let [a, b, c, d] = [0, 8, 16, 24].map((at) => view.getBigUint64(at)) as [bigint, bigint, bigint, bigint]
  const word = (value: bigint) => BigInt.asUintN(64, value)
  const rotated = (value: bigint, by: bigint) => word((value << by) | (value >> (64n - by)))
  return () => {
    const result = word(rotated(word(b * 5n), 7n) * 9n)
    const shifted = word(b << 17n)
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 45n)
    return Number(result) / 2 ** 64
  }
}

/** 1 to `count`, k with a weight of 1/k, by Walker's alias method as Vose builds it. */
function sampleDegree(count: number, random: () => number): number {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const scaled = weights.map((weight) => (weight * count) / sum)
  const share = new Array<number>(count).fill(1)
  const alias = new Array<number>(count).fill(0)
  const small: number[] = []
  const large: number[] = []
  for (let i = count - 1; i >= 0; i--) (scaled[i]! < 1 ? small : large).push(i)
  while (small.length > 0 && large.length > 0) {
    const [less, more] = [small.pop()!, large.pop()!]
    share[less] = scaled[less]!
    alias[less] = more
    scaled[more]! += scaled[less]! - 1
    ;(scaled[more]! < 1 ? small : large).push(more)
  }
  const [first, second] = [random(), random()]
  const place = Math.floor(count * first)
  return (second < share[place]! ? place : alias[place]!) + 1
}
