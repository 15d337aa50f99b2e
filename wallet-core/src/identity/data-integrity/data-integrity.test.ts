/** Credentials with Data Integrity proofs made here: what holds, and what is refused before anything is asked. */
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { base64urlnopad } from '@scure/base'
import { encode } from 'cborg'
import { expect, test } from 'vitest'
import { createBbs } from '../bbs/bbs.ts'
import { NOW, ports as people, person, random, signal } from '../credential/people.test-kit.ts'
import { didKeyOf } from '../did/did-key-writing.ts'
import type { JsonObject } from '../jose/jws.ts'
import { deriveBbs, signBbs } from './bbs-2023.ts'
import { secureJcs } from './jcs-suites.ts'
import { unsecure } from './proof.ts'
import { rdfOptions } from './rdf.ts'
import { expandedTypes } from './types.ts'
import { type DataIntegrityPorts, verifyCredential } from './verify.ts'

const loadBbs = async () => createBbs(await loadBls12381Groups(), 'BLS12-381-SHA-256', secureRandom)
const ports: DataIntegrityPorts = { ...people, loadBbs }
const created = new Date(NOW).toISOString()
const day = (days: number) => new Date(NOW + days * 86_400_000).toISOString()
const base = { as: 'base' } as const
const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })
const issuer = person('EdDSA', 4)
const credential = (changes: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', { '@vocab': 'https://id.example/terms#' }],
  type: ['VerifiableCredential', 'MemberCredential'],
  issuer: issuer.did,
  validFrom: day(-1),
  validUntil: day(1),
  credentialSubject: { id: 'did:example:holder', name: 'Erika', age: 42, club: { place: 'Köln' } },
  ...changes,
})
const signed = (document: JsonObject, by = issuer) =>
  secureJcs(document, { cryptosuite: 'eddsa-jcs-2022', verificationMethod: by.keyId, created }, by)
const verify = async (document: JsonObject | Promise<JsonObject>) =>
  verifyCredential(await document, base, ports, signal)

test('what is issued with eddsa-jcs-2022 is verified', async () => {
  const { types, issuer: who, subject, validUntil } = await verify(signed(credential()))
  expect(types).toEqual(['VerifiableCredential', 'MemberCredential'])
  expect(who).toBe(issuer.did)
  expect(subject).toMatchObject({ name: 'Erika' })
  expect(validUntil).toBe(NOW + 86_400_000)
})

test('another issuer, another time, another purpose, another suite, several proofs: refused', async () => {
  const eve = person('EdDSA', 7)
  await expect(verify(signed(credential(), eve))).rejects.toThrow(refused('ISSUER'))
  await expect(verify(signed(credential({ validUntil: day(-1), validFrom: day(-2) })))).rejects.toThrow(
    refused('EXPIRED'),
  )
  await expect(verify(signed(credential({ validFrom: day(1) })))).rejects.toThrow(refused('NOT_YET_VALID'))
  await expect(verify(signed(credential({ validFrom: 'soon' })))).rejects.toMatchObject({
    code: 'MALFORMED_CREDENTIAL',
  })
  await expect(verify(signed(credential({ type: ['Other'] })))).rejects.toMatchObject({
    code: 'UNSUPPORTED_CREDENTIAL',
  })
  const good = await signed(credential())
  const withProof = (changes: JsonObject) => verify({ ...good, proof: { ...good.proof, ...changes } })
  await expect(withProof({ proofPurpose: 'authentication' })).rejects.toThrow(refused('SIGNATURE'))
  await expect(withProof({ cryptosuite: 'ecdsa-jcs-2019' })).rejects.toThrow(refused('ALGORITHM'))
  await expect(withProof({ cryptosuite: 'eddsa-rdfc-2022' })).rejects.toMatchObject({ code: 'UNSUPPORTED_CREDENTIAL' })
  await expect(withProof({ created: day(1) })).rejects.toThrow(refused('NOT_YET_VALID'))
  await expect(withProof({ expires: day(-1) })).rejects.toThrow(refused('EXPIRED'))
  await expect(verify({ ...good, proof: [good.proof, good.proof] })).rejects.toMatchObject({
    code: 'UNSUPPORTED_CREDENTIAL',
  })
  await expect(verify(signed(credential({ name: '\ud800' })))).rejects.toMatchObject({ code: 'MALFORMED_CREDENTIAL' })
})

test('bbs-2023: derived twice, shown to two, with nothing in common but what is shown', async () => {
  const bbs = await loadBbs()
  const secretKey = bbs.keyGen({ keyMaterial: secureRandom.bytes(32) })
  const publicKey = bbs.skToPk(secretKey)
  const did = didKeyOf({ kty: 'EC', crv: 'BLS12381_G2', x: base64urlnopad.encode(publicKey) })
  const toSign = {
    ...{
      verificationMethod: `${did}#${did.slice(8)}`,
      created,
      mandatoryPointers: ['/issuer', '/validFrom', '/validUntil'],
    },
    ...{ publicKey, secretKey, hmacKey: random.bytes(32) },
  }
  const held = await signBbs(credential({ issuer: did }), toSign, bbs, rdfOptions())
  await verify(held)
  const show = async (pointers: readonly string[], nonce: Uint8Array) =>
    deriveBbs(unsecure(held, NOW), pointers, nonce, bbs, rdfOptions())
  const [first, second] = [random.bytes(32), random.bytes(32)]
  const shown = [await show(['/credentialSubject/age'], first), await show(['/credentialSubject/age'], second)]
  const derived = (presentationHeader: Uint8Array) => ({ as: 'derived', presentationHeader }) as const
  const verified = await verifyCredential(shown[0]!, derived(first), ports, signal)
  expect(verified.subject).toEqual({ id: 'did:example:holder', age: 42 })
  await verifyCredential(shown[1]!, derived(second), ports, signal)
  await expect(verifyCredential(shown[1]!, derived(first), ports, signal)).rejects.toThrow(refused('NONCE'))
  expect(JSON.stringify(shown)).not.toMatch(/Erika|Köln/)
  const older = { ...shown[0]!, credentialSubject: { id: 'did:example:holder', age: 43 } }
  await expect(verifyCredential(older, derived(first), ports, signal)).rejects.toThrow(refused('SIGNATURE'))

  for (const context of ['https://evil.example/context', { '@import': 'https://evil.example/context' }]) {
    const foreign = { ...shown[0]!, '@context': ['https://www.w3.org/ns/credentials/v2', context] }
    await expect(verifyCredential(foreign, derived(first), ports, signal)).rejects.toMatchObject({
      code: 'UNSUPPORTED_CREDENTIAL',
      message: expect.stringContaining('evil.example'),
    })
  }
})

test('a context that is not part of the program is refused by name, wherever it stands; nobody is asked for it', async () => {
  const foreign = 'https://elsewhere.example/context.jsonld'
  const suite = { cryptosuite: 'bbs-2023', verificationMethod: issuer.keyId, type: 'DataIntegrityProof', created }
  const proof = { ...suite, proofPurpose: 'assertionMethod', proofValue: 'uAAAA' }
  const contexts = ['https://www.w3.org/ns/credentials/v2', foreign]
  for (const document of [
    credential({ '@context': contexts }),
    credential({ credentialSubject: { club: { '@context': foreign, name: 'x' } } }),
    credential({ '@context': ['https://www.w3.org/ns/credentials/v2', { '@import': foreign }] }),
  ])
    await expect(verify({ ...document, proof })).rejects.toMatchObject({
      ...{ code: 'UNSUPPORTED_CREDENTIAL', message: expect.stringContaining('elsewhere.example') },
    })
  await expect(expandedTypes(credential({ '@context': contexts }))).resolves.toEqual([])
})

test('too long, nested too deeply, or a graph that costs more to write down than it says: refused at once', async () => {
  const malformed = expect.objectContaining({ code: 'MALFORMED_CREDENTIAL' })
  const nested = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  await expect(verify({ ...credential(), nested, proof: {} })).rejects.toThrow(malformed)
  await expect(verify({ ...credential({ name: 'x'.repeat(1 << 18) }), proof: {} })).rejects.toThrow(malformed)
  // Everybody knows everybody: no node can be told from another.
  const node = (i: number) => ({ '@id': `_:b${i}` })
  const knows = Array.from({ length: 40 }, (_, i) => node(i))
  const clique = knows.map((one, i) => ({ ...one, 'https://id.example/knows': knows.toSpliced(i, 1) }))
  const document = credential({ credentialSubject: { 'https://id.example/people': clique } })
  const value = Uint8Array.from([0xd9, 0x5d, 1, ...encode([new Uint8Array(64), new Uint8Array(35), [], new Map(), []])])
  const proof = { ...(await signed(credential())).proof, proofValue: `u${base64urlnopad.encode(value)}` }
  await expect(verify({ ...document, proof: { ...proof, cryptosuite: 'ecdsa-sd-2023' } })).rejects.toThrow(malformed)
})
