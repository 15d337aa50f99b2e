import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeVectors, fromHex, toHex, vectorJson, vectorRecords } from '../test/vectors.ts'
import { InvalidArgument, InvalidPoint } from './errors.ts'
import { x25519 } from './x25519.ts'

const secretOf = (seed: number) => Uint8Array.from({ length: 32 }, (_, i) => i * seed + 1)

describe('X25519', () => {
  it('agrees with itself from both sides, and with OpenSSL', () => {
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
    for (let i = 3; i < 11; i += 2) {
      const [ours, theirs] = [secretOf(i), secretOf(i + 1)]
      const shared = x25519.sharedSecret(ours, x25519.publicKey(theirs))
      expect(x25519.sharedSecret(theirs, x25519.publicKey(ours))).toEqual(shared)
      const okp = { kty: 'OKP', crv: 'X25519' }
      const x = base64(x25519.publicKey(theirs))
      const publicKey = createPublicKey({ key: { ...okp, x }, format: 'jwk' })
      const own = { ...okp, x: base64(x25519.publicKey(ours)), d: base64(ours) }
      const privateKey = createPrivateKey({ key: own, format: 'jwk' })
      expect(new Uint8Array(diffieHellman({ publicKey, privateKey }))).toEqual(shared)
    }
  })

  it('refuses keys of small order, and of other lengths', () => {
    for (const key of [new Uint8Array(32), new Uint8Array(32).with(0, 1)])
      expect(() => x25519.sharedSecret(secretOf(5), key)).toThrow(InvalidPoint)
    expect(() => x25519.publicKey(new Uint8Array(31))).toThrow('secretKey')
    expect(() => x25519.sharedSecret(new Uint8Array(33), secretOf(5))).toThrow(InvalidArgument)
    expect(() => x25519.sharedSecret(secretOf(5), new Uint8Array(0))).toThrow('publicKey')
  })

  describeVectors('public vectors', () => {
    it('RFC 7748 §5.2', () => {
      const records = vectorRecords('hashes/nist-cryptography-vectors/asymmetric/X25519/rfc7748.txt')
      const cases = records.filter(({ INPUT_U }) => INPUT_U)
      expect(cases.length).toBeGreaterThan(2)
      for (const { INPUT_SCALAR, INPUT_U, OUTPUT_U } of cases)
        expect(toHex(x25519.sharedSecret(fromHex(INPUT_SCALAR!), fromHex(INPUT_U!)))).toBe(OUTPUT_U)
    })

    it('Wycheproof: the shared secrets, and none that is zero', () => {
      const { testGroups } = vectorJson<{
        testGroups: { tests: { tcId: number; public: string; private: string; shared: string; flags: string[] }[] }[]
      }>('wycheproof/x25519_test.json')
      const tests = testGroups.flatMap((group) => group.tests)
      let zeros = 0
      for (const { tcId, public: key, private: secret, shared, flags } of tests) {
        const call = () => x25519.sharedSecret(fromHex(secret), fromHex(key))
        if (flags.includes('ZeroSharedSecret')) {
          zeros++
          expect(call, String(tcId)).toThrow(InvalidPoint)
        } else expect(toHex(call()), String(tcId)).toBe(shared)
      }
      expect([tests.length, zeros]).toEqual([518, 31])
    })

    it('refuses all keys of low order', () => {
      const keys = vectorJson<{ name: string; publicKey: string }[]>('hashes/ox/x25519/low-order.json')
      expect(keys.length).toBe(7)
      for (const { name, publicKey } of keys)
        expect(() => x25519.sharedSecret(secretOf(7), fromHex(publicKey)), name).toThrow(InvalidPoint)
    })
  })
})
