import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnginesUnderTest, enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint, WasmCoreError } from './errors.ts'
import { taggedHash, taprootTweak } from './tagged-hash.ts'

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const P = 2n ** 256n - 2n ** 32n - 977n
const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))
const numberOf = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
const key = bytesOf(0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdefn)
const message = new TextEncoder().encode('glowworm')
const auxiliary = new Uint8Array(32).fill(7)

describe.each(enginesUnderTest)('BIP-340 by $name', ({ secp256k1, hashes }) => {
  const xOnly = (secretKey: Uint8Array) => secp256k1.publicKey(secretKey).slice(1, 33)

  it('signs and verifies messages of every length around a block and a window', () => {
    for (const length of [0, 1, 31, 32, 55, 56, 63, 64, 65, 119, 128, 1023, 1024, 1025, 3000]) {
      const text = Uint8Array.from({ length }, (_, i) => i)
      const signature = secp256k1.schnorrSign(text, key, auxiliary)
      expect(secp256k1.schnorrVerify(signature, text, xOnly(key)), `${length}`).toBe(true)
      if (length > 0) {
        text[length - 1]! ^= 1
        expect(secp256k1.schnorrVerify(signature, text, xOnly(key)), `${length}`).toBe(false)
      }
    }
  })

  it('tells every changed byte of signature, message and key', () => {
    const parts = [secp256k1.schnorrSign(message, key, auxiliary), message.slice(), xOnly(key)] as const
    expect(secp256k1.schnorrVerify(...parts)).toBe(true)
    for (const part of parts) {
      for (let at = 0; at < part.length; at++) {
        part[at]! ^= 1 << (at % 8)
        expect(secp256k1.schnorrVerify(...parts)).toBe(false)
        part[at]! ^= 1 << (at % 8)
      }
    }
  })

  it('gives another signature for other auxiliary bytes, and the same for the same', () => {
    const signature = secp256k1.schnorrSign(message, key, auxiliary)
    expect(secp256k1.schnorrSign(message, key, auxiliary)).toEqual(signature)
    expect(secp256k1.schnorrSign(message, key, new Uint8Array(32))).not.toEqual(signature)
  })

  it('refuses r of p and more, s of n and more, and keys that are no x of a point', () => {
    const signature = secp256k1.schnorrSign(message, key, auxiliary)
    const [r, s] = [signature.subarray(0, 32), numberOf(signature.subarray(32))]
    const accepts = (pair: Uint8Array[]) =>
      secp256k1.schnorrVerify(Uint8Array.from(pair.flatMap((part) => [...part])), message, xOnly(key))
    expect(accepts([r, bytesOf(s)])).toBe(true)
    for (const bad of [P, P + 1n, 2n ** 256n - 1n, 0n]) expect(accepts([bytesOf(bad), bytesOf(s)])).toBe(false)
    const beyond = [N, N + 1n, 2n ** 256n - 1n, ...(s + N < 2n ** 256n ? [s + N] : []), 0n, N - s]
    for (const bad of beyond) expect(accepts([r, bytesOf(bad)])).toBe(false)
    for (const bad of [0n, 5n, P, P + 1n, 2n ** 256n - 1n])
      expect(secp256k1.schnorrVerify(signature, message, bytesOf(bad))).toBe(false)
  })

  it('refuses secret keys outside 1..n-1, and wrong lengths, naming the argument', () => {
    for (const bad of [0n, N, 2n ** 256n - 1n]) {
      expect(() => secp256k1.schnorrSign(message, bytesOf(bad), auxiliary)).toThrow(InvalidArgument)
      expect(() => secp256k1.tweakSecretKey(bytesOf(bad), auxiliary)).toThrow(InvalidArgument)
    }
    const short = new Uint8Array(31)
    for (const [call, argument] of [
      [() => secp256k1.schnorrSign(message, short, auxiliary), 'secretKey'],
      [() => secp256k1.schnorrSign(message, key, short), 'auxiliary'],
      [() => secp256k1.schnorrVerify(short, message, xOnly(key)), 'signature'],
      [() => secp256k1.schnorrVerify(new Uint8Array(64), message, short), 'publicKey'],
      [() => secp256k1.tweakPublicKey(short, auxiliary), 'publicKey'],
      [() => secp256k1.tweakPublicKey(xOnly(key), short), 'tweak'],
      [() => secp256k1.tweakSecretKey(short, auxiliary), 'secretKey'],
      [() => secp256k1.tweakSecretKey(key, short), 'tweak'],
    ] as const)
      expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }))
  })

  it('tweaks public and secret key alike', () => {
    for (const secret of [1n, 2n, 3n, N - 1n, N - 2n, numberOf(key), N - numberOf(key)]) {
      for (const root of [null, auxiliary]) {
        const internal = xOnly(bytesOf(secret))
        const tweak = taprootTweak(hashes, internal, root)
        const tweaked = secp256k1.tweakPublicKey(internal, tweak)
        const full = secp256k1.publicKey(secp256k1.tweakSecretKey(bytesOf(secret), tweak))
        expect(full.subarray(1, 33)).toEqual(tweaked.publicKey)
        expect(full[64]! % 2 === 1).toBe(tweaked.odd)
      }
    }
  })

  it('takes a tweak of 0, and refuses tweaks of n and more and those that cancel the key', () => {
    const internal = xOnly(key)
    expect(secp256k1.tweakPublicKey(internal, bytesOf(0n))).toEqual({ publicKey: internal, odd: false })
    for (const tweak of [N, N + 1n, 2n ** 256n - 1n]) {
      expect(() => secp256k1.tweakPublicKey(internal, bytesOf(tweak))).toThrow(/^tweak: /)
      expect(() => secp256k1.tweakSecretKey(key, bytesOf(tweak))).toThrow(/^tweak: /)
    }
    const even = secp256k1.publicKey(key)[64]! % 2 === 0 ? numberOf(key) : N - numberOf(key)
    expect(() => secp256k1.tweakPublicKey(internal, bytesOf(N - even))).toThrow('tweak: cancels the key')
    expect(() => secp256k1.tweakSecretKey(key, bytesOf(N - even))).toThrow('tweak: cancels the key')
    expect(secp256k1.tweakPublicKey(internal, bytesOf(even)).publicKey).toEqual(xOnly(bytesOf((2n * even) % N)))
    for (const bad of [5n, P, P + 1n])
      expect(() => secp256k1.tweakPublicKey(bytesOf(bad), bytesOf(1n))).toThrow(InvalidPoint)
  })
})

describe('tagged hashes', () => {
  it('are the hash of the tag twice and then the parts', () => {
    const tag = noble.hashes.sha256(new TextEncoder().encode('BIP0340/aux'))
    const expected = noble.hashes.sha256(Uint8Array.from([...tag, ...tag, 1, 2, 3]))
    expect(taggedHash(wasm.hashes, 'BIP0340/aux', Uint8Array.of(1), Uint8Array.of(2, 3))).toEqual(expected)
  })

  it('of taproot want 32 bytes', () => {
    expect(() => taprootTweak(noble.hashes, new Uint8Array(33), null)).toThrow(/^internalKey: /)
    expect(() => taprootTweak(noble.hashes, new Uint8Array(32), new Uint8Array(0))).toThrow(/^merkleRoot: /)
  })
})

describe('wasm against noble', () => {
  const bytes32 = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.bigInt(0n, 40n).map(bytesOf),
    fc.bigInt(N - 40n, N + 40n).map(bytesOf),
    fc.bigInt(P - 3n, 2n ** 256n - 1n).map(bytesOf),
  )
  /** The answers, or the errors, of both engines are the same. */
  const agree = <T>(call: (engine: EnginesUnderTest['secp256k1']) => T): T | string => {
    const [a, b] = [wasm, noble].map(({ secp256k1 }) => {
      try {
        return call(secp256k1)
      } catch (error) {
        if (!(error instanceof WasmCoreError)) throw error
        return error.message
      }
    })
    expect(a).toEqual(b)
    return a!
  }

  it('on signatures, tweaks and verification of random and extreme numbers', () => {
    fc.assert(
      fc.property(bytes32, bytes32, bytes32, fc.uint8Array({ maxLength: 150 }), (secret, other, third, text) => {
        const signature = agree((engine) => engine.schnorrSign(text, secret, other))
        agree((engine) => engine.tweakSecretKey(secret, other))
        agree((engine) => engine.tweakPublicKey(secret, other))
        agree((engine) => engine.schnorrVerify(Uint8Array.from([...secret, ...other]), text, third))
        if (typeof signature === 'string') return
        const publicKey = wasm.secp256k1.publicKey(secret).slice(1, 33)
        expect(agree((engine) => engine.schnorrVerify(signature, text, publicKey))).toBe(true)
        agree((engine) => engine.tweakPublicKey(publicKey, other))
      }),
      { numRuns: 40 },
    )
  })
})
