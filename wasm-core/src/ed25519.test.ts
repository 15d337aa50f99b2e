import { randomBytes } from 'node:crypto'
import { ed25519 as curve } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, MissingArtefact } from './errors.ts'
import { loadEd25519 } from './load-ed25519.ts'
import { nobleEd25519 } from './noble/ed25519.ts'
import type { Ed25519Item, Random } from './slots.ts'

const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n
const wasmEd25519 = await loadEd25519()
const engines = [
  { name: 'noble', ed25519: nobleEd25519 },
  { name: 'wasm', ed25519: wasmEd25519 },
] as const

const STRICT = { rule: 'rfc8032' } as const
const ZIP215 = { rule: 'zip215' } as const
const RULES = [STRICT, ZIP215]
const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }
const littleEndian = (value: bigint) => fromHex(value.toString(16).padStart(64, '0')).reverse()
const numberOf = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes.slice().reverse())}`)
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)))
const text = (value: string) => new TextEncoder().encode(value)
const secretKey = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1)
const message = text('glowworm')

/** The eight points of order 1, 2, 4 and 8, and every encoding of each that has a y below 2^255. */
const torsion = curve.Point.fromBytes(
  fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
) as InstanceType<typeof curve.Point>
const smallOrder = Array.from({ length: 8 }, (_, i) => torsion.multiplyUnsafe(BigInt(i)))
const smallOrderEncodings = smallOrder.flatMap((point) => {
  const ys = [point.y, point.y + P].filter((y) => y < 2n ** 255n)
  const signs = point.x === 0n ? [0n, 1n] : [point.x & 1n]
  return ys.flatMap((y) => signs.map((sign) => littleEndian(y | (sign << 255n))))
})

/** Signs with a key and a nonce of the caller's choice, adding points of small order to either. */
function forge(a: bigint, r: bigint, keyTorsion: number, nonceTorsion: number, about: Uint8Array): Ed25519Item {
  const publicKey = curve.Point.BASE.multiply(a).add(smallOrder[keyTorsion]!).toBytes()
  const R = curve.Point.BASE.multiply(r).add(smallOrder[nonceTorsion]!).toBytes()
  const k = numberOf(sha512(join(R, publicKey, about))) % L
  return { signature: join(R, littleEndian((r + k * a) % L)), message: about, publicKey }
}

const items = (count: number): Ed25519Item[] =>
  Array.from({ length: count }, (_, i) => {
    const key = littleEndian(BigInt(i % 7) + 5n)
    const about = text(`message ${i}`)
    return { signature: wasmEd25519.sign(about, key), message: about, publicKey: wasmEd25519.publicKey(key) }
  })

const withSignature = (item: Ed25519Item, change: (signature: Uint8Array) => void): Ed25519Item => {
  const signature = item.signature.slice()
  change(signature)
  return { ...item, signature }
}

describe.each(engines)('ed25519 by $name', ({ name, ed25519 }) => {
  it('derives, signs and verifies', () => {
    const publicKey = ed25519.publicKey(secretKey)
    const signature = ed25519.sign(message, secretKey)
    expect([publicKey.length, signature.length]).toEqual([32, 64])
    for (const rule of RULES) {
      expect(ed25519.verify(signature, message, publicKey, rule)).toBe(true)
      expect(ed25519.verify(signature, text('glowworn'), publicKey, rule)).toBe(false)
    }
  })

  it('agrees with RFC 8032 §7.1, tests 1 to 3', () => {
    for (const [secret, publicKey, about, signature] of [
      [
        '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        '',
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      ],
      [
        '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        '72',
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      ],
      [
        'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
        'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        'af82',
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      ],
    ] as const) {
      expect(toHex(ed25519.publicKey(fromHex(secret)))).toBe(publicKey)
      expect(toHex(ed25519.sign(fromHex(about), fromHex(secret)))).toBe(signature)
      expect(ed25519.verify(fromHex(signature), fromHex(about), fromHex(publicKey), STRICT)).toBe(true)
    }
  })

  it('refuses wrong lengths and unknown rules, naming the argument', () => {
    const [short, long] = [new Uint8Array(31), new Uint8Array(65)]
    const publicKey = ed25519.publicKey(secretKey)
    const good = { signature: ed25519.sign(message, secretKey), message, publicKey }
    for (const [call, argument] of [
      [() => ed25519.publicKey(short), 'secretKey'],
      [() => ed25519.sign(message, long), 'secretKey'],
      [() => ed25519.verify(long, message, publicKey, STRICT), 'signature'],
      [() => ed25519.verify(good.signature, message, short, STRICT), 'publicKey'],
      [() => ed25519.verify(good.signature, message, publicKey, { rule: 'any' as 'zip215' }), 'rule'],
      [() => ed25519.verifyBatch([good, { ...good, signature: long }], random), 'items[1].signature'],
      [() => ed25519.verifyBatch([good, good, { ...good, publicKey: short }], random), 'items[2].publicKey'],
      [() => ed25519.verifyBatch([good], { bytes: () => new Uint8Array(16) }), 'random'],
      [() => ed25519.verifyBatch([good], { bytes: () => short }), 'random'],
    ] as const)
      expect(call).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }))
  })

  it('tells every changed byte of signature, message and key', () => {
    const parts = [ed25519.sign(message, secretKey), message.slice(), ed25519.publicKey(secretKey)] as const
    for (const part of parts) {
      for (let at = 0; at < part.length; at++) {
        part[at]! ^= 1 << (at % 8)
        for (const rule of RULES) expect(ed25519.verify(...parts, rule)).toBe(false)
        part[at]! ^= 1 << (at % 8)
      }
    }
    expect(ed25519.verify(...parts, STRICT)).toBe(true)
  })

  it('refuses S that is not below L', () => {
    const publicKey = ed25519.publicKey(secretKey)
    const signature = ed25519.sign(message, secretKey)
    const s = numberOf(signature.subarray(32))
    for (const bad of [s + L, s + 2n * L, s + 15n * L].filter((value) => value < 2n ** 256n)) {
      const malleated = join(signature.subarray(0, 32), littleEndian(bad))
      for (const rule of RULES) expect(ed25519.verify(malleated, message, publicKey, rule)).toBe(false)
    }
    // S = 0 and S = L with R = -k·A cannot be had, but with points of small order they can.
    const identity = littleEndian(1n)
    expect(ed25519.verify(join(identity, littleEndian(0n)), message, identity, ZIP215)).toBe(true)
    expect(ed25519.verify(join(identity, littleEndian(L)), message, identity, ZIP215)).toBe(false)
    expect(ed25519.verify(join(identity, new Uint8Array(32).fill(255)), message, identity, ZIP215)).toBe(false)
  })

  it('takes all encodings of points of small order under ZIP 215, and none as a key under RFC 8032', () => {
    expect(smallOrderEncodings).toHaveLength(14)
    for (const key of smallOrderEncodings) {
      for (const R of name === 'wasm' ? smallOrderEncodings : smallOrderEncodings.slice(4, 7)) {
        const signature = join(R, littleEndian(0n))
        expect(ed25519.verify(signature, message, key, ZIP215)).toBe(true)
        expect(ed25519.verify(signature, message, key, STRICT)).toBe(false)
      }
    }
  })

  it('takes R of small order, in its canonical encoding only under RFC 8032', () => {
    // With S = k·a, R may be the identity or any other point that eight times makes the identity.
    const a = 12345n
    const publicKey = curve.Point.BASE.multiply(a).toBytes()
    for (const R of smallOrderEncodings) {
      const k = numberOf(sha512(join(R, publicKey, message))) % L
      const signature = join(R, littleEndian((k * a) % L))
      const isCanonical = smallOrder.some((point) => toHex(point.toBytes()) === toHex(R))
      expect(ed25519.verify(signature, message, publicKey, ZIP215)).toBe(true)
      expect(ed25519.verify(signature, message, publicKey, STRICT)).toBe(isCanonical)
    }
  })

  it('checks the equation with the cofactor: keys and nonces of mixed order', () => {
    for (const [keyTorsion, nonceTorsion] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [4, 3],
      [7, 6],
    ] as const) {
      const { signature, publicKey } = forge(L - 2n, 3n, keyTorsion, nonceTorsion, message)
      for (const rule of RULES) expect(ed25519.verify(signature, message, publicKey, rule)).toBe(true)
    }
  })

  it('refuses what is no point', () => {
    const publicKey = ed25519.publicKey(secretKey)
    const signature = ed25519.sign(message, secretKey)
    const noPoint = littleEndian(2n) // (y² - 1)/(dy² + 1) is not a square
    for (const rule of RULES) {
      expect(ed25519.verify(signature, message, noPoint, rule)).toBe(false)
      expect(ed25519.verify(join(noPoint, signature.subarray(32)), message, publicKey, rule)).toBe(false)
    }
  })

  it('verifies batches, and names the first bad item', () => {
    const count = name === 'wasm' ? 300 : 20
    const good = items(count)
    for (const length of [0, 1, 2, 100, 127, 128, 129, 256, 257, count].filter((length) => length <= count))
      expect(ed25519.verifyBatch(good.slice(0, length), random)).toBe(null)
    const flips = [
      (signature: Uint8Array) => (signature[40]! ^= 1),
      (signature: Uint8Array) => signature.fill(255, 32), // S not below L
      (signature: Uint8Array) => signature.set(littleEndian(2n)), // R no point
    ]
    for (const at of [0, 1, 126, 127, 128, 129, count - 1].filter((index) => index < count)) {
      for (const flip of flips) {
        const bad = good.slice()
        bad[at] = withSignature(good[at]!, flip)
        if (at + 2 < count) bad[at + 2] = withSignature(good[at + 2]!, flips[2]!)
        expect(ed25519.verifyBatch(bad, random)).toBe(at)
      }
    }
    expect(ed25519.verifyBatch(good.slice(0, 20), random)).toBe(null) // nothing of the failures stays behind
  })

  it('takes in batches what ZIP 215 takes one by one', () => {
    const small = smallOrderEncodings.map((R, i) => ({
      signature: join(R, littleEndian(0n)),
      message,
      publicKey: smallOrderEncodings[(5 * i + 3) % 14]!,
    }))
    const mixed = [forge(77n, 5n, 3, 0, message), forge(78n, 6n, 0, 5, message), forge(79n, 7n, 1, 2, message)]
    expect(ed25519.verifyBatch([...small, ...mixed, ...items(3)], random)).toBe(null)
  })

  it('draws fresh coefficients for each item of each batch', () => {
    const lengths: number[] = []
    const counting: Random = {
      bytes(length) {
        lengths.push(length)
        return random.bytes(length)
      },
    }
    const three = items(3)
    ed25519.verifyBatch(three, counting)
    ed25519.verifyBatch(three, counting)
    expect(lengths).toEqual([48, 48])
    lengths.length = 0
    ed25519.verifyBatch(Array(130).fill(three[0]), counting)
    expect(lengths).toEqual([128 * 16, 2 * 16])
  })
})

describe('ed25519: wasm against noble', () => {
  it('is the coefficients that keep errors from cancelling in a batch', () => {
    const shift = (by: bigint) => (signature: Uint8Array) =>
      signature.set(littleEndian((numberOf(signature.subarray(32)) + by + L) % L), 32)
    const [one, two] = items(2)
    const cancelling = [withSignature(one!, shift(5n)), withSignature(two!, shift(-5n))]
    const constant: Random = { bytes: (length) => new Uint8Array(length).fill(3) }
    expect(wasmEd25519.verifyBatch(cancelling, constant)).toBe(null)
    for (let i = 0; i < 10; i++) expect(wasmEd25519.verifyBatch(cancelling, random)).toBe(0)
    expect(nobleEd25519.verifyBatch(cancelling, constant)).toBe(0)
  })

  it('on messages of every length around blocks and windows', () => {
    const long = new Uint8Array(randomBytes(40_000))
    const lengths = [...Array.from({ length: 270 }, (_, i) => i), 16_320, 16_383, 16_384, 16_385, 32_768, 40_000]
    for (const length of lengths) {
      const about = long.subarray(0, length)
      expect(wasmEd25519.sign(about, secretKey)).toEqual(nobleEd25519.sign(about, secretKey))
    }
  })

  it('on keys and signatures of random and extreme seeds', () => {
    const seed = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(255).map((byte) => new Uint8Array(32).fill(byte)),
    )
    fc.assert(
      fc.property(seed, fc.uint8Array({ maxLength: 200 }), (key, about) => {
        const publicKey = nobleEd25519.publicKey(key)
        const signature = nobleEd25519.sign(about, key)
        expect(wasmEd25519.publicKey(key)).toEqual(publicKey)
        expect(wasmEd25519.sign(about, key)).toEqual(signature)
        for (const rule of RULES) expect(wasmEd25519.verify(signature, about, publicKey, rule)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('on the verdict about arbitrary bytes, extreme y and scalars, and mixed orders', () => {
    const point = fc.oneof(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.constantFrom(...smallOrderEncodings),
      fc
        .tuple(fc.bigInt(P - 40n, 2n ** 255n - 1n), fc.nat(1))
        .map(([y, sign]) => littleEndian(y | (BigInt(sign) << 255n))),
      fc.tuple(fc.bigInt(0n, 40n), fc.nat(1)).map(([y, sign]) => littleEndian(y | (BigInt(sign) << 255n))),
      fc.bigInt(1n, L - 1n).map((k) => curve.Point.BASE.multiply(k).toBytes()),
    )
    const scalar = fc.oneof(fc.bigInt(0n, L + 5n), fc.bigInt(0n, 3n), fc.bigInt(L - 3n, L + 3n)).map(littleEndian)
    const arbitrary = fc
      .tuple(point, scalar, point)
      .map(([R, S, publicKey]) => ({ signature: join(R, S), message, publicKey }))
    const number = fc.bigInt(1n, L - 1n)
    const forged = fc
      .tuple(number, number, fc.nat(7), fc.nat(7), fc.uint8Array({ maxLength: 40 }))
      .map(([a, r, i, j, about]) => forge(a, r, i, j, about))
    const damaged = fc.tuple(forged, fc.nat(511)).map(([item, bit]) =>
      withSignature(item, (signature) => {
        signature[bit >> 3]! ^= 1 << (bit & 7)
      }),
    )
    let valid = 0
    fc.assert(
      fc.property(fc.oneof(arbitrary, forged, damaged), (item) => {
        for (const rule of RULES) {
          const verdict = nobleEd25519.verify(item.signature, item.message, item.publicKey, rule)
          expect(wasmEd25519.verify(item.signature, item.message, item.publicKey, rule)).toBe(verdict)
          if (rule === ZIP215) expect(wasmEd25519.verifyBatch([item], random)).toBe(verdict ? null : 0)
          valid += verdict ? 1 : 0
        }
      }),
      { numRuns: 300 },
    )
    expect(valid).toBeGreaterThan(50)
  })

  it('on which numbers are the y of a point', () => {
    // S = 0 and R of small order never verify under such a key, but both engines must say no and stay usable.
    for (let y = 0n; y < 40n; y++) {
      const key = littleEndian(P - 20n + y)
      const signature = join(littleEndian(1n), littleEndian(0n))
      for (const rule of RULES)
        expect(wasmEd25519.verify(signature, message, key, rule)).toBe(
          nobleEd25519.verify(signature, message, key, rule),
        )
    }
  })
})

describe('loadEd25519', () => {
  it('gives noble where WebAssembly is absent or refused', async () => {
    vi.stubGlobal('WebAssembly', undefined)
    try {
      expect(await loadEd25519()).toBe(nobleEd25519)
    } finally {
      vi.unstubAllGlobals()
    }
    expect(await loadEd25519(async () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 0, 0, 0))).toBe(nobleEd25519)
  })

  it('says so when the artefact is missing', async () => {
    const missing = new MissingArtefact('ed25519', new Error('no such file'))
    await expect(loadEd25519(() => Promise.reject(missing))).rejects.toBe(missing)
  })

  it('refuses a secret key of the wrong length without touching the instance', async () => {
    const ed25519 = await loadEd25519()
    expect(() => ed25519.sign(message, new Uint8Array(33))).toThrow(InvalidArgument)
    expect(toHex(ed25519.sign(message, secretKey))).toBe(toHex(nobleEd25519.sign(message, secretKey)))
  })
})
