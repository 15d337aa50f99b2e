/** Points, encodings and mutations for the BLS12-381 suites. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { InvalidPoint } from '../src/errors.ts'
import { fromHex, toHex } from './vectors.ts'

const DST = 'BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_'
const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point

/** A signature of noble's under Ethereum's ciphersuite. */
export function sign(secret: bigint, data: Uint8Array): Uint8Array {
  return bls12_381.longSignatures
    .hash(data, DST)
    .multiply(secret % G1.Fn.ORDER)
    .toBytes(true)
}

/** What a malformed input amounts to for a caller that only asks whether to accept. */
export function accepted(run: () => boolean): boolean {
  try {
    return run()
  } catch (error) {
    if (error instanceof InvalidPoint) return false
    throw error
  }
}

/** The argument an InvalidPoint names; undefined when nothing is thrown. */
export function argumentOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof InvalidPoint) return error.argument
    throw error
  }
}

/** What a call comes to, comparable between engines. */
export function outcome(run: () => unknown): string {
  try {
    return String(run() ?? 'ok')
  } catch (error) {
    if (error instanceof InvalidPoint) return `${error.code} ${error.argument}`
    throw error
  }
}

const P = bls12_381.fields.Fp.ORDER

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`)
}

function encode(value: bigint, length: number): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, '0'))
}

type Multiple<T> = { add(other: T): T; double(): T }

/** Double-and-add for any multiple: noble's own refuses those beyond the group order. */
function times<T extends Multiple<T>>(point: T, scalar: bigint): T {
  let result: T | undefined
  for (const bit of scalar.toString(2)) {
    if (result) result = result.double()
    if (bit === '1') result = result ? result.add(point) : point
  }
  return result!
}

/** On the curve, not in G1: arbitrary points, the points of order 3 and 11, and members plus one of them. */
export function strangersG1(): Uint8Array[] {
  const { Fp } = bls12_381.fields
  const found: InstanceType<typeof G1>[] = []
  for (let x = 4n; found.length < 4; x++) {
    const square = Fp.add(Fp.pow(x, 3n), 4n)
    if (Fp.pow(square, (P - 1n) / 2n) === 1n) found.push(G1.fromAffine({ x, y: Fp.sqrt(square) }))
  }
  const order = 0x396c8c005555e1568c00aaab0000aaabn * G1.Fn.ORDER
  const eleven = found.map((point) => times(point, order / 121n)).find((point) => !point.is0())!
  const small = [G1.fromAffine({ x: 0n, y: 2n }), G1.fromAffine({ x: 0n, y: P - 2n }), eleven, times(eleven, 5n)]
  const mixed = small.map((point) => point.add(G1.BASE))
  return [...found, ...small, ...mixed].map((point) => compressG1(point.toAffine().x, point.toAffine().y))
}

/** On the twist, not in G2: arbitrary points, points of order 13 and 23, and members plus one of them. */
export function strangersG2(): Uint8Array[] {
  const { Fp2 } = bls12_381.fields
  const found: InstanceType<typeof G2>[] = []
  for (let c0 = 1n; found.length < 3; c0++) {
    const x = { c0, c1: 5n }
    const square = Fp2.add(Fp2.pow(x, 3n), { c0: 4n, c1: 4n })
    try {
      found.push(G2.fromAffine({ x, y: Fp2.sqrt(square) }))
    } catch {} // not a square: the next x
  }
  const order = G2_COFACTOR * G1.Fn.ORDER
  const small = [13n, 23n].map((prime) => {
    const part = found.map((point) => times(point, order / (prime * prime))).find((point) => !point.is0())!
    return times(part, prime).is0() ? part : times(part, prime)
  })
  const mixed = small.map((point) => point.add(G2.BASE))
  return [...found, ...small, ...mixed].map((point) => {
    const { x, y } = point.toAffine()
    return compressG2(x.c0, x.c1, y.c0, y.c1)
  })
}

const G2_COFACTOR =
  0x5d543a95414e7f1091d50792876a202cd91de4547085abaa68a205b2e5a7ddfa628f1cb4d9e82ef21537e293a6691ae1616ec6e786f0c70cf1c38e31c7238e5n

export function compressG1(x: bigint, y: bigint): Uint8Array {
  return withFlags(encode(x, 48), y > (P - 1n) / 2n)
}

export function compressG2(x0: bigint, x1: bigint, y0: bigint, y1: bigint): Uint8Array {
  const larger = y1 === 0n ? y0 > (P - 1n) / 2n : y1 > (P - 1n) / 2n
  return withFlags(new Uint8Array([...encode(x1, 48), ...encode(x0, 48)]), larger)
}

function withFlags(bytes: Uint8Array, larger: boolean): Uint8Array {
  return bytes.with(0, bytes[0]! | 0x80 | (larger ? 0x20 : 0))
}

export function curvePointG1(x: bigint, y: bigint): boolean {
  if (x >= P || y >= P) return false
  return (x === 0n && y === 0n) || (y * y - x ** 3n - 4n) % P === 0n
}

export function curvePointG2(x0: bigint, x1: bigint, y0: bigint, y1: bigint): boolean {
  const { Fp2 } = bls12_381.fields
  if ([x0, x1, y0, y1].some((value) => value >= P)) return false
  if ([x0, x1, y0, y1].every((value) => value === 0n)) return true
  const right = Fp2.add(Fp2.pow({ c0: x0, c1: x1 }, 3n), { c0: 4n, c1: 4n })
  return Fp2.eql(Fp2.sqr({ c0: y0, c1: y1 }), right)
}

/** Encodings whose x is at or near the modulus, and every flag byte over good and zero contents. */
export function* edges(key: Uint8Array, signature: Uint8Array): Generator<[Uint8Array, 'key' | 'signature']> {
  for (const x of [0n, 1n, 2n, 3n, 4n, P - 1n, P, P + 1n, P + 4n, (1n << 381n) - 1n]) {
    for (const flags of [0x80, 0xa0]) {
      const bytes = encode(x, 48)
      yield [bytes.with(0, bytes[0]! | flags), 'key']
      const zero = new Uint8Array(48)
      yield [new Uint8Array([...zero.with(0, flags), ...bytes]), 'signature']
      yield [new Uint8Array([...bytes.with(0, bytes[0]! | flags), ...zero]), 'signature']
    }
  }
  for (let flags = 0; flags < 256; flags += 32) {
    yield [key.with(0, (key[0]! & 31) | flags), 'key']
    yield [new Uint8Array(48).with(0, flags), 'key']
    yield [new Uint8Array(48).with(0, flags).with(47, 1), 'key']
    yield [new Uint8Array(48).with(0, flags | 1), 'key']
    yield [signature.with(0, (signature[0]! & 31) | flags), 'signature']
    yield [new Uint8Array(96).with(0, flags), 'signature']
    yield [new Uint8Array(96).with(0, flags).with(95, 1), 'signature']
  }
  // c0 of a signature is not below p although its three top bits look like flags
  yield [signature.with(48, signature[48]! | 0x80), 'signature']
  yield [new Uint8Array([...signature.subarray(0, 48), ...encode(number(signature.subarray(48)) + P, 48)]), 'signature']
}

/** One of: a flipped bit, a random byte, a random x, another length. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  const copy = bytes.slice()
  const at = Math.floor(random() * copy.length)
  const kind = Math.floor(random() * 8)
  if (kind < 3) copy[at]! ^= 1 << Math.floor(random() * 8)
  else if (kind < 4) copy[0]! ^= 32 << Math.floor(random() * 3)
  else if (kind < 5) copy[at] = Math.floor(random() * 256)
  else if (kind < 7) for (let i = 1; i < copy.length; i++) copy[i] = Math.floor(random() * 256)
  else return copy.subarray(0, at)
  return copy
}

/** A small deterministic generator (mulberry32): failures must repeat. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
