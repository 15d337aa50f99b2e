/** W3C credentials shown for a question: what holds, and everything that is another question, another holder, or again. */
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { p256 } from '@noble/curves/nist.js'
import { base58, base64urlnopad } from '@scure/base'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Bbs, createBbs } from '../bbs/bbs.ts'
import { NOW, ports as people, person, signal } from '../credential/people.test-kit.ts'
import { didKeyOf } from '../did/did-key-writing.ts'
import type { JsonObject } from '../jose/jws.ts'
import { rememberTaken } from '../sd-jwt/take-once.ts'
import { signBbs } from './bbs-2023.ts'
import { secureJcs } from './jcs-suites.ts'
import { presentDocument, verifyDocumentPresentation } from './presentation.ts'
import { rdfOptions } from './rdf.ts'
import { expandedTypes } from './types.ts'
import type { DataIntegrityPorts } from './verify.ts'

const QUESTION = { audience: 'decentralized_identifier:did:web:bar.example', nonce: 'n-0S6_WzA2Mj' }
const created = new Date(NOW - 3_600_000).toISOString()
const office = person('EdDSA', 4)
const holder = person('ES256', 5)
const bound = { did: holder.did, signer: holder }
let bbs: Bbs
let blsOffice: { did: string; keyId: string; publicKey: Uint8Array; secretKey: Uint8Array }
const loadBbs = async () => bbs
const ports: DataIntegrityPorts = { ...people, loadBbs }

beforeAll(async () => {
  bbs = createBbs(await loadBls12381Groups(), 'BLS12-381-SHA-256', secureRandom)
  const secretKey = new Uint8Array(32).fill(9)
  const publicKey = bbs.skToPk(secretKey)
  const did = didKeyOf({ kty: 'EC', crv: 'BLS12381_G2', x: base64urlnopad.encode(publicKey) } as never)
  blsOffice = { did, keyId: `${did}#${did.slice('did:key:'.length)}`, publicKey, secretKey }
})

const credential = (issuer: string, subject: JsonObject): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2', { '@vocab': 'https://id.example/terms#' }],
  type: ['VerifiableCredential', 'MemberCredential'],
  issuer,
  credentialSubject: { given_name: 'Erika', family_name: 'Mustermann', nationalities: ['DE', 'FR'], ...subject },
})
const withJcs = (subject: JsonObject = { id: holder.did }) =>
  secureJcs(
    credential(office.did, subject),
    { cryptosuite: 'eddsa-jcs-2022', verificationMethod: office.keyId, created },
    office,
  )
const withBbs = (subject: JsonObject = {}) => {
  const { did, keyId: verificationMethod, publicKey, secretKey } = blsOffice
  const toSign = { verificationMethod, created, mandatoryPointers: ['/issuer'], publicKey, secretKey }
  return signBbs(credential(did, subject), { ...toSign, hmacKey: secureRandom.bytes(32) }, bbs, rdfOptions())
}
const show = (
  document: JsonObject,
  pointers: readonly string[] = [],
  by: typeof bound | null = bound,
  asked = QUESTION,
) => presentDocument(document, { ...asked, issuedAt: NOW / 1000, pointers }, by, loadBbs)
const check = (shown: JsonObject, expected = QUESTION, once = rememberTaken({ now: () => NOW })) =>
  verifyDocumentPresentation(shown, expected, once, ports, signal)
const refused = (fault: string) => expect.objectContaining({ code: `CREDENTIAL_${fault}` })

describe('bound to a key', () => {
  test('all of it, where its suite hides nothing', async () => {
    const { subject, signatory, types } = await check(await show(await withJcs()))
    expect(subject).toMatchObject({ given_name: 'Erika', id: holder.did })
    expect(signatory.did).toBe(office.did)
    expect(types).toContain('MemberCredential')
  })

  test('derived: what was chosen, and whom it is about', async () => {
    const shown = await show(await withBbs({ id: holder.did }), [
      '/credentialSubject/id',
      '/credentialSubject/nationalities/1',
    ])
    const { subject } = await check(shown)
    expect(subject).toEqual({ id: holder.did, nationalities: ['FR'] })
    expect(JSON.stringify(shown)).not.toMatch(/Erika|Mustermann|DE"/)
  })

  test('another verifier, question, holder, time or purpose; not twice, whoever’s signature is turned', async () => {
    const shown = await show(await withJcs())
    await expect(check(shown, { ...QUESTION, audience: 'x' })).rejects.toThrow(refused('AUDIENCE'))
    await expect(check(shown, { ...QUESTION, nonce: 'x' })).rejects.toThrow(refused('NONCE'))
    const eve = person('ES256', 6)
    await expect(check(await show(await withJcs(), [], { did: eve.did, signer: eve }))).rejects.toThrow(
      refused('HOLDER'),
    )
    await expect(check(await show(await withJcs(), [], { did: holder.did, signer: eve }))).rejects.toThrow(
      refused('ISSUER'),
    )
    await expect(check(await show(await withJcs({}), []))).rejects.toThrow(refused('HOLDER'))
    const old = await presentDocument(
      await withJcs(),
      { ...QUESTION, issuedAt: NOW / 1000 - 400, pointers: [] },
      bound,
      loadBbs,
    )
    await expect(check(old)).rejects.toThrow(refused('REPLAYED'))
    const { proof: made, ...unsigned } = shown as JsonObject & { proof: JsonObject }
    const { verificationMethod, challenge, domain } = made as Record<string, string>
    const asserted = await secureJcs(
      unsigned,
      {
        cryptosuite: 'ecdsa-jcs-2019',
        verificationMethod: verificationMethod!,
        created: new Date(NOW).toISOString(),
        challenge: challenge!,
        domain: domain!,
      },
      holder,
    )
    await expect(check(asserted)).rejects.toThrow(refused('KEY_BINDING'))

    const once = rememberTaken({ now: () => NOW })
    await check(shown, QUESTION, once)
    const { proofValue, ...proof } = shown.proof as JsonObject & { proofValue: string }
    const turned = p256.Signature.fromBytes(base58.decode(proofValue.slice(1)))
    const other = new p256.Signature(turned.r, p256.Point.Fn.ORDER - turned.s).toBytes()
    const again = { ...shown, proof: { ...proof, proofValue: `z${base58.encode(other)}` } }
    await expect(check(again, QUESTION, once)).rejects.toThrow(refused('REPLAYED'))
  })
})

describe('bound to nobody', () => {
  test('derived for the question: another one, or again, is refused; two showings have nothing in common', async () => {
    const document = await withBbs()
    const [first, second] = [
      await show(document, ['/credentialSubject/given_name'], null),
      await show(document, ['/credentialSubject/given_name'], null),
    ]
    const once = rememberTaken({ now: () => NOW })
    expect((await check(first, QUESTION, once)).subject).toEqual({ given_name: 'Erika' })
    await expect(check(first, QUESTION, once)).rejects.toThrow(refused('REPLAYED'))
    await check(second, QUESTION, once)
    await expect(check(first, { ...QUESTION, nonce: 'another' })).rejects.toThrow(refused('NONCE'))
    await expect(check(first, { ...QUESTION, audience: 'another' })).rejects.toThrow(refused('NONCE'))
    // The base proof is its holder's alone.
    await expect(check(document)).rejects.toMatchObject({ code: 'UNSUPPORTED_CREDENTIAL' })
  })

  test('whole: whoever has seen it could show it, so it is not taken', async () => {
    await expect(check(await show(await withJcs({}), [], null))).rejects.toThrow(refused('KEY_BINDING'))
  })
})

test('whatever character is changed, it is refused', async () => {
  for (const [document, by] of [
    [await withJcs(), bound],
    [await withBbs(), null],
  ] as const) {
    const text = JSON.stringify(await show(document, by === null ? ['/credentialSubject/given_name'] : [], by))
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...'Az09-_" {'), async (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1)
        let shown: JsonObject
        try {
          shown = JSON.parse(changed) as JsonObject
        } catch {
          return
        }
        if (JSON.stringify(shown) === text || sameBytes(shown, JSON.parse(text) as JsonObject)) return
        await expect(check(shown), changed).rejects.toMatchObject({ name: expect.stringMatching(/^Identity\./) })
      }),
      { numRuns: 60 },
    )
  }
})

/** Base58 and base64 have spare bits at their ends: other text, the same proof. */
function sameBytes(a: JsonObject, b: JsonObject): boolean {
  const bytes = ({ proof }: JsonObject) => {
    const value = String((proof as JsonObject | undefined)?.proofValue)
    try {
      return String(value.startsWith('z') ? base58.decode(value.slice(1)) : base64urlnopad.decode(value.slice(1)))
    } catch {
      return ''
    }
  }
  const rest = ({ proof, ...document }: JsonObject) => {
    const { proofValue: _, ...options } = (proof ?? {}) as JsonObject
    return JSON.stringify([document, options])
  }
  return rest(a) === rest(b) && bytes(a) !== '' && bytes(a) === bytes(b)
}

test('types are compared as what they stand for', async () => {
  expect(await expandedTypes(credential(office.did, {}))).toEqual([
    'https://id.example/terms#MemberCredential',
    'https://www.w3.org/2018/credentials#VerifiableCredential',
  ])
  expect(await expandedTypes({ '@context': ['https://elsewhere.example/'], type: 'X' })).toEqual([])
})
