import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import type { PointFormat } from './slots.ts'

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const P = 2n ** 256n - 2n ** 32n - 977n
const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))
const key = bytesOf(0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdefn)
const other = noble.secp256k1.publicKey(bytesOf(0xc0ffeen))

describe.each(enginesUnderTest)('ECDH by $name', ({ secp256k1 }) => {
  it('gives both sides the same point, in every format', () => {
    const mine = secp256k1.ecdh(bytesOf(0xc0ffeen), secp256k1.publicKey(key), 'uncompressed')
    expect(secp256k1.ecdh(key, other, 'uncompressed')).toEqual(mine)
    expect(secp256k1.ecdh(key, other, 'x')).toEqual(mine.slice(1, 33))
    const compressed = secp256k1.ecdh(key, other, 'compressed')
    expect(compressed).toEqual(Uint8Array.of(2 + (mine[64]! & 1), ...mine.subarray(1, 33)))
    const otherCompressed = Uint8Array.of(2 + (other[64]! & 1), ...other.subarray(1, 33))
    expect(secp256k1.ecdh(key, otherCompressed, 'uncompressed')).toEqual(mine)
  })

  it('multiplies like the generator, for scalars at the seams of splitting and windows', () => {
    const generator = secp256k1.publicKey(bytesOf(1n))
    const scalars = [1n, 2n, 3n, 31n, 32n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 129n, LAMBDA]
    for (const k of [...scalars, (LAMBDA * LAMBDA) % N, (N + 1n) / 2n])
      for (const scalar of [k, N - k])
        expect(secp256k1.ecdh(bytesOf(scalar), generator, 'uncompressed'), `${scalar}`).toEqual(
          secp256k1.publicKey(bytesOf(scalar)),
        )
  })

  it('refuses what is no point, and says which argument', () => {
    const offCurve = other.slice()
    offCurve[64]! ^= 1
    const hybrid = other.with(0, 6 + (other[64]! & 1))
    for (const bad of [
      offCurve,
      hybrid,
      new Uint8Array(65),
      new Uint8Array(33),
      Uint8Array.of(2, ...bytesOf(5n)),
      Uint8Array.of(2, ...bytesOf(P + 1n)),
      Uint8Array.of(4, ...bytesOf(P), ...bytesOf(1n)),
    ])
      expect(() => secp256k1.ecdh(key, bad, 'x')).toThrow(InvalidPoint)
    for (const bad of [0n, N, 2n ** 256n - 1n])
      expect(() => secp256k1.ecdh(bytesOf(bad), other, 'x')).toThrow(InvalidArgument)
    for (const [call, argument] of [
      [() => secp256k1.ecdh(key.subarray(1), other, 'x'), 'secretKey'],
      [() => secp256k1.ecdh(key, other.subarray(1), 'x'), 'publicKey'],
      [() => secp256k1.ecdh(key, other, 'hybrid' as PointFormat), 'format'],
    ] as const)
      expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }))
  })
})

it('ECDH by wasm is ECDH by noble', () => {
  const scalar = fc.oneof(
    fc.bigInt(1n, N - 1n),
    fc.bigInt(1n, 99n),
    fc.bigInt(N - 99n, N - 1n),
    fc.nat(255).map((bit) => 1n << BigInt(bit)),
  )
  fc.assert(
    fc.property(scalar, scalar, (a, b) => {
      const [secret, point] = [bytesOf(a % N || 1n), noble.secp256k1.publicKey(bytesOf(b % N || 1n))]
      expect(toHex(wasm.secp256k1.ecdh(secret, point, 'uncompressed'))).toBe(
        toHex(noble.secp256k1.ecdh(secret, point, 'uncompressed')),
      )
    }),
    { numRuns: 100 },
  )
})
