import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeVectors, fromHex, toHex, vectorJson } from '../test/vectors.ts'
import { WasmCoreError } from './errors.ts'
import { loadEd25519 } from './load-ed25519.ts'
import { nobleEd25519 } from './noble/ed25519.ts'
import type { Ed25519Item, Random } from './slots.ts'

const engines = [
  { name: 'noble', ed25519: nobleEd25519 },
  { name: 'wasm', ed25519: await loadEd25519() },
] as const
const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }
const STRICT = { rule: 'rfc8032' } as const
const ZIP215 = { rule: 'zip215' } as const

interface Wycheproof {
  testGroups: {
    publicKey?: { pk: string }
    key?: { pk: string; sk: string }
    tests: { tcId: number; msg: string; sig: string; result: string }[]
  }[]
}

describeVectors('ed25519 vectors', () => {
  describe.each(engines)('by $name', ({ ed25519 }) => {
    it('Wycheproof: takes what is valid and refuses everything invalid', () => {
      const { testGroups } = vectorJson<Wycheproof>('wycheproof/ed25519_test.json')
      const counts = { valid: 0, invalid: 0 }
      for (const { publicKey, tests } of testGroups) {
        for (const { tcId, msg, sig, result } of tests) {
          const call = () => ed25519.verify(fromHex(sig), fromHex(msg), fromHex(publicKey!.pk), STRICT)
          expect(accepts(call), `test ${tcId}`).toBe(result === 'valid')
          counts[result === 'valid' ? 'valid' : 'invalid']++
        }
      }
      expect(counts).toEqual({ valid: 88, invalid: 63 })
    })

    it('the older Wycheproof: signs what is valid byte for byte', () => {
      const { testGroups } = vectorJson<Wycheproof>('curves/ed25519/ed25519_test_OLD.json')
      let signed = 0
      for (const { key, tests } of testGroups) {
        expect(toHex(ed25519.publicKey(fromHex(key!.sk)))).toBe(key!.pk)
        for (const { tcId, msg, sig, result } of tests) {
          const call = () => ed25519.verify(fromHex(sig), fromHex(msg), fromHex(key!.pk), STRICT)
          expect(accepts(call), `test ${tcId}`).toBe(result === 'valid')
          if (result !== 'valid') continue
          expect(toHex(ed25519.sign(fromHex(msg), fromHex(key!.sk))), `test ${tcId}`).toBe(sig)
          signed++
        }
      }
      expect(signed).toBeGreaterThan(50)
    })

    it('ZIP 215: takes what it takes, alone and in a batch', () => {
      const cases =
        vectorJson<{ vk_bytes: string; sig_bytes: string; valid_zip215: boolean }[]>('curves/ed25519/zip215.json')
      expect(cases.length).toBe(196)
      const message = new TextEncoder().encode('Zcash')
      const items = cases.map(({ vk_bytes, sig_bytes }): Ed25519Item => {
        return { signature: fromHex(sig_bytes), message, publicKey: fromHex(vk_bytes) }
      })
      for (const [i, { signature, publicKey }] of items.entries())
        expect(ed25519.verify(signature, message, publicKey, ZIP215)).toBe(cases[i]!.valid_zip215)
      const valid = items.filter((_, i) => cases[i]!.valid_zip215)
      expect(ed25519.verifyBatch(valid, random)).toBe(null)
    })

    it('the edge cases of Chalkias, Garillot and Nikolaenko', () => {
      const cases = vectorJson<{ message: string; pub_key: string; signature: string }[]>(
        'curves/ed25519/edge-cases.json',
      )
      const verdicts = cases.map(({ message, pub_key, signature }) => {
        const call = (rule: typeof STRICT | typeof ZIP215) => () =>
          ed25519.verify(fromHex(signature), fromHex(message), fromHex(pub_key), rule)
        return `${accepts(call(STRICT)) ? 'R' : '-'}${accepts(call(ZIP215)) ? 'Z' : '-'}`
      })
      // 0, 1: key of small order. 2: R of small order. 3, 4, 5: mixed orders, which need the cofactor. 6, 7: S not below
      // L. 8, 9: R not canonical, hashed after and before reduction. 10, 11: key not canonical and of small order.
      expect(verdicts.join(' ')).toBe('-Z -Z RZ RZ RZ RZ -- -- -- -Z -Z -Z')
    })
  })
})

/** A refusal by an error of this package counts like `false`; any other error is a failure of the test. */
function accepts(verify: () => boolean): boolean {
  try {
    return verify()
  } catch (error) {
    if (!(error instanceof WasmCoreError)) throw error
    return false
  }
}
