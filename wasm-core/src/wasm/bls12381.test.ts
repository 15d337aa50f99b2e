import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test } from 'vitest'
import { argumentOf, edges, generator, mutate, outcome, sign, strangersG1, strangersG2 } from '../../test/bls12381.ts'
import { fromHex, toHex } from '../../test/vectors.ts'
import { readWasmFile } from '../infrastructure/wasm-files.ts'
import { nobleBls } from '../noble/bls12381.ts'
import type { Bls12381 } from '../slots.ts'
import { createWasmBls } from './bls12381.ts'

const G1 = bls12_381.G1.Point
const G2 = bls12_381.G2.Point

const wasmBls = await createWasmBls(await readWasmFile('bls12381'))
const engines: [string, Bls12381][] = [
  ['wasm', wasmBls],
  ['noble', nobleBls],
]

const secrets = [1n, 2n, 3n, 0x1234567890abcdefn, 7n ** 80n % G1.Fn.ORDER]
const keys = secrets.map((secret) => G1.BASE.multiply(secret).toBytes(true))
const message = new TextEncoder().encode('a committee has 512 seats')
const key = keys[4]!
const signature = sign(secrets[4]!, message)
const IDENTITY_KEY = fromHex(`c0${'00'.repeat(47)}`)
const IDENTITY_SIGNATURE = fromHex(`c0${'00'.repeat(95)}`)

describe.each(engines)('BLS12-381 (%s)', (_name, bls) => {
  test('one signature', () => {
    expect(bls.verify(key, message, signature)).toBe(true)
    expect(bls.verify(keys[3]!, message, signature)).toBe(false)
    expect(bls.verify(key, message.subarray(1), signature)).toBe(false)
    expect(bls.verify(key, message, G2.fromBytes(signature).negate().toBytes(true))).toBe(false)
    expect(bls.verify(key, message, IDENTITY_SIGNATURE)).toBe(false)
  })

  test.each([0, 1, 55, 56, 63, 64, 65, 200, 3071, 3072, 3073, 10_000])('a message of %i bytes', (length) => {
    const long = Uint8Array.from({ length }, (_, i) => i * 31)
    const signed = sign(secrets[3]!, long)
    expect(bls.verify(keys[3]!, long, signed)).toBe(true)
    if (length > 0) expect(bls.verify(keys[3]!, long.with(length - 1, 7 ^ long[length - 1]!), signed)).toBe(false)
  })

  test('aggregates, repeated keys, any number of keys', () => {
    for (const list of [keys, [key], [key, key], [key, key, key], [...keys, ...keys, ...keys]]) {
      const sum = list.reduce((total, one) => total.add(G1.fromBytes(one)), G1.ZERO)
      expect(bls.aggregatePublicKeys(list)).toEqual(sum.toBytes(true))
    }
    const committee = Array.from({ length: 133 }, (_, i) => keys[i % keys.length]!)
    const total = committee.reduce((sum, _, i) => sum + secrets[i % secrets.length]!, 0n) % G1.Fn.ORDER
    const signed = sign(total, message)
    expect(bls.fastAggregateVerify(committee, message, signed)).toBe(true)
    expect(bls.fastAggregateVerify(committee.slice(1), message, signed)).toBe(false)
    expect(bls.fastAggregateVerify([...committee].reverse(), message, signed)).toBe(true)
  })

  test('the aggregate without the absent', () => {
    const aggregate = bls.aggregatePublicKeys(keys)
    const signed = sign(secrets[1]! + secrets[3]! + secrets[4]!, message)
    expect(bls.verifyWithoutAbsent(aggregate, [keys[0]!, keys[2]!], message, signed)).toBe(true)
    expect(bls.verifyWithoutAbsent(aggregate, [keys[2]!, keys[0]!], message, signed)).toBe(true)
    expect(bls.verifyWithoutAbsent(aggregate, [keys[0]!], message, signed)).toBe(false)
    expect(bls.verifyWithoutAbsent(aggregate, [], message, signed)).toBe(false)
    const twice = bls.aggregatePublicKeys([...keys, ...keys])
    const rest = sign((2n * secrets.reduce((a, b) => a + b) - 2n * secrets[2]!) % G1.Fn.ORDER, message)
    expect(bls.verifyWithoutAbsent(twice, [keys[2]!, keys[2]!], message, rest)).toBe(true)
    expect(argumentOf(() => bls.verifyWithoutAbsent(aggregate, keys, message, signed))).toBe('aggregate')
  })

  test('a key and its negation', () => {
    const pair = [key, G1.fromBytes(key).negate().toBytes(true)]
    expect(argumentOf(() => bls.aggregatePublicKeys(pair))).toBe('publicKeys')
    expect(bls.fastAggregateVerify(pair, message, IDENTITY_SIGNATURE)).toBe(false)
    expect(bls.fastAggregateVerify(pair, message, signature)).toBe(false)
    expect(argumentOf(() => bls.fastAggregateVerify(pair, message, signature.with(0, 0)))).toBe('signature')
    expect(bls.fastAggregateVerify([...pair, key], message, signature)).toBe(true)
    expect(bls.fastAggregateVerify([key, ...pair, ...pair], message, signature)).toBe(true)
  })

  test('errors name the argument, and the first one refused', () => {
    const short = key.subarray(1)
    expect(argumentOf(() => bls.verify(IDENTITY_KEY, message, signature))).toBe('publicKey')
    expect(argumentOf(() => bls.validatePublicKey(short))).toBe('publicKey')
    expect(argumentOf(() => bls.verify(key, message, signature.subarray(1)))).toBe('signature')
    expect(argumentOf(() => bls.fastAggregateVerify([], message, signature))).toBe('publicKeys')
    expect(argumentOf(() => bls.aggregatePublicKeys([]))).toBe('publicKeys')
    expect(argumentOf(() => bls.fastAggregateVerify([key, short, IDENTITY_KEY], message, signature))).toBe(
      'publicKeys[1]',
    )
    expect(argumentOf(() => bls.aggregatePublicKeys([key, IDENTITY_KEY, short]))).toBe('publicKeys[1]')
    expect(argumentOf(() => bls.verifyWithoutAbsent(IDENTITY_KEY, [short], message, signature))).toBe('aggregate')
    expect(argumentOf(() => bls.verifyWithoutAbsent(key, [keys[0]!, IDENTITY_KEY], message, signature))).toBe(
      'absent[1]',
    )
    const many = Array.from({ length: 150 }, () => key)
    for (const bad of [0, 1, 63, 64, 65, 148, 149]) {
      expect(argumentOf(() => bls.aggregatePublicKeys(many.with(bad, key.with(0, 0))))).toBe(`publicKeys[${bad}]`)
    }
  })

  test('nothing survives an error', () => {
    const expected = bls.aggregatePublicKeys(keys)
    expect(argumentOf(() => bls.aggregatePublicKeys([...keys, IDENTITY_KEY]))).toBe('publicKeys[5]')
    expect(bls.aggregatePublicKeys(keys)).toEqual(expected)
    expect(argumentOf(() => bls.verifyWithoutAbsent(expected, [keys[0]!, IDENTITY_KEY], message, signature))).toBe(
      'absent[1]',
    )
    expect(argumentOf(() => bls.verify(key, message, signature.with(0, 0xe0)))).toBe('signature')
    expect(bls.verify(key, message, signature)).toBe(true)
  })

  test('results belong to the caller', () => {
    const first = bls.aggregatePublicKeys(keys)
    const copy = first.slice()
    bls.aggregatePublicKeys([key])
    expect(first).toEqual(copy)
  })

  test('points outside the subgroup are refused, of small order too', () => {
    for (const point of strangersG1()) {
      expect(
        argumentOf(() => bls.validatePublicKey(point)),
        toHex(point),
      ).toBe('publicKey')
      expect(argumentOf(() => bls.aggregatePublicKeys([key, point]))).toBe('publicKeys[1]')
      expect(argumentOf(() => bls.aggregatePublicKeys([key, key, point]))).toBe('publicKeys[2]')
    }
    for (const point of strangersG2()) {
      expect(
        argumentOf(() => bls.verify(key, message, point)),
        toHex(point),
      ).toBe('signature')
    }
  })
})

describe('wasm and noble agree', () => {
  test('on mutated keys', () => {
    const random = generator(1)
    let accepted = 0
    for (let i = 0; i < 400; i++) {
      const bytes = mutate(keys[i % keys.length]!, random)
      const [wasm, noble] = [wasmBls, nobleBls].map((bls) => outcome(() => bls.validatePublicKey(bytes)))
      expect(wasm, toHex(bytes)).toBe(noble)
      if (wasm === 'ok') accepted++
    }
    expect(accepted).toBeGreaterThan(0) // flipping the sign yields a good key
  })

  test('on mutated signatures', () => {
    const random = generator(2)
    for (let i = 0; i < 150; i++) {
      const bytes = mutate(signature, random)
      const [wasm, noble] = [wasmBls, nobleBls].map((bls) => outcome(() => bls.verify(key, message, bytes)))
      expect(wasm, toHex(bytes)).toBe(noble)
    }
  })

  test('on encodings at the edges', () => {
    for (const [bytes, role] of edges(key, signature)) {
      const run = (bls: Bls12381) =>
        outcome(() => (role === 'key' ? bls.validatePublicKey(bytes) : bls.verify(key, message, bytes)))
      expect(run(wasmBls), toHex(bytes)).toBe(run(nobleBls))
    }
  })
})
