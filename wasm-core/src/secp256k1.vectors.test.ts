import { describe, expect, it } from 'vitest'
import { enginesUnderTest } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorJson, vectorText } from '../test/vectors.ts'
import { InvalidArgument, WasmCoreError } from './errors.ts'

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const bytesOf = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))

interface EcdsaVectors {
  valid: { d: string; m: string; signature: string }[]
  extraEntropy: Record<string, string>[]
  invalid: { sign: { d: string; m: string }[]; verify: { Q: string; m: string; signature: string; strict?: boolean }[] }
}

interface Wycheproof {
  testGroups: {
    publicKey: { uncompressed: string }
    tests: { tcId: number; msg: string; sig: string; result: string }[]
  }[]
}

describeVectors('secp256k1 vectors', () => {
  describe.each(enginesUnderTest)('by $name', ({ name, secp256k1, hashes }) => {
    // noble needs a millisecond or two for what WASM does in a tenth: every 16th vector will do for the oracle.
    const every = name === 'wasm' ? 1 : 16

    it('signs like the published signatures', () => {
      const { valid } = vectorJson<EcdsaVectors>('curves/secp256k1/ecdsa.json')
      for (const { d, m, signature } of valid.filter((_, i) => i % every === 0)) {
        const made = secp256k1.sign(fromHex(m), fromHex(d))
        expect(toHex(made.subarray(0, 64))).toBe(signature)
        expect(secp256k1.recover(made, fromHex(m))).toEqual(secp256k1.publicKey(fromHex(d)))
      }
    })

    it('signs with extra entropy like the published signatures', () => {
      const { extraEntropy } = vectorJson<EcdsaVectors>('curves/secp256k1/ecdsa.json')
      expect(extraEntropy.length).toBeGreaterThan(0)
      for (const { d, m, signature, ...variants } of extraEntropy) {
        expect(toHex(secp256k1.sign(fromHex(m!), fromHex(d!)).subarray(0, 64))).toBe(signature)
        for (const [variant, expected] of Object.entries(variants)) {
          const extra = extraOf(variant)
          if (extra)
            expect(toHex(secp256k1.sign(fromHex(m!), fromHex(d!), extra).subarray(0, 64)), variant).toBe(expected)
        }
      }
    })

    it('refuses the invalid keys and signatures', () => {
      const { invalid } = vectorJson<EcdsaVectors>('curves/secp256k1/ecdsa.json')
      for (const { d, m } of invalid.sign) expect(() => secp256k1.sign(fromHex(m), fromHex(d))).toThrow(InvalidArgument)
      for (const { Q, m, signature } of invalid.verify)
        expect(
          accepts(() => secp256k1.verify(fromHex(signature), fromHex(m), fromHex(Q))),
          Q,
        ).toBe(false)
    })

    it('chooses the nonces of RFC 6979', () => {
      const cases = vectorJson<{ message: string; d: string; k0: string }[]>('curves/secp256k1/rfc6979.json')
      for (const { message, d, k0 } of cases) {
        const signature = secp256k1.sign(hashes.sha256(new TextEncoder().encode(message)), fromHex(d))
        expect(signature.subarray(0, 32)).toEqual(secp256k1.publicKey(fromHex(k0)).subarray(1, 33))
      }
    })

    it('multiplies the generator like the published table', () => {
      const lines = vectorText('curves/secp256k1/privates-2.txt').trim().split('\n')
      expect(lines.length).toBeGreaterThan(20)
      for (const [k, x, y] of lines.map((line) => line.split(':')))
        expect(toHex(secp256k1.publicKey(bytesOf(BigInt(k!))))).toBe(`04${x}${y}`)
    })

    it('Wycheproof: takes what is valid and refuses everything invalid', () => {
      const { testGroups } = vectorJson<Wycheproof>('wycheproof/ecdsa_secp256k1_sha256_p1363_test.json')
      const counts = { valid: 0, invalid: 0 }
      for (const { publicKey, tests } of testGroups) {
        for (const { tcId, msg, sig, result } of tests) {
          const call = () =>
            secp256k1.verify(fromHex(sig), hashes.sha256(fromHex(msg)), fromHex(publicKey.uncompressed), {
              lowS: false,
            })
          if (result === 'valid') expect(accepts(call), `test ${tcId}`).toBe(true)
          else expect(accepts(call), `test ${tcId}`).toBe(false)
          counts[result === 'valid' ? 'valid' : 'invalid']++
        }
      }
      expect(counts).toEqual({ valid: 167, invalid: 85 })
    })

    it('Wycheproof in DER: takes what is valid and refuses everything invalid', () => {
      const { testGroups } = vectorJson<Wycheproof>('wycheproof/ecdsa_secp256k1_sha256_test.json')
      const counts = { valid: 0, notDer: 0, invalid: 0 }
      for (const { publicKey, tests } of testGroups) {
        for (const { tcId, msg, sig, result } of tests) {
          const signature = readDer(fromHex(sig))
          const accepted =
            signature !== null &&
            accepts(() =>
              secp256k1.verify(signature, hashes.sha256(fromHex(msg)), fromHex(publicKey.uncompressed), {
                lowS: false,
              }),
            )
          expect(accepted, `test ${tcId}`).toBe(result === 'valid')
          counts[accepted ? 'valid' : signature ? 'invalid' : 'notDer']++
        }
      }
      expect(counts.valid).toBe(168)
      expect(counts.notDer + counts.invalid).toBe(308)
      expect(counts.invalid).toBeGreaterThan(20)
    })
  })
})

/** r ‖ s of a strict DER signature; null when it is none, or when a number does not fit in 32 bytes. */
function readDer(der: Uint8Array): Uint8Array | null {
  const numbers: Uint8Array[] = []
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null
  for (let at = 2; at < der.length; ) {
    const length = der[at + 1]!
    const number = der.subarray(at + 2, at + 2 + length)
    if (der[at] !== 2 || length === 0 || number.length !== length) return null
    if (number[0]! & 0x80 || (number[0] === 0 && length > 1 && !(number[1]! & 0x80))) return null // negative, padded
    numbers.push(number[0] === 0 ? number.subarray(1) : number)
    at += 2 + length
  }
  if (numbers.length !== 2 || numbers.some(({ length }) => length > 32)) return null
  const out = new Uint8Array(64)
  out.set(numbers[0]!, 32 - numbers[0]!.length)
  out.set(numbers[1]!, 64 - numbers[1]!.length)
  return out
}

/** The extra entropy that a field of the vectors names, when it is of the length the slot takes. */
function extraOf(variant: string): Uint8Array | undefined {
  if (variant === 'extraEntropy0') return new Uint8Array(32)
  if (variant === 'extraEntropy1') return bytesOf(1n)
  if (variant === 'extraEntropyN') return bytesOf(N)
  if (variant === 'extraEntropyMax') return new Uint8Array(32).fill(255)
  if (variant === 'extraEntropyRand') return fromHex('6e723d3fd94ed5d2b6bdd4f123364b0f3ca52af829988a63f8afe91d29db1c33')
  return undefined
}

/** A refusal by an error of this package counts like `false`; any other error is a failure of the test. */
function accepts(verify: () => boolean): boolean {
  try {
    return verify()
  } catch (error) {
    if (!(error instanceof WasmCoreError)) throw error
    return false
  }
}
