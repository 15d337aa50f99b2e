/** A W3C Verifiable Credential 2.0 with a Data Integrity proof, of any suite that is known here. @module */
import type { Bbs } from '../bbs/bbs.ts'
import { CredentialRefused, UnsupportedCredential } from '../credential/errors.ts'
import type { FindSignatory, Signatory } from '../credential/issuer.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'
import { BBS_2023, verifyBbs, verifyBbsBase } from './bbs-2023.ts'
import { ECDSA_SD_2023, verifyEcdsaSd } from './ecdsa-sd-2023.ts'
import { isJcsSuite, verifyJcs } from './jcs-suites.ts'
import { checkSize, timeOf, type Unsecured, unsecure } from './proof.ts'
import { BUNDLED_CONTEXTS, type Contexts, checkContexts, rdfOptions } from './rdf.ts'

export interface DataIntegrityPorts {
  readonly findSignatory: FindSignatory
  readonly clock: { now(): number }
  /** Loaded at the first bbs-2023. */
  readonly loadBbs: () => Promise<Bbs>
  /** JSON-LD contexts that are known beside the bundled ones. */
  readonly contexts?: Contexts
}

/** Which form of a selective suite is expected. A base proof is for its holder's eyes only. */
export type Shown = { readonly as: 'base' } | { readonly as: 'derived'; readonly presentationHeader: Uint8Array }

export interface VerifiedDocument {
  readonly unsecured: Unsecured
  readonly signatory: Signatory
}

export interface VerifiedCredential extends VerifiedDocument {
  readonly types: readonly string[]
  readonly issuer: string
  readonly subject: JsonObject
  /** ms since the epoch. */
  readonly validFrom: number | null
  readonly validUntil: number | null
}

/** The proof alone: any document, whoever signed. @throws {MalformedCredential | UnsupportedCredential | CredentialRefused} */
export async function verifyProof(
  secured: JsonObject,
  shown: Shown,
  ports: DataIntegrityPorts,
  signal: AbortSignal,
): Promise<VerifiedDocument> {
  checkSize(secured)
  const unsecured = unsecure(secured, ports.clock.now())
  const { cryptosuite, verificationMethod, purpose } = unsecured.proof
  const known = isJcsSuite(cryptosuite) || cryptosuite === ECDSA_SD_2023 || cryptosuite === BBS_2023
  if (!known) throw new UnsupportedCredential(`the cryptosuite ${JSON.stringify(cryptosuite.slice(0, 40))}`)
  const contexts = ports.contexts ? new Map([...BUNDLED_CONTEXTS, ...ports.contexts]) : BUNDLED_CONTEXTS
  if (!isJcsSuite(cryptosuite)) checkContexts(secured, contexts)
  const [did] = verificationMethod.split('#') as [string]
  const signatory = await ports.findSignatory({ did, keyId: verificationMethod, relationship: purpose }, signal)
  const { method } = signatory
  if (isJcsSuite(cryptosuite)) verifyJcs(unsecured, method)
  else if (cryptosuite === ECDSA_SD_2023) await verifyEcdsaSd(unsecured, method, rdfOptions(contexts))
  else if (shown.as === 'base') await verifyBbsBase(unsecured, method, await ports.loadBbs(), rdfOptions(contexts))
  else await verifyBbs(unsecured, method, shown.presentationHeader, await ports.loadBbs(), rdfOptions(contexts))
  return { unsecured, signatory }
}

const VC_V2 = 'https://www.w3.org/ns/credentials/v2'

/** The proof, and what makes it a credential: its issuer signed it, and its time is now. @throws as `verifyProof` */
export async function verifyCredential(
  secured: JsonObject,
  shown: Shown,
  ports: DataIntegrityPorts,
  signal: AbortSignal,
): Promise<VerifiedCredential> {
  const types = [secured.type].flat()
  if (![secured['@context']].flat().includes(VC_V2) || !types.includes('VerifiableCredential')) {
    throw new UnsupportedCredential('it is not a Verifiable Credential 2.0')
  }
  const { credentialSubject } = secured
  if (!isObject(credentialSubject)) throw new UnsupportedCredential('it is about nobody, or about several')
  const issuer = isObject(secured.issuer) ? secured.issuer.id : secured.issuer
  const verified = await verifyProof(secured, shown, ports, signal)
  if (verified.unsecured.proof.purpose !== 'assertionMethod') {
    throw new CredentialRefused('ISSUER', 'its proof was made for another purpose')
  }
  if (issuer !== verified.signatory.did)
    throw new CredentialRefused('ISSUER', 'somebody else than its issuer signed it')
  const now = ports.clock.now()
  const validFrom = secured.validFrom === undefined ? null : timeOf(secured.validFrom, 'validFrom')
  const validUntil = secured.validUntil === undefined ? null : timeOf(secured.validUntil, 'validUntil')
  if (validFrom !== null && now < validFrom) throw new CredentialRefused('NOT_YET_VALID', 'its time has not come')
  if (validUntil !== null && now > validUntil) throw new CredentialRefused('EXPIRED', 'its time is over')
  const names = types.filter((type): type is string => typeof type === 'string')
  return { ...verified, types: names, issuer, subject: credentialSubject, validFrom, validUntil }
}
