import { describe, expect, it } from 'vitest'
import { enginesUnderTest } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorJson } from '../test/vectors.ts'
import { InvalidPoint } from './errors.ts'

interface EcdhVectors {
  testGroups: {
    tests: { tcId: number; flags: string[]; public: string; private: string; shared: string; result: string }[]
  }[]
}

/** The one encoding of a secp256k1 key as SubjectPublicKeyInfo, uncompressed and compressed, up to the point. */
const SPKI = ['3056301006072a8648ce3d020106052b8104000a034200', '3036301006072a8648ce3d020106052b8104000a032200']

/** The point of a key in that encoding; null for other curves, for curves by parameters, and for lax encodings. */
function pointOf(spki: string): Uint8Array | null {
  const header = SPKI.find((prefix) => spki.startsWith(prefix))
  return header && Number.parseInt(header.slice(2, 4), 16) + 2 === spki.length / 2
    ? fromHex(spki.slice(header.length))
    : null
}

const scalar = (hex: string) => fromHex(hex.replace(/^(00)+/, '').padStart(64, '0'))

/** Of "acceptable" keys either answer will do, but no other shared secret. */
function attempt(compute: () => string): string | null {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof InvalidPoint)) throw error
    return null
  }
}

describeVectors('ECDH vectors', () => {
  describe.each(enginesUnderTest)('by $name', ({ name, secp256k1 }) => {
    it('Wycheproof: every valid shared x, and everything invalid refused', () => {
      const tests = vectorJson<EcdhVectors>('wycheproof/ecdh_secp256k1_test.json').testGroups.flatMap((g) => g.tests)
      const counts = { agreed: 0, noPoint: 0, otherCurveOrEncoding: 0 }
      for (const [i, { tcId, public: spki, private: secret, shared, result }] of tests.entries()) {
        const point = pointOf(spki)
        const compute = () => toHex(secp256k1.ecdh(scalar(secret), point!, 'x'))
        if (!point) {
          expect(result, `test ${tcId}`).not.toBe('valid')
          counts.otherCurveOrEncoding++
        } else if (result === 'invalid') {
          expect(compute, `test ${tcId}`).toThrow(InvalidPoint)
          counts.noPoint++
        } else if (name === 'wasm' || i % 8 === 0) {
          const outcome = result === 'valid' ? compute() : attempt(compute)
          if (outcome === null) counts.noPoint++
          else {
            expect(outcome, `test ${tcId}`).toBe(shared)
            counts.agreed++
          }
        }
      }
      expect(counts.noPoint).toBeGreaterThanOrEqual(17)
      expect(counts.agreed).toBeGreaterThan(name === 'wasm' ? 470 : 50)
    })

    it('multiplies points like the vectors of the endomorphism', () => {
      const vectors = vectorJson<Record<'ax' | 'ay' | 'scalar' | 'cx' | 'cy', string>[]>(
        'curves/secp256k1/endomorphism.json',
      )
      expect(vectors.length).toBeGreaterThan(0)
      const bytesOf = (decimal: string) => fromHex(BigInt(decimal).toString(16).padStart(64, '0'))
      for (const { ax, ay, scalar: k, cx, cy } of vectors) {
        const point = Uint8Array.of(4, ...bytesOf(ax), ...bytesOf(ay))
        const expected = Uint8Array.of(4, ...bytesOf(cx), ...bytesOf(cy))
        expect(secp256k1.ecdh(bytesOf(k), point, 'uncompressed')).toEqual(expected)
      }
    })
  })
})
