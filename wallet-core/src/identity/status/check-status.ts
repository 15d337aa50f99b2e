/**
 * Whether a credential was taken back, as its issuer's list says. Whole lists are asked for, so that nobody learns which
 * credential is meant. A list is its issuer's signed word, `Attested` with its age; where the issuer's document, proven on
 * a ledger, anchors the list by its hash, no other list is taken, and the answer rests on that proof.
 * @module
 */
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { type Attested, attest } from '@glowworm/light-client/ledgers/verified'
import { sha256 } from '@noble/hashes/sha2.js'
import { base64urlnopad } from '@scure/base'
import { WalletError } from '../../errors.ts'
import { CredentialRefused } from '../credential/errors.ts'
import type { DataIntegrityPorts } from '../data-integrity/verify.ts'
import { ledgerProofOf, type Resolution } from '../did/resolution.ts'
import { isObject } from '../jose/jws.ts'
import { readBitstringStatusList } from './bitstring-status-list.ts'
import type { StatusEntry } from './entry.ts'
import { type ListPorts, type ReadList, readTokenStatusList } from './token-status-list.ts'

export interface StatusPorts extends ListPorts, DataIntegrityPorts {
  /** Follows no redirect. */
  readonly http: Http
}

export type Status = 'valid' | 'revoked' | 'suspended' | 'other'

export interface StatusAnswer {
  readonly status: Status
  /** When the issuer made the list, ms since the epoch. */
  readonly listedAt: number
}

/** What the answer rests on: the issuer's word as a host gave it, or a hash of the list that a ledger proves. */
export type StatusReading =
  | { readonly kind: 'attested'; readonly answer: Attested<StatusAnswer> }
  | {
      readonly kind: 'anchored'
      readonly answer: StatusAnswer
      readonly by: Resolution
      readonly checkedAt: number
    }

/** Compressed, as it is sent. */
export const MOST_LIST_TRANSFER = 1 << 20
/** Older lists say nothing about today, whatever their issuer allows. */
export const OLDEST_LIST = 7 * 86_400_000
const ANCHOR = 'StatusListAnchor'

/** @param issuer the credential's, as it was just resolved @throws {StatusUnreachable} @throws {CredentialRefused} STATUS */
export async function readStatus(
  entry: StatusEntry,
  issuer: { readonly did: string; readonly resolution: Resolution },
  ports: StatusPorts,
  signal: AbortSignal,
): Promise<StatusReading> {
  const bytes = await fetched(entry, ports.http, signal)
  const anchor = anchorOf(issuer.resolution, entry.uri)
  if (anchor !== null && anchor !== base64urlnopad.encode(sha256(bytes))) {
    throw new CredentialRefused('STATUS', 'the status list is not the one its issuer anchored on the ledger')
  }
  const asked = { ...entry, issuer: issuer.did }
  const list =
    entry.kind === 'token'
      ? await readTokenStatusList(new TextDecoder().decode(bytes), asked, ports, signal)
      : await readBitstringStatusList(bytes, { ...asked, purpose: entry.purpose! }, ports, signal)
  const now = ports.clock.now()
  const answer = { status: statusOf(entry, list), listedAt: list.issuedAt }
  if (anchor !== null) {
    return { kind: 'anchored', answer, by: issuer.resolution, checkedAt: now }
  }
  if (list.issuedAt + Math.min(list.lifetime ?? OLDEST_LIST, OLDEST_LIST) < now) {
    throw new CredentialRefused('STATUS', 'the status list is too old to say anything about today')
  }
  return { kind: 'attested', answer: attest(answer, `${issuer.did}, by ${new URL(entry.uri).host}`, now) }
}

export const answerOf = (reading: StatusReading): StatusAnswer =>
  reading.kind === 'attested' ? reading.answer.value : reading.answer

/** @throws {CredentialRefused} REVOKED, SUSPENDED, STATUS */
export function refuseUnlessValid(status: Status): void {
  if (status === 'revoked') throw new CredentialRefused('REVOKED', 'its issuer took it back')
  if (status === 'suspended') throw new CredentialRefused('SUSPENDED', 'its issuer suspended it')
  if (status === 'other') throw new CredentialRefused('STATUS', 'its status is one that is not known here')
}

function statusOf({ purpose }: StatusEntry, { value }: ReadList): Status {
  if (value === 0) return 'valid'
  if (purpose !== null) return purpose === 'revocation' ? 'revoked' : 'suspended'
  return value === 1 ? 'revoked' : value === 2 ? 'suspended' : 'other'
}

async function fetched({ kind, uri }: StatusEntry, http: Http, signal: AbortSignal): Promise<Uint8Array> {
  const { host } = new URL(uri)
  const accept =
    kind === 'token' ? 'application/statuslist+jwt' : 'application/vc, application/ld+json, application/json'
  const request = { url: uri, method: 'GET', headers: { accept }, maxBytes: MOST_LIST_TRANSFER, signal } as const
  const answer = await http(request).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new StatusUnreachable(host, 'it does not answer, redirects, or sends too much', cause)
  })
  if (answer.status !== 200) throw new StatusUnreachable(host, `it answers with status ${answer.status}`)
  return answer.bytes
}

/** SHA-256 in base64url of the list at `uri`, when a document that a ledger proves has a service that says so. */
function anchorOf(resolution: Resolution, uri: string): string | null {
  if (ledgerProofOf(resolution) === null) return null
  // The newest stands last: an issuer that anchors a new list need not take the old anchor away first.
  for (const { type, serviceEndpoint } of resolution.value.service?.toReversed() ?? []) {
    if (type !== ANCHOR || !isObject(serviceEndpoint)) continue
    const { uri: anchored, sha256: hash } = serviceEndpoint
    if (anchored === uri && typeof hash === 'string') return hash
  }
  return null
}

/** Nobody could be asked: whether it was taken back is unknown, which is not the same as valid. */
export class StatusUnreachable extends WalletError {
  constructor(host: string, reason: string, cause?: unknown) {
    super(
      { name: 'Identity.StatusUnreachable', code: 'STATUS_UNREACHABLE', kind: 'unreachable' },
      `whether the credential was taken back is not known: ${host}: ${reason}`,
      { cause, next: 'Try again later.' },
    )
  }
}
