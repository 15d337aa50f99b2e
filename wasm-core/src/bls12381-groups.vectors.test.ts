/** RFC 9380, EIP-2537, noble-curves and BBS vectors for the groups of BLS12-381, on both engines. */
import { describe, expect, test } from 'vitest'
import { compressG1, compressG2, curvePointG1, curvePointG2 } from '../test/bls12381.ts'
import { describeVectors, fromHex, toHex, vectorJson, vectorText } from '../test/vectors.ts'
import { InvalidPoint } from './errors.ts'
import { loadBls12381Groups } from './load-bls12381-groups.ts'
import { nobleBls12381Groups } from './noble/bls12381-groups.ts'
import type { Bls12381Groups, G1Point, G2Point } from './slots.ts'

const wasm = await loadBls12381Groups()
const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const text = (value: string) => new TextEncoder().encode(value)

const engines: [string, Bls12381Groups][] = [
  ['wasm', wasm],
  ['noble', nobleBls12381Groups],
]

describeVectors('public vectors for the groups of BLS12-381', () => {
  describe.each(engines)('%s', (_name, groups) => suite(groups))
})

function suite(groups: Bls12381Groups): void {
  const { g1, g2 } = groups

  test('RFC 9380 appendix J.9.1 and J.10.1', () => {
    const suite = vectorJson<HashFile>('hash-to-curve/BLS12381G1_XMD:SHA-256_SSWU_RO_.json')
    expect(suite.vectors.length).toBe(5)
    for (const { msg, P, u } of suite.vectors) {
      const expected = toHex(compressG1(BigInt(P.x), BigInt(P.y)))
      expect(toHex(g1.encode(g1.hash(text(msg), text(suite.dst))))).toBe(expected)
      const uniform = u.map((value) => BigInt(value).toString(16).padStart(128, '0')).join('')
      expect(toHex(g1.encode(g1.mapUniform(fromHex(uniform))))).toBe(expected)
    }
    const suite2 = vectorJson<HashFile>('hash-to-curve/BLS12381G2_XMD:SHA-256_SSWU_RO_.json')
    for (const { msg, P } of suite2.vectors) {
      const [x, y] = [P.x, P.y].map((pair) => pair.split(',').map(BigInt))
      const expected = toHex(compressG2(x![0]!, x![1]!, y![0]!, y![1]!))
      expect(toHex(g2.encode(g2.hash(text(msg), text(suite2.dst))))).toBe(expected)
    }
  })

  test('EIP-2537: sums and multiples in G1', () => {
    for (const { Name, Input, Expected } of vectorJson<EipCase[]>('bls/eip-2537/add_G1_bls.json')) {
      if (Name.includes('not_in_correct_subgroup')) continue // the precompile adds them; here they are no points
      const sum = g1.sum(fieldsOf(Input, 256).map((fields) => decodeG1(groups, fields)!))
      expect(toHex(g1.encode(sum)), Name).toBe(encodedG1(Expected))
    }
    for (const { Name, Input, Expected } of vectorJson<EipCase[]>('bls/eip-2537/mul_G1_bls.json')) {
      const point = decodeG1(groups, Input.slice(0, 256))!
      const k = BigInt(`0x${Input.slice(256)}`)
      const scalar = fromHex((k % R).toString(16).padStart(64, '0'))
      for (const method of ['sumOfMultiples', 'secretSumOfMultiples'] as const) {
        expect(toHex(g1.encode(g1[method]([point], [scalar]))), Name).toBe(encodedG1(Expected))
        if (k >= R) expect(() => g1[method]([point], [fromHex(Input.slice(256))])).toThrow(/scalars\[0\]/)
      }
    }
  })

  test('EIP-2537: the map to G1', () => {
    // hash_to_curve adds two maps: with the same element twice it is the double of the vector.
    for (const { Input, Expected } of vectorJson<EipCase[]>('bls/eip-2537/map_fp_to_G1_bls.json')) {
      const point = g1.decode(fromHex(encodedG1(Expected)))
      const mapped = g1.mapUniform(fromHex(Input + Input))
      expect(toHex(g1.encode(mapped))).toBe(toHex(g1.encode(g1.sum([point, point]))))
    }
  })

  test('EIP-2537: products of pairings', () => {
    const cases = vectorJson<EipCase[]>('bls/eip-2537/pairing_check_bls.json')
    expect(cases.length).toBe(15)
    for (const { Name, Input, Expected } of cases) {
      const pairs = fieldsOf(Input, 768).map((fields) => ({
        g1: decodeG1(groups, fields.slice(0, 256))!,
        g2: decodeG2(groups, fields.slice(256))!,
      }))
      expect(groups.pairingProductIsOne(pairs), Name).toBe(Expected.endsWith('1'))
    }
    const failing = vectorJson<EipCase[]>('bls/eip-2537/fail-pairing_check_bls.json')
    let tried = 0
    for (const { Name, Input } of failing) {
      if (Input.length === 0 || Input.length % 768 !== 0 || Name.includes('top_bytes')) continue
      const decoded = fieldsOf(Input, 768).flatMap((fields) => [
        decodeG1(groups, fields.slice(0, 256)),
        decodeG2(groups, fields.slice(256)),
      ])
      expect(decoded, Name).toContain(undefined)
      tried++
    }
    expect(tried).toBeGreaterThan(20)
  })

  test('noble-curves: a thousand signatures in G1', () => {
    const lines = vectorText('bls/noble-curves/bls12-381-g1-test-vectors.txt').trim().split('\n')
    const every = groups === wasm ? 10 : 200
    for (const line of lines.filter((_, i) => i % every === 0)) {
      const [secret, message, signature] = line.split(':') as [string, string, string]
      const hashed = g1.hash(fromHex(message), text('BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_'))
      const k = fromHex((BigInt(`0x${secret}`) % R).toString(16).padStart(64, '0'))
      expect(toHex(g1.encode(g1.secretSumOfMultiples([hashed], [k])))).toBe(signature)
    }
  })

  test('BBS: the key pair and the generators of the drafts', () => {
    const { keyPair } = vectorJson<BbsKey>('did-vc/bbs-signature/bls12-381-sha-256/keypair.json')
    const key = g2.secretMultipleOfGenerator(fromHex(keyPair.secretKey))
    expect(toHex(g2.encode(key))).toBe(keyPair.publicKey)
    const generators = vectorJson<BbsGenerators>('did-vc/bbs-signature/bls12-381-sha-256/generators.json')
    for (const encoded of [generators.P1, generators.Q1, ...generators.MsgGenerators]) {
      expect(toHex(g1.encode(g1.decode(fromHex(encoded))))).toBe(encoded)
    }
  })
}

function fieldsOf(input: string, length: number): string[] {
  return input.match(new RegExp(`.{${length}}`, 'g')) ?? []
}

const numbers = (fields: string) => fieldsOf(fields, 128).map((field) => BigInt(`0x${field}`))

/** The point of two fields of 64 bytes, undefined where the slot takes no such point. */
function decodeG1({ g1 }: Bls12381Groups, fields: string): G1Point | undefined {
  const [x, y] = numbers(fields) as [bigint, bigint]
  if (!curvePointG1(x, y)) return undefined // a compressed encoding cannot say it
  return decoded(() => g1.decode(fromHex(encodedG1(fields))))
}

function decodeG2({ g2 }: Bls12381Groups, fields: string): G2Point | undefined {
  const [x0, x1, y0, y1] = numbers(fields) as [bigint, bigint, bigint, bigint]
  if (!curvePointG2(x0, x1, y0, y1)) return undefined
  const identity = [x0, x1, y0, y1].every((value) => value === 0n)
  return decoded(() => g2.decode(identity ? fromHex(`c0${'00'.repeat(95)}`) : compressG2(x0, x1, y0, y1)))
}

function decoded<Point>(decode: () => Point): Point | undefined {
  try {
    return decode()
  } catch (error) {
    if (error instanceof InvalidPoint) return undefined
    throw error
  }
}

function encodedG1(fields: string): string {
  const [x, y] = numbers(fields) as [bigint, bigint]
  return x === 0n && y === 0n ? `c0${'00'.repeat(47)}` : toHex(compressG1(x, y))
}

interface HashFile {
  dst: string
  vectors: { msg: string; P: { x: string; y: string }; u: string[] }[]
}
interface EipCase {
  Name: string
  Input: string
  Expected: string
}
interface BbsKey {
  keyPair: { secretKey: string; publicKey: string }
}
interface BbsGenerators {
  P1: string
  Q1: string
  MsgGenerators: string[]
}
