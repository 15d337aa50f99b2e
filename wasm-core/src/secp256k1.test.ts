import { secp256k1 as curve } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnginesUnderTest, enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidSignature, WasmCoreError } from './errors.ts'

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const P = 2n ** 256n - 2n ** 32n - 977n
const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)))
const digestOf = (text: string) => noble.hashes.sha256(new TextEncoder().encode(text))
const key = bytesOf(0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdefn)
const digest = digestOf('glowworm')

describe.each(enginesUnderTest)('secp256k1 by $name', ({ secp256k1 }) => {
  it('derives, signs, verifies and recovers', () => {
    const publicKey = secp256k1.publicKey(key)
    const signature = secp256k1.sign(digest, key)
    expect(publicKey.length).toBe(65)
    expect(signature.length).toBe(65)
    expect(secp256k1.verify(signature.subarray(0, 64), digest, publicKey)).toBe(true)
    const compressed = join(Uint8Array.of(2 + (publicKey[64]! & 1)), publicKey.subarray(1, 33))
    expect(secp256k1.verify(signature.subarray(0, 64), digest, compressed)).toBe(true)
    expect(secp256k1.recover(signature, digest)).toEqual(publicKey)
    expect(secp256k1.sign(digest, key)).toEqual(signature)
    expect(secp256k1.sign(digest, key, new Uint8Array(32))).not.toEqual(signature)
  })

  it('refuses secret keys outside 1..n-1', () => {
    for (const bad of [0n, N, N + 1n, 2n ** 256n - 1n]) {
      expect(() => secp256k1.publicKey(bytesOf(bad))).toThrow(InvalidArgument)
      expect(() => secp256k1.sign(digest, bytesOf(bad))).toThrow(InvalidArgument)
    }
    expect(secp256k1.publicKey(bytesOf(N - 1n)).subarray(1, 33)).toEqual(
      secp256k1.publicKey(bytesOf(1n)).subarray(1, 33),
    )
  })

  it('refuses wrong lengths, naming the argument', () => {
    const short = new Uint8Array(31)
    const publicKey = secp256k1.publicKey(key)
    for (const [call, argument] of [
      [() => secp256k1.publicKey(short), 'secretKey'],
      [() => secp256k1.sign(short, key), 'digest'],
      [() => secp256k1.sign(digest, short), 'secretKey'],
      [() => secp256k1.sign(digest, key, short), 'extraEntropy'],
      [() => secp256k1.verify(new Uint8Array(65), digest, publicKey), 'signature'],
      [() => secp256k1.verify(new Uint8Array(64), short, publicKey), 'digest'],
      [() => secp256k1.verify(new Uint8Array(64), digest, publicKey.subarray(1)), 'publicKey'],
      [() => secp256k1.recover(new Uint8Array(64), digest), 'signature'],
      [() => secp256k1.recover(new Uint8Array(65), short), 'digest'],
    ] as const)
      expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }))
  })

  it('takes a high s only when told to', () => {
    const publicKey = secp256k1.publicKey(key)
    const signature = secp256k1.sign(digest, key)
    const s = BigInt(`0x${toHex(signature.subarray(32, 64))}`)
    expect(s <= (N - 1n) / 2n).toBe(true)
    const high = join(signature.subarray(0, 32), bytesOf(N - s))
    expect(secp256k1.verify(high, digest, publicKey)).toBe(false)
    expect(secp256k1.verify(high, digest, publicKey, { lowS: false })).toBe(true)
    expect(secp256k1.recover(join(high, Uint8Array.of(1 - signature[64]!)), digest)).toEqual(publicKey)
  })

  it('refuses r and s of 0 and beyond n', () => {
    const publicKey = secp256k1.publicKey(key)
    const [r, s] = [secp256k1.sign(digest, key).slice(0, 32), secp256k1.sign(digest, key).slice(32, 64)]
    const zero = new Uint8Array(32)
    for (const pair of [
      join(zero, s),
      join(r, zero),
      join(zero, zero),
      join(bytesOf(N), s),
      join(r, bytesOf(N)),
      new Uint8Array(64).fill(255),
    ]) {
      expect(secp256k1.verify(pair, digest, publicKey, { lowS: false })).toBe(false)
      expect(() => secp256k1.recover(join(pair, Uint8Array.of(0)), digest)).toThrow(InvalidSignature)
    }
  })

  it('refuses public keys that are not points', () => {
    const publicKey = secp256k1.publicKey(key)
    const signature = secp256k1.sign(digest, key).subarray(0, 64)
    const offCurve = publicKey.slice()
    offCurve[64]! ^= 1
    const hybrid = publicKey.slice()
    hybrid[0] = 6 + (publicKey[64]! & 1)
    const noPoint = join(Uint8Array.of(2), bytesOf(5n)) // 5³ + 7 is not a square
    const beyond = join(Uint8Array.of(2), bytesOf(P + 1n)) // 1 is an x, 1 + p is not an encoding of it
    const tooLarge = join(Uint8Array.of(4), bytesOf(P), bytesOf(1n))
    const compressedAsHybrid = join(Uint8Array.of(4), publicKey.subarray(1, 33))
    for (const bad of [
      offCurve,
      hybrid,
      noPoint,
      beyond,
      tooLarge,
      compressedAsHybrid,
      new Uint8Array(65),
      new Uint8Array(33),
    ])
      expect(secp256k1.verify(signature, digest, bad)).toBe(false)
  })

  it('tells every changed byte of signature, digest and key', () => {
    const parts = [secp256k1.sign(digest, key).slice(0, 64), digest.slice(), secp256k1.publicKey(key)] as const
    expect(secp256k1.verify(...parts)).toBe(true)
    for (const part of parts) {
      for (let at = 0; at < part.length; at++) {
        part[at]! ^= 1 << (at % 8)
        expect(secp256k1.verify(parts[0], parts[1], parts[2], { lowS: false })).toBe(false)
        part[at]! ^= 1 << (at % 8)
      }
    }
  })

  it('verifies a·G + b·Q for scalars at the seams of splitting and windows', () => {
    const scalars = [
      1n,
      2n,
      255n,
      2n ** 64n - 1n,
      2n ** 127n - 1n,
      2n ** 128n - 1n,
      2n ** 128n,
      LAMBDA,
      N - LAMBDA,
      N / 2n,
      N - 1n,
    ]
    const point = curve.Point.BASE.multiply(BigInt(`0x${toHex(key)}`))
    for (const a of [0n, ...scalars]) {
      for (const b of scalars) {
        const { signature, message } = forge(a, b, point)
        expect(secp256k1.verify(signature, message, point.toBytes(false), { lowS: false }), `${a} ${b}`).toBe(true)
        message[31]! ^= 1
        expect(secp256k1.verify(signature, message, point.toBytes(false), { lowS: false }), `${a} ${b}`).toBe(false)
      }
    }
  })

  it('refuses coordinates beyond p that stand for a point', () => {
    const point = curve.Point.fromBytes(join(Uint8Array.of(2), bytesOf(1n)))
    const { signature, message } = forge(5n, 7n, point)
    const verify = (publicKey: Uint8Array) => secp256k1.verify(signature, message, publicKey, { lowS: false })
    expect(verify(join(Uint8Array.of(2), bytesOf(1n)))).toBe(true)
    expect(verify(join(Uint8Array.of(2), bytesOf(P + 1n)))).toBe(false)
    expect(verify(join(Uint8Array.of(4), bytesOf(1n), bytesOf(point.y)))).toBe(true)
    expect(verify(join(Uint8Array.of(4), bytesOf(P + 1n), bytesOf(point.y)))).toBe(false)
  })

  it('refuses recovery bits above 3, and r + n beyond p', () => {
    const signature = secp256k1.sign(digest, key)
    for (const bit of [2, 3, 4, 255]) {
      signature[64] = bit
      expect(() => secp256k1.recover(signature, digest)).toThrow(InvalidSignature)
    }
  })

  it('verifies and recovers where the x of R is not below n', () => {
    // No known nonce leads there, but every r with r + n an x on the curve has a key: Q = (s·R - z·G)/r.
    const x = smallestX(secp256k1)
    const signature = join(bytesOf(x), bytesOf(77n), Uint8Array.of(2))
    const publicKey = secp256k1.recover(signature, digest)
    expect(secp256k1.verify(signature.subarray(0, 64), digest, publicKey)).toBe(true)
    signature[64] = 0
    expect(secp256k1.verify(signature.subarray(0, 64), digestOf('other'), publicKey)).toBe(false)
  })
})

/** A digest and a signature whose verification computes a·G + b·Q: known to anyone, for a digest nobody chose. */
function forge(
  a: bigint,
  b: bigint,
  q: InstanceType<typeof curve.Point>,
): { signature: Uint8Array; message: Uint8Array } {
  const r = curve.Point.BASE.multiplyUnsafe(a).add(q.multiplyUnsafe(b)).x % N
  const s = (r * curve.Point.Fn.inv(b)) % N
  return { signature: join(bytesOf(r), bytesOf(s)), message: bytesOf((a * s) % N) }
}

/** The smallest r for which r + n is the x of a point. */
function smallestX(engine: EnginesUnderTest['secp256k1']): bigint {
  for (let r = 1n; ; r++) {
    try {
      engine.recover(join(bytesOf(r), bytesOf(77n), Uint8Array.of(2)), digest)
      return r
    } catch (error) {
      if (!(error instanceof InvalidSignature)) throw error
    }
  }
}

/** The answer or the error of a call, so that two engines can be compared. */
function outcome(call: () => Uint8Array | boolean): string {
  try {
    const result = call()
    return typeof result === 'boolean' ? String(result) : toHex(result)
  } catch (error) {
    if (!(error instanceof WasmCoreError)) throw error
    return error.code
  }
}

describe('wasm against noble', () => {
  const bytes32 = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.bigInt(0n, 40n).map(bytesOf),
    fc.bigInt(N - 40n, N + 40n).map(bytesOf),
    fc.bigInt(P - 3n, 2n ** 256n - 1n).map(bytesOf),
    fc.nat(255).map((bit) => bytesOf(1n << BigInt(bit))),
  )
  const agree = (call: (engine: EnginesUnderTest['secp256k1']) => Uint8Array | boolean) => {
    const result = outcome(() => call(wasm.secp256k1))
    expect(result).toBe(outcome(() => call(noble.secp256k1)))
    return result
  }

  it('on keys and signatures of random and extreme numbers', () => {
    fc.assert(
      fc.property(bytes32, bytes32, fc.option(bytes32, { nil: undefined }), (secret, message, extra) => {
        agree((engine) => engine.publicKey(secret))
        agree((engine) => engine.sign(message, secret, extra))
      }),
      { numRuns: 60 },
    )
  })

  it('on recovery from, and verification of, arbitrary r and s', () => {
    fc.assert(
      fc.property(bytes32, bytes32, bytes32, fc.nat(3), (r, s, message, bit) => {
        const recovered = agree((engine) => engine.recover(join(r, s, Uint8Array.of(bit)), message))
        if (recovered.length === 130)
          expect(agree((engine) => engine.verify(join(r, s), message, fromHex(recovered), { lowS: false }))).toBe(
            'true',
          )
      }),
      { numRuns: 60 },
    )
  })

  it('where additions meet their exceptions: Q = ±G, ±2G, λG and digests of 0, n, r', () => {
    for (const secret of [1n, N - 1n, 2n, N - 2n, 3n, LAMBDA, N - LAMBDA, (LAMBDA * LAMBDA) % N, 127n, (N + 1n) / 2n]) {
      const publicKey = noble.secp256k1.publicKey(bytesOf(secret))
      for (const message of [0n, 1n, N - 1n, N, N + 5n, 2n ** 256n - 1n]) {
        const signature = noble.secp256k1.sign(bytesOf(message), bytesOf(secret))
        agree((engine) => engine.sign(bytesOf(message), bytesOf(secret)))
        expect(agree((engine) => engine.verify(signature.subarray(0, 64), bytesOf(message), publicKey))).toBe('true')
        expect(agree((engine) => engine.recover(signature, bytesOf(message)))).toBe(toHex(publicKey))
      }
      for (const [r, s, z] of [
        [1n, 1n, 1n],
        [5n, 5n, N - 5n],
        [secret, 1n, N - 1n],
        [7n, 3n, (N - 7n) % N],
      ] as const) {
        const pair = join(bytesOf(r), bytesOf(s))
        agree((engine) => engine.verify(pair, bytesOf(z), publicKey, { lowS: false }))
        agree((engine) => engine.recover(join(pair, Uint8Array.of(0)), bytesOf(z)))
      }
    }
  })
})
