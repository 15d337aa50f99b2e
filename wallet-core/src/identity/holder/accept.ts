/** From what an issuer sent to what the vault keeps: nothing is kept that would not be believed when it is shown. @module */
import type { CredentialFormat, StatusView, TrustView } from '../../facade/identity.ts'
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { Signatory } from '../credential/issuer.ts'
import { subjectOf } from '../data-integrity/presentation.ts'
import { verifyCredential } from '../data-integrity/verify.ts'
import { didJwkOf, didKeyOf } from '../did/did-key-writing.ts'
import type { PublicJwk } from '../did/jwk.ts'
import { isObject, type JsonObject } from '../jose/jws.ts'
import { verifySdJwt } from '../sd-jwt/verify.ts'
import { readStatus, refuseUnlessValid, type StatusPorts, StatusUnreachable } from '../status/check-status.ts'
import { bitstringEntries, type StatusEntry, tokenEntry } from '../status/entry.ts'
import { statusViewOf, trustOf } from './trust.ts'

export interface Accepted {
  readonly format: CredentialFormat
  /** As it is kept: text. */
  readonly raw: string
  readonly type: string
  readonly issuer: string
  readonly validFrom: number | null
  readonly validUntil: number | null
  readonly trust: TrustView
  readonly status: StatusView | null
  /** The key it is bound to, in an SD-JWT. */
  readonly holderKey: PublicJwk | null
  /** Whom it is about, in a document. */
  readonly subject: string | null
}

/**
 * @param ask whether its status list is asked for; an unreachable one leaves `status` null. What it says is not judged here
 * @throws {MalformedCredential | UnsupportedCredential | CredentialRefused} and as resolving throws
 */
export async function accept(
  credential: unknown,
  ask: boolean,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<Accepted> {
  if (typeof credential === 'string' && credential.includes('~')) return acceptSdJwt(credential, ask, ports, signal)
  if (typeof credential === 'string' && /^[A-Za-z0-9_-]{64,}$/.test(credential.trim())) {
    return acceptMdoc(credential.trim(), ports.clock.now())
  }
  const document = typeof credential === 'string' ? jsonIn(credential) : credential
  if (!isObject(document)) throw new MalformedCredential('it is neither an SD-JWT nor JSON nor an mdoc')
  return acceptDocument(document, ask, ports, signal)
}

async function acceptSdJwt(text: string, ask: boolean, ports: StatusPorts, signal: AbortSignal): Promise<Accepted> {
  const verified = await verifySdJwt(text.trim(), ports, signal)
  if (verified.sdJwt.keyBinding !== null)
    throw new MalformedCredential('it is what somebody showed, not what was issued')
  const { type, issuer, holderKey, validFrom, validUntil, sdJwt } = verified
  const entry = tokenEntry(sdJwt.jws.payload)
  const status = await statusOf(entry === null ? [] : [entry], issuer, ask, ports, signal)
  const trust = trustOf(issuer.resolution, ports.clock.now())
  const raw = text.trim()
  return {
    format: 'dc+sd-jwt',
    raw,
    type,
    issuer: issuer.did,
    validFrom,
    validUntil,
    trust,
    status,
    holderKey,
    subject: null,
  }
}

/** Loaded with the first mdoc. */
async function acceptMdoc(raw: string, now: number): Promise<Accepted> {
  const [{ readMdoc }, { verifyMdoc }] = await Promise.all([import('../mdoc/read.ts'), import('../mdoc/verify.ts')])
  const mdoc = readMdoc(raw)
  const { subject } = verifyMdoc(mdoc, now)
  const { docType: type, deviceKey: holderKey, validFrom, validUntil } = mdoc
  return {
    ...{
      format: 'mso_mdoc',
      raw,
      type,
      issuer: subject,
      validFrom,
      validUntil,
      status: null,
      holderKey,
      subject: null,
    },
    trust: { kind: 'certificate', subject, checkedAt: now },
  }
}

async function acceptDocument(
  document: JsonObject,
  ask: boolean,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<Accepted> {
  const verified = await verifyCredential(document, { as: 'base' }, ports, signal)
  const { types, issuer, validFrom, validUntil, signatory } = verified
  const status = await statusOf(bitstringEntries(document), signatory, ask, ports, signal)
  return {
    ...{ format: 'ldp_vc', raw: JSON.stringify(document), type: types.at(-1)!, issuer, validFrom, validUntil, status },
    ...{ trust: trustOf(signatory.resolution, ports.clock.now()), holderKey: null, subject: subjectOf(document) },
  }
}

/** The worst that any of the lists says; null: it has none, or none could be asked. */
async function statusOf(
  entries: readonly StatusEntry[],
  issuer: Signatory,
  ask: boolean,
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<StatusView | null> {
  let worst: StatusView | null = null
  for (const entry of ask ? entries : []) {
    try {
      const view = statusViewOf(await readStatus(entry, issuer, ports, signal))
      if (worst === null || worst.state === 'valid') worst = view
    } catch (error) {
      if (!(error instanceof StatusUnreachable)) throw error
    }
  }
  return worst
}

/** @throws {CredentialRefused} REVOKED, SUSPENDED, STATUS */
export function refuseTakenBack(status: StatusView | null): void {
  if (status) refuseUnlessValid(status.state)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new MalformedCredential('it is neither an SD-JWT nor JSON nor an mdoc', cause)
  }
}

/** Another kind of thing than the person said yes to. Types of documents are words whose meaning their contexts decide. */
export function checkOffered(
  accepted: Accepted,
  offered: { readonly format: string; readonly type: string | null },
): void {
  const format = offered.format === 'vc+sd-jwt' ? 'dc+sd-jwt' : offered.format
  const sameType = format === 'ldp_vc' || offered.type === null || offered.type === accepted.type
  if (accepted.format !== format || !sameType) {
    throw new CredentialRefused('TYPE', 'its issuer gave something else than was offered')
  }
}

/** An issuer that binds a credential to another key than it was given has made it for somebody else. */
export function checkBoundTo({ format, holderKey, subject }: Accepted, key: PublicJwk | null): void {
  // Whom a document without a key is about is between its issuer and its verifiers.
  if (format === 'ldp_vc' && key === null) return
  const own = key === null ? [] : [didKeyOf(key), didJwkOf(key)]
  const same =
    format === 'ldp_vc'
      ? subject !== null && own.includes(subject)
      : key === null
        ? holderKey === null
        : holderKey !== null && didJwkOf(holderKey) === didJwkOf(key)
  if (!same) throw new CredentialRefused('HOLDER', 'it is bound to another key than this wallet’s')
}
