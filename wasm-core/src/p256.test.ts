import { createECDH, createPrivateKey, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { noble } from '../test/engines.ts'
import { describeVectors, fromHex, vectorJson } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'
import { p256 } from './p256.ts'

const { sha256 } = noble.hashes
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A key and a signature by OpenSSL. */
function signed(message: Uint8Array) {
  const ecdh = createECDH('prime256v1')
  const uncompressed = new Uint8Array(ecdh.generateKeys())
  const field = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: field(uncompressed.subarray(1, 33)), y: field(uncompressed.subarray(33)) }
  const key = createPrivateKey({ key: { ...jwk, d: field(ecdh.getPrivateKey()) }, format: 'jwk' })
  const signature = new Uint8Array(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }))
  return { signature, uncompressed, compressed: new Uint8Array(ecdh.getPublicKey(null, 'compressed')) }
}

describe('P-256', () => {
  const message = new TextEncoder().encode('signed by a passkey')
  const { signature, uncompressed, compressed } = signed(message)
  const digest = sha256(message)

  it('takes signatures of OpenSSL, under both forms of the key', () => {
    expect(p256.verify(signature, digest, uncompressed)).toBe(true)
    expect(p256.verify(signature, digest, compressed)).toBe(true)
  })

  it('takes n - s as well', () => {
    const s = N - BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    const other = Uint8Array.from([...signature.subarray(0, 32), ...fromHex(s.toString(16).padStart(64, '0'))])
    expect(p256.verify(other, digest, uncompressed)).toBe(true)
  })

  it('refuses every change, and other keys', () => {
    for (let at = 0; at < 64; at += 5)
      expect(p256.verify(signature.with(at, signature[at]! ^ 1), digest, uncompressed)).toBe(false)
    expect(p256.verify(signature, digest.with(3, digest[3]! ^ 1) as Uint8Array, uncompressed)).toBe(false)
    expect(p256.verify(signature, digest, signed(message).uncompressed)).toBe(false)
    expect(p256.verify(signature, digest, uncompressed.with(9, uncompressed[9]! ^ 1))).toBe(false) // off the curve
    expect(p256.verify(signature, digest, uncompressed.with(0, 6))).toBe(false)
  })

  it.each([
    ['signature', new Uint8Array(63), new Uint8Array(32), new Uint8Array(65)],
    ['digest', new Uint8Array(64), new Uint8Array(31), new Uint8Array(65)],
    ['publicKey', new Uint8Array(64), new Uint8Array(32), new Uint8Array(64)],
  ])('refuses another length of %s', (argument, a, b, c) => {
    expect(() => p256.verify(a, b, c)).toThrow(InvalidArgument)
    expect(() => p256.verify(a, b, c)).toThrow(argument)
  })

  describeVectors('public vectors', () => {
    it('Wycheproof: takes what is valid and refuses everything invalid', () => {
      const { testGroups } = vectorJson<{
        testGroups: {
          publicKey: { uncompressed: string }
          tests: { tcId: number; msg: string; sig: string; result: string }[]
        }[]
      }>('wycheproof/ecdsa_secp256r1_sha256_p1363_test.json')
      const counts: Record<string, number> = { valid: 0, invalid: 0 }
      for (const { publicKey, tests } of testGroups)
        for (const { tcId, msg, sig, result } of tests) {
          const call = () => p256.verify(fromHex(sig), sha256(fromHex(msg)), fromHex(publicKey.uncompressed))
          expect(accepts(call), String(tcId)).toBe(result === 'valid')
          counts[result]!++
        }
      expect(counts).toEqual({ valid: 173, invalid: 89 })
    })

    it('P256VERIFY of EIP-7951', () => {
      const cases = vectorJson<{ Input: string; Expected: string; Name: string }[]>(
        'curves/p256-eip-7951/test-vectors.json',
      )
      expect(cases.length).toBeGreaterThan(700)
      // The first 262 are those of Wycheproof above; of the rest, which come from its DER file, every third will do.
      const chosen = cases.filter(
        ({ Name }, i) => !Name.includes('p1363') && (i % 3 === 0 || !Name.includes('wycheproof')),
      )
      for (const { Input, Expected, Name } of chosen) {
        const bytes = fromHex(Input)
        const key = Uint8Array.from([4, ...bytes.subarray(96)])
        expect(p256.verify(bytes.subarray(32, 96), bytes.subarray(0, 32), key), Name).toBe(Expected !== '')
      }
      expect(chosen.some(({ Expected }) => Expected === '')).toBe(true)
    })
  })
})

/** Wrong lengths throw; nothing else may. */
function accepts(call: () => boolean): boolean {
  try {
    return call()
  } catch (error) {
    if (error instanceof InvalidArgument) return false
    throw error
  }
}
