/// <reference path="./digitalbazaar.d.ts" />
/**
 * W3C credentials of the devnet, made and verified with Digital Bazaar's libraries: a diploma (eddsa-jcs-2022, bound to a
 * did:key, with a place in a Bitstring Status List) and a residence card (bbs-2023, bound to nobody, soon over).
 * Loaded when one is first asked for.
 * @module
 */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import {
  createSignCryptosuite as bbsToSign,
  createVerifyCryptosuite as bbsToVerify,
} from '@digitalbazaar/bbs-2023-cryptosuite'
import { ALGORITHMS, generateBbsKeyPair } from '@digitalbazaar/bls12-381-multikey'
import { contexts } from '@digitalbazaar/credentials-context'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { generate } from '@digitalbazaar/ed25519-multikey'
import {
  createSignCryptosuite as jcsToSign,
  createVerifyCryptosuite as jcsToVerify,
} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { p256 } from '@noble/curves/nist.js'
import { base58 } from '@scure/base'
import canonicalize from 'canonicalize'
import jsigs from 'jsonld-signatures'
import type { Json } from './jwt.ts'
import type { EthrIdentity } from './registry.ts'

const { AssertionProofPurpose } = jsigs.purposes
const VC_V2 = 'https://www.w3.org/ns/credentials/v2'
/** Its words mean the same to issuer, holder and verifier without any context to be fetched. */
const VOCABULARY = 'https://devnet.example/terms#'
const CONTEXT = [VC_V2, { '@vocab': VOCABULARY }]
const LIST_BITS = 131_072
const DAY = 86_400_000

export interface Documents {
  diploma(holder: string, status: { readonly uri: string; readonly place: number }): Promise<Json>
  residence(): Promise<Json>
  statusList(uri: string, revoked: ReadonlySet<number>): Promise<Json>
  /** The claims of what was shown for this question. @throws {Error} saying why it is not believed */
  verified(shown: Json, asked: Asked): Promise<Json>
}

export interface Asked {
  readonly clientId: string
  readonly nonce: string
}

/** @param now Unix seconds */
export async function createDocuments(issuer: EthrIdentity, now: () => number): Promise<Documents> {
  const ed = await generate({ seed: issuer.edSeed })
  Object.assign(ed, { id: issuer.edKeyId, controller: issuer.did })
  const bls = await generateBbsKeyPair({ seed: issuer.edSeed, algorithm: ALGORITHMS.BBS_BLS12381_SHA256 })
  const blsDid = `did:key:${bls.publicKeyMultibase}`
  Object.assign(bls, { id: `${blsDid}#${bls.publicKeyMultibase}`, controller: blsDid })
  const methods = new Map(
    [ed, bls].map(({ id, controller, publicKeyMultibase }) => [id, { id, controller, publicKeyMultibase }]),
  )
  const documentLoader: LoadDocument = async (url) => {
    const method = methods.get(url)
    const document = method ? { '@context': MULTIKEY, type: 'Multikey', ...method } : contexts.get(url)
    if (document === undefined) throw new Error(`nothing is fetched here: ${url}`)
    return { contextUrl: null, documentUrl: url, document }
  }
  const iso = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z/, 'Z')
  const signed = (document: Json, key: DataKeyPair, cryptosuite: unknown) => {
    const suite = new DataIntegrityProof({ signer: key.signer(), date: iso(now() * 1000), cryptosuite })
    return jsigs.sign(document, { suite, purpose: new AssertionProofPurpose(), documentLoader })
  }

  async function credential(shown: Json, asked: Asked): Promise<Json> {
    const method = methods.get(String((shown.proof as Json).verificationMethod))
    if (!method || shown.issuer !== method.controller) throw new Error('the issuer is not known here')
    const { clientId, nonce } = asked
    const expectedPresentationHeader = createHash('sha256').update(`${clientId}\0${nonce}`).digest()
    const cryptosuite =
      method.id === bls.id
        ? bbsToVerify({ expectedPresentationHeader: new Uint8Array(expectedPresentationHeader) })
        : jcsToVerify()
    const controller = { id: method.controller, assertionMethod: [method.id] }
    const purpose = new AssertionProofPurpose({ controller })
    const suite = new DataIntegrityProof({ cryptosuite })
    const { verified, error } = await jsigs.verify(shown, { suite, purpose, documentLoader })
    if (!verified) throw new Error(`the proof does not hold: ${[error?.errors ?? error].flat().join(', ')}`)
    if (Date.parse(String(shown.validUntil)) < now() * 1000) throw new Error('its time is over')
    return shown
  }

  return {
    diploma(holder, { uri, place }) {
      const status = { statusPurpose: 'revocation', statusListIndex: String(place), statusListCredential: uri }
      const document = {
        // The library compares contexts by name, so the type brings its own.
        ...{ '@context': [VC_V2], type: ['VerifiableCredential', `${VOCABULARY}Diploma`], issuer: issuer.did },
        ...{ validFrom: iso(now() * 1000 - DAY), validUntil: iso(now() * 1000 + 365 * DAY) },
        credentialSubject: { id: holder, given_name: 'Erika', degree: { name: 'Master of Arts', year: 1990 } },
        credentialStatus: { type: 'BitstringStatusListEntry', ...status },
      }
      return signed(document, ed, jcsToSign())
    },
    residence() {
      const document = {
        ...{ '@context': CONTEXT, type: ['VerifiableCredential', 'ResidenceCard'], issuer: blsDid },
        // Everybody's card ends with the same day, so that the end tells nobody apart.
        validUntil: iso(Math.ceil(now() / 86_400 + 7) * DAY),
        credentialSubject: {
          given_name: 'Erika',
          birthdate: '1964-08-12',
          address: { locality: 'Köln', country: 'DE' },
          nationalities: ['DE', 'FR'],
        },
      }
      return signed(document, bls, bbsToSign({ mandatoryPointers: ['/issuer', '/validUntil'] }))
    },
    statusList(uri, revoked) {
      const bits = new Uint8Array(LIST_BITS / 8)
      for (const place of revoked) bits[place >> 3]! |= 0x80 >> (place & 7)
      const list = { statusPurpose: 'revocation', encodedList: `u${gzipSync(bits).toString('base64url')}` }
      const document = {
        ...{ '@context': [VC_V2], id: uri, type: ['VerifiableCredential', 'BitstringStatusListCredential'] },
        ...{ issuer: issuer.did, validFrom: iso(now() * 1000) },
        credentialSubject: { id: `${uri}#list`, type: 'BitstringStatusList', ...list },
      }
      return signed(document, ed, jcsToSign())
    },
    async verified(shown, asked) {
      if (![shown.type].flat().includes('VerifiablePresentation')) return credential(shown, asked)
      const holder = holderOf(shown, asked)
      const [document] = shown.verifiableCredential as [Json]
      const believed = await credential(document, asked)
      if ((believed.credentialSubject as Json).id !== holder) throw new Error('somebody else shows it')
      return believed
    },
  }
}

const MULTIKEY = 'https://w3id.org/security/multikey/v1'

/** The did:key that signed the presentation for this question: ecdsa-jcs-2019 on P-256. */
function holderOf({ proof, ...document }: Json, { clientId, nonce }: Asked): string {
  const { proofValue, ...options } = proof as Json
  const { cryptosuite, proofPurpose, challenge, domain, verificationMethod } = options
  if (cryptosuite !== 'ecdsa-jcs-2019' || proofPurpose !== 'authentication')
    throw new Error('it is not signed by a holder')
  if (challenge !== nonce || domain !== clientId) throw new Error('it was made for another question')
  const [did] = String(verificationMethod).split('#') as [string]
  const key = base58.decode(did.replace('did:key:z', ''))
  const hash = (value: unknown) => createHash('sha256').update(canonicalize(value)!).digest()
  const data = Buffer.concat([hash(options), hash(document)])
  const holds = p256.verify(base58.decode(String(proofValue).slice(1)), data, key.subarray(2), { lowS: false })
  if (!holds || document.holder !== did) throw new Error('the holder’s signature does not hold')
  return did
}
