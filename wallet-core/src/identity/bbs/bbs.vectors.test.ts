/** The fixtures of the working group, with every intermediate value they give, on both engines. */
import type { Bls12381Groups, Random } from '@glowworm/wasm-core'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { nobleBls12381Groups } from '@glowworm/wasm-core/noble/bls12381-groups'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { beforeAll, describe, expect, test } from 'vitest'
import { describeVectors, vectorJson, vectorNames } from '../../../test/vectors.ts'
import { type Bbs, createBbs } from './bbs.ts'
import { CIPHERSUITES, type CiphersuiteName } from './ciphersuite.ts'
import { InvalidBbs } from './errors.ts'
import { octetsToProof, octetsToSignature } from './octets.ts'
import { calculateRandomScalars, type Initialised, proofInit, proofVerifyInit } from './proof.ts'
import { calculateB, calculateDomain, createScheme, generatorsOf, type Scheme } from './scheme.ts'

interface Outcome {
  readonly result: { readonly valid: boolean }
}

interface SignatureCase extends Outcome {
  readonly signerKeyPair: { readonly secretKey: string; readonly publicKey: string }
  readonly header: string
  readonly messages: readonly string[]
  readonly signature: string
  readonly trace: { readonly B: string; readonly domain: string }
}

interface ProofCase extends Outcome {
  readonly signerPublicKey: string
  readonly signature: string
  readonly header: string
  readonly presentationHeader: string
  readonly messages: readonly string[]
  readonly disclosedIndexes: readonly number[]
  readonly proof: string
  readonly trace: {
    readonly random_scalars: {
      readonly r1: string
      readonly r2: string
      readonly e_tilde: string
      readonly r1_tilde: string
      readonly r3_tilde: string
      readonly m_tilde_scalars: readonly string[]
    }
    readonly A_bar: string
    readonly B_bar: string
    readonly D: string
    readonly T1: string
    readonly T2: string
    readonly domain: string
    readonly challenge: string
  }
}

const FOLDER = 'did-vc/bbs-signature'
const ENGINES: readonly [string, () => Promise<Bls12381Groups>][] = [
  ['wasm', loadBls12381Groups],
  ['noble', async () => nobleBls12381Groups],
]
const SUITES = (Object.keys(CIPHERSUITES) as CiphersuiteName[]).filter((name) =>
  vectorNames(FOLDER).includes(name.toLowerCase()),
)

describeVectors('fixtures of the BBS draft', () => {
  test('are there', () => expect(SUITES).toContain('BLS12-381-SHA-256'))

  describe.each(ENGINES)('%s', (_, load) => {
    describe.each(SUITES)('%s', (suite) => {
      const read = <T>(path: string): T => vectorJson<T>(`${FOLDER}/${suite.toLowerCase()}/${path}`)
      const cases = <T>(kind: string): [string, T][] =>
        vectorNames(`${FOLDER}/${suite.toLowerCase()}/${kind}`).map((name) => [name, read<T>(`${kind}/${name}`)])
      const rng = read<{ seed: string; dst: string; count: number; mockedScalars: string[] }>('mockedRng.json')
      let groups: Bls12381Groups
      let scheme: Scheme
      beforeAll(async () => {
        groups = await load()
        scheme = createScheme(groups, suite)
      })
      const bbs = (random: Random = unasked): Bbs => createBbs(groups, suite, random)

      /** What the fixtures take for random: one long expanded message. */
      function mocked(count: number): Random {
        const { expandMessage } = CIPHERSUITES[suite]
        const bytes = expandMessage([hexToBytes(rng.seed)], hexToBytes(rng.dst), 48 * count)
        let drawn = 0
        return { bytes: (length) => bytes.slice(length * drawn, length * ++drawn) }
      }

      test('random scalars', () => {
        const scalars = calculateRandomScalars(scheme, mocked(rng.count), rng.count - 5)
        expect(scalars.map(bytesToHex)).toEqual(rng.mockedScalars)
      })

      test('generators', () => {
        const fixture = read<{ P1: string; Q1: string; MsgGenerators: string[] }>('generators.json')
        const { points, octets } = scheme.createGenerators(1 + fixture.MsgGenerators.length)
        expect(points.map((point) => bytesToHex(groups.g1.encode(point)))).toEqual([
          fixture.Q1,
          ...fixture.MsgGenerators,
        ])
        expect(bytesToHex(octets)).toBe([fixture.Q1, ...fixture.MsgGenerators].join(''))
        expect(bytesToHex(scheme.createGenerators(2).octets)).toBe(fixture.Q1 + fixture.MsgGenerators[0])
        expect(CIPHERSUITES[suite].p1).toBe(fixture.P1)
      })

      test('hashes to scalars', () => {
        const h2s = read<{ message: string; dst: string; scalar: string }>('h2s.json')
        expect(bytesToHex(scheme.hashToScalar([hexToBytes(h2s.message)], hexToBytes(h2s.dst)))).toBe(h2s.scalar)
        const map = read<{ cases: { message: string; scalar: string }[] }>('MapMessageToScalarAsHash.json')
        const scalars = scheme.messagesToScalars(map.cases.map(({ message }) => hexToBytes(message)))
        expect(scalars.map(bytesToHex)).toEqual(map.cases.map(({ scalar }) => scalar))
      })

      test('key pair', () => {
        const { keyMaterial, keyInfo, keyDst, keyPair } = read<{
          keyMaterial: string
          keyInfo: string
          keyDst: string
          keyPair: { secretKey: string; publicKey: string }
        }>('keypair.json')
        const key = bbs().keyGen({
          keyMaterial: hexToBytes(keyMaterial),
          keyInfo: hexToBytes(keyInfo),
          keyDst: hexToBytes(keyDst),
        })
        expect(bytesToHex(key)).toBe(keyPair.secretKey)
        expect(bytesToHex(bbs().skToPk(key))).toBe(keyPair.publicKey)
      })

      test.each(cases<SignatureCase>('signature'))('%s', (_, fixture) => {
        const publicKey = hexToBytes(fixture.signerKeyPair.publicKey)
        const header = hexToBytes(fixture.header)
        const messages = fixture.messages.map(hexToBytes)
        const signature = hexToBytes(fixture.signature)
        expect(bbs().verify({ publicKey, signature, header, messages })).toBe(fixture.result.valid)
        if (!fixture.result.valid) return
        const generators = scheme.createGenerators(messages.length + 1)
        const domain = calculateDomain(scheme, publicKey, generators, header)
        expect(bytesToHex(domain)).toBe(fixture.trace.domain)
        const B = calculateB(scheme, generators, domain, scheme.messagesToScalars(messages))
        expect(bytesToHex(groups.g1.encode(B))).toBe(fixture.trace.B)
        const secretKey = hexToBytes(fixture.signerKeyPair.secretKey)
        expect(bytesToHex(bbs().sign({ secretKey, publicKey, header, messages }))).toBe(fixture.signature)
      })

      test.each(cases<ProofCase>('proof'))('%s', (_, fixture) => {
        const { trace, disclosedIndexes } = fixture
        const publicKey = hexToBytes(fixture.signerPublicKey)
        const header = hexToBytes(fixture.header)
        const presentationHeader = hexToBytes(fixture.presentationHeader)
        const messages = fixture.messages.map(hexToBytes)
        const disclosedMessages = disclosedIndexes.map((i) => messages[i]!)
        const proof = hexToBytes(fixture.proof)
        const given = { publicKey, proof, header, presentationHeader, disclosedMessages, disclosedIndexes }
        expect(holds(() => bbs().proofVerify(given))).toBe(fixture.result.valid)
        if (!fixture.result.valid) return

        const { r1, r2, e_tilde, r1_tilde, r3_tilde, m_tilde_scalars } = trace.random_scalars
        const drawn = [r1, r2, e_tilde, r1_tilde, r3_tilde, ...m_tilde_scalars]
        const blinding = calculateRandomScalars(scheme, mocked(drawn.length), m_tilde_scalars.length)
        expect(blinding.map(bytesToHex)).toEqual(drawn)

        const hidden = messages.map((_, i) => i).filter((i) => !disclosedIndexes.includes(i))
        const expectTrace = (init: Initialised) => {
          expect(bytesToHex(init.points)).toBe(trace.A_bar + trace.B_bar + trace.D)
          expect(bytesToHex(init.commitment)).toBe(trace.T1 + trace.T2)
          expect(bytesToHex(init.domain)).toBe(trace.domain)
        }
        const scalars = scheme.messagesToScalars(messages)
        const signature = hexToBytes(fixture.signature)
        const opened = octetsToSignature(groups, signature)
        expectTrace(proofInit(scheme, publicKey, opened, blinding, header, scalars, hidden))
        const disclosedScalars = disclosedIndexes.map((i) => scalars[i]!)
        const read = octetsToProof(groups, proof)
        expect(bytesToHex(read.challenge)).toBe(trace.challenge)
        expectTrace(proofVerifyInit(scheme, publicKey, read, header, disclosedScalars, disclosedIndexes, hidden))

        const toDisclose = { publicKey, signature, header, presentationHeader, messages, disclosedIndexes }
        expect(bytesToHex(bbs(mocked(drawn.length)).proofGen(toDisclose))).toBe(fixture.proof)
      })
    })
  })
})

test.each(Object.entries(CIPHERSUITES))('P1 of %s is where its seed leads', (_, suite) => {
  const apiId = utf8ToBytes(`${suite.id}H2G_HM2S_`)
  const { octets } = generatorsOf(nobleBls12381Groups, suite, apiId, 'BP_MESSAGE_GENERATOR_SEED')(1)
  expect(bytesToHex(concatBytes(octets))).toBe(suite.p1)
})

const unasked: Random = {
  bytes: () => {
    throw new Error('this needs nothing random')
  },
}

/** A proof of another shape is refused before anything is computed. */
function holds(verify: () => boolean): boolean {
  try {
    return verify()
  } catch (error) {
    if (error instanceof InvalidBbs) return false
    throw error
  }
}
