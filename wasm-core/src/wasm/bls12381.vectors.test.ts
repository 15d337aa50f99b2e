import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { describe, expect, test } from 'vitest'
import {
  accepted,
  argumentOf,
  compressG1,
  compressG2,
  curvePointG1,
  curvePointG2,
  outcome,
} from '../../test/bls12381.ts'
import { describeVectors, fromHex, vectorJson } from '../../test/vectors.ts'
import { readWasmFile } from '../infrastructure/wasm-files.ts'
import { nobleBls } from '../noble/bls12381.ts'
import type { Bls12381 } from '../slots.ts'
import { createWasmBls } from './bls12381.ts'

/** A good key, message and signature to put beside a bad one. */
const key = bls12_381.G1.Point.BASE.toBytes(true)
const message = new Uint8Array(32)

const engines: [string, Bls12381][] = [
  ['wasm', await createWasmBls(await readWasmFile('bls12381'))],
  ['noble', nobleBls],
]

describeVectors('BLS12-381 public vectors', () => {
  describe.each(engines)('%s', (_name, bls) => {
    test('ethereum bls12-381-tests', () => {
      const verify = vectorJson<VerifyCase[]>('bls/eth-bls12-381-tests-rederived/verify.json')
      expect(verify.length).toBe(28)
      for (const { name, input, output } of verify) {
        const got = accepted(() => bls.verify(fromHex(input.pubkey), fromHex(input.message), fromHex(input.signature)))
        expect(got, name).toBe(output)
      }
      const aggregate = vectorJson<AggregateCase[]>('bls/eth-bls12-381-tests-rederived/fast_aggregate_verify.json')
      expect(aggregate.length).toBe(12)
      for (const { name, input, output } of aggregate) {
        const { pubkeys, message, signature } = input
        const got = accepted(() => bls.fastAggregateVerify(pubkeys.map(fromHex), fromHex(message), fromHex(signature)))
        expect(got, name).toBe(output)
      }
    })

    test('Wycheproof, proof of possession', () => {
      const { testGroups } = vectorJson<WycheproofFile>('wycheproof/bls_sig_g2_pop_verify_test.json')
      let count = 0
      for (const { publicKey, tests } of testGroups) {
        for (const { tcId, msg, sig, result } of tests) {
          const got = accepted(() => bls.verify(fromHex(publicKey.pk), fromHex(msg), fromHex(sig)))
          expect(got, `test ${tcId}`).toBe(result === 'valid')
          count++
        }
      }
      expect(count).toBe(26)
    })

    test('Wycheproof, basic scheme: malformed keys and signatures are refused, well-formed ones do not verify here', () => {
      const { testGroups } = vectorJson<WycheproofFile>('wycheproof/bls_sig_g2_basic_verify_test.json')
      const refusedKey = /InvalidFlags|IdentityPoint|NotOnCurve|NotInSubgroup|InvalidEncoding/
      let refused = 0
      for (const { publicKey, tests } of testGroups) {
        const pk = fromHex(publicKey.pk)
        for (const { tcId, msg, sig, flags } of tests) {
          const got = outcome(() => bls.verify(pk, fromHex(msg), fromHex(sig)))
          expect(got, `test ${tcId}`).not.toBe('true')
          if (testGroups.length > 1 && tests.length === 1 && refusedKey.test(flags.join())) {
            expect(got, `test ${tcId}`).toBe('INVALID_POINT publicKey')
            refused++
          }
        }
      }
      expect(refused).toBeGreaterThan(10)
    })

    test('compressed multiples of the generators (zkcrypto)', () => {
      const points = readFileSync(
        join(process.env.GLOWWORM_VECTORS!, 'bls/noble-curves/zkcrypto/g1_compressed_valid_test_vectors.dat'),
      )
      const list = Array.from({ length: 64 }, (_, i) => new Uint8Array(points.subarray(48 * i, 48 * i + 48)))
      expect(argumentOf(() => bls.validatePublicKey(list[0]!))).toBe('publicKey') // 0·g
      for (const point of list.slice(1)) bls.validatePublicKey(point)
      for (let n = 2; n < 32; n++) expect(bls.aggregatePublicKeys([list[n]!, list[n - 1]!])).toEqual(list[2 * n - 1])
    })

    test('EIP-2537: points that are not in G1 or G2', () => {
      const cases = vectorJson<{ Input: string; ExpectedError: string }[]>('bls/eip-2537/fail-pairing_check_bls.json')
      const wanted = cases.filter(({ ExpectedError }) => /subgroup|not on curve|element/.test(ExpectedError))
      let tried = 0
      for (const { Input } of wanted) {
        if (Input.length % 768 !== 0) continue
        const fields = Input.match(/.{128}/g)!.map((field) => BigInt(`0x${field}`))
        const bad: boolean[] = []
        for (let at = 0; at < fields.length; at += 6) {
          const [x, y, x0, x1, y0, y1] = fields.slice(at, at + 6) as [bigint, bigint, bigint, bigint, bigint, bigint]
          if (!curvePointG1(x, y)) bad.push(true)
          else if (x !== 0n || y !== 0n) bad.push(outcome(() => bls.validatePublicKey(compressG1(x, y))) !== 'ok')
          if (!curvePointG2(x0, x1, y0, y1)) bad.push(true)
          else if (x0 !== 0n || x1 !== 0n)
            bad.push(argumentOf(() => bls.verify(key, message, compressG2(x0, x1, y0, y1))) === 'signature')
        }
        expect(bad).toContain(true)
        tried++
      }
      expect(tried).toBeGreaterThan(10)
    })
  })
})

interface VerifyCase {
  name: string
  input: { pubkey: string; message: string; signature: string }
  output: boolean
}
interface AggregateCase {
  name: string
  input: { pubkeys: string[]; message: string; signature: string }
  output: boolean
}
interface WycheproofFile {
  testGroups: {
    publicKey: { pk: string }
    tests: { tcId: number; msg: string; sig: string; result: string; flags: string[] }[]
  }[]
}
