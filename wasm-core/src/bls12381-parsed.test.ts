/** Parsed keys and committees, on both engines. */
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test } from 'vitest'
import { sign, strangersG1 } from '../test/bls12381.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { nobleBls } from './noble/bls12381.ts'
import type { Bls12381, Committee, ParsedKeys } from './slots.ts'
import { createWasmBls } from './wasm/bls12381.ts'

const wasmBls = await createWasmBls(await readWasmFile('bls12381'))
const engines: [string, Bls12381][] = [
  ['wasm', wasmBls],
  ['noble', nobleBls],
]

const G1 = bls12_381.G1.Point
const R = G1.Fn.ORDER
const message = Uint8Array.of(1, 2, 3)
const secrets = Array.from({ length: 131 }, (_, i) => 5n ** BigInt(30 + i) % R)
const keys = secrets.map((secret) => G1.BASE.multiply(secret).toBytes(true))
const minus = (key: Uint8Array) => G1.fromBytes(key).negate().toBytes(true)
const sumOf = (seats: readonly number[]) => seats.reduce((sum, seat) => (sum + secrets[seat]!) % R, 0n)
const seats = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

describe.each(engines)('%s', (name, bls) => {
  const size = name === 'wasm' ? keys.length : 9 // windows of 64 keys are the kernel's
  const ours = keys.slice(0, size)

  test.each([1, 2, 3, 9, 64, 65, 131].filter((n) => n <= size))('FastAggregateVerify over %i parsed keys', (n) => {
    const parsed = bls.parsePublicKeys(ours.slice(0, n))
    const signature = sign(sumOf(seats(0, n)), message)
    expect(parsed.size).toBe(n)
    expect(bls.fastAggregateVerify(parsed, message, signature)).toBe(true)
    expect(bls.fastAggregateVerify(parsed, Uint8Array.of(9), signature)).toBe(false)
    expect(bls.fastAggregateVerify(parsed, message, signature)).toBe(true) // nothing is left of the last call
  })

  test('repeated keys, and keys that cancel', () => {
    const [a, b] = [ours[0]!, ours[1]!]
    const doubled = sign((2n * secrets[0]! + secrets[1]!) % R, message)
    expect(bls.fastAggregateVerify(bls.parsePublicKeys([a, a, b]), message, doubled)).toBe(true)
    expect(bls.fastAggregateVerify(bls.parsePublicKeys([a, b, a]), message, doubled)).toBe(true)
    const alone = sign(secrets[1]!, message)
    expect(bls.fastAggregateVerify(bls.parsePublicKeys([a, b, minus(a)]), message, alone)).toBe(true)
    const none = bls.parsePublicKeys([a, minus(a)])
    expect(bls.fastAggregateVerify(none, message, alone)).toBe(false)
    expect(() => bls.formCommittee(none)).toThrow(expect.objectContaining({ argument: 'keys' }))
  })

  test('the key of a committee without any number of seats', () => {
    const committee = bls.formCommittee(bls.parsePublicKeys(ours))
    expect(committee.size).toBe(size)
    const cases = [[], [0], [size - 1], [3, 1], seats(0, 4), seats(0, size - 1), seats(2, size), seats(1, size - 2)]
    for (const absent of cases) {
      const present = seats(0, size).filter((seat) => !absent.includes(seat))
      const expected = G1.BASE.multiply(sumOf(present)).toBytes(true)
      expect(toHex(bls.aggregatePresent(committee, absent)), absent.join()).toBe(toHex(expected))
    }
  })

  test('a signature of those present verifies, and of nobody else', () => {
    const committee = bls.formCommittee(bls.parsePublicKeys(ours))
    const signature = sign(sumOf(seats(2, size)), message)
    expect(bls.verifyPresent(committee, [0, 1], message, signature)).toBe(true)
    expect(bls.verifyPresent(committee, [1, 0], message, signature)).toBe(true)
    expect(bls.verifyPresent(committee, [0, 2], message, signature)).toBe(false)
    expect(bls.verifyPresent(committee, [0], message, signature)).toBe(false)
    expect(bls.verifyPresent(committee, [0, 1], Uint8Array.of(), signature)).toBe(false)
    expect(() => bls.verifyPresent(committee, [0, 1], message, signature.subarray(1))).toThrow(InvalidPoint)
  })

  test('a committee with a key and its double, where an absent key equals the sum of the rest', () => {
    const [a] = [ours[0]!]
    const twice = G1.fromBytes(a).double().toBytes(true)
    const committee = bls.formCommittee(bls.parsePublicKeys([a, a, twice, a, a])) // 6a
    expect(toHex(bls.aggregatePresent(committee, [2]))).toBe(toHex(G1.fromBytes(a).multiply(4n).toBytes(true)))
    expect(toHex(bls.aggregatePresent(committee, [0, 2]))).toBe(toHex(G1.fromBytes(a).multiply(3n).toBytes(true)))
    const cancelling = bls.formCommittee(bls.parsePublicKeys([a, minus(a), twice]))
    expect(argumentOf(() => bls.aggregatePresent(cancelling, [2]))).toBe('committee')
    expect(argumentOf(() => bls.verifyPresent(cancelling, [2], message, sign(1n, message)))).toBe('committee')
  })

  test('seats that do not exist, are named twice, or are all there are', () => {
    const committee = bls.formCommittee(bls.parsePublicKeys(ours.slice(0, 3)))
    for (const bad of [3, -1, 0.5, Number.NaN, '1' as unknown as number]) {
      expect(argumentOf(() => bls.aggregatePresent(committee, [0, bad]))).toBe('absent[1]')
    }
    expect(argumentOf(() => bls.verifyPresent(committee, [1, 0, 1], message, sign(1n, message)))).toBe('absent[2]')
    expect(argumentOf(() => bls.aggregatePresent(committee, [0, 1, 2]))).toBe('committee')
  })

  test('every key is validated before there is a handle, and the first bad one is named', () => {
    const [stranger] = strangersG1()
    const identity = fromHex(`c0${'00'.repeat(47)}`)
    for (const bad of [stranger!, identity, ours[0]!.subarray(1), ours[0]!.with(0, 0), new Uint8Array(48).fill(255)]) {
      expect(argumentOf(() => bls.parsePublicKeys([ours[0]!, ours[1]!, bad, stranger!]))).toBe('publicKeys[2]')
      expect(argumentOf(() => bls.parsePublicKeys([bad]))).toBe('publicKeys[0]')
    }
    expect(argumentOf(() => bls.parsePublicKeys([]))).toBe('publicKeys')
  })

  test('what was not made by parsing is refused, whatever it looks like', () => {
    const signature = sign(1n, message)
    const foreign = engines.find(([other]) => other !== name)![1].parsePublicKeys([ours[0]!])
    const parsed = bls.parsePublicKeys([ours[0]!])
    const fakes = [foreign, { ...parsed }, {}, { size: 1 }, undefined, 'keys'] as unknown as ParsedKeys[]
    for (const fake of fakes) {
      expect(argumentOf(() => bls.fastAggregateVerify(fake, message, signature))).toBe('publicKeys')
      expect(argumentOf(() => bls.formCommittee(fake))).toBe('keys')
    }
    const committee = parsed as unknown as Committee
    expect(argumentOf(() => bls.verifyPresent(committee, [], message, signature))).toBe('committee')
    expect(argumentOf(() => bls.aggregatePresent({ size: 4 } as Committee, []))).toBe('committee')
  })

  test('a handle keeps what was parsed: the bytes given, and its size, may change', () => {
    const given = ours.slice(0, 3).map((key) => key.slice())
    const parsed = bls.parsePublicKeys(given)
    for (const key of given) key.fill(0)
    expect(() => Object.assign(parsed, { size: 1 })).toThrow(TypeError)
    expect(bls.fastAggregateVerify(parsed, message, sign(sumOf([0, 1, 2]), message))).toBe(true)
  })
})

test('handles of one instance serve another: they hold numbers, not addresses', async () => {
  const another = await createWasmBls(await readWasmFile('bls12381'))
  const parsed = wasmBls.parsePublicKeys(keys.slice(0, 5))
  expect(another.fastAggregateVerify(parsed, message, sign(sumOf(seats(0, 5)), message))).toBe(true)
})

function argumentOf(run: () => unknown): string | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (error instanceof InvalidPoint || error instanceof InvalidArgument) return error.argument
    throw error
  }
}
