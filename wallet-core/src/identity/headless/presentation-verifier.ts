/**
 * For doors and machines: presentations verified without a network, on what was proven when there was one. Issuers are
 * learned beforehand, with their lists; each answer says how old both are, and beyond a bound there is none. What was
 * proven lives in this process only: after a restart it is learned, and proven, again.
 * @module
 */
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { WalletError } from '../../errors.ts'
import type { StatusView, TrustView } from '../../facade/identity.ts'
import { type FindSignatory, findSignatoryWith, type Signatory } from '../credential/issuer.ts'
import { verifyDocumentPresentation } from '../data-integrity/presentation.ts'
import { ledgerProofOf, type Resolution } from '../did/resolution.ts'
import type { DidResolver } from '../did/resolver.ts'
import { statusViewOf, trustOf } from '../holder/trust.ts'
import type { JsonObject } from '../jose/jws.ts'
import { rememberTaken } from '../sd-jwt/take-once.ts'
import { type KeyBindingExpected, verifyPresentation } from '../sd-jwt/verify.ts'
import {
  MOST_LIST_TRANSFER,
  readStatus,
  refuseUnlessValid,
  type StatusPorts,
  StatusUnreachable,
} from '../status/check-status.ts'
import { bitstringEntries, type StatusEntry, tokenEntry } from '../status/entry.ts'

export interface HeadlessPorts extends Omit<StatusPorts, 'findSignatory'> {
  readonly resolver: DidResolver
}

export interface Bounds {
  /** Milliseconds since the block that an issuer's document was proven at; for others since it was resolved. */
  readonly oldestIssuer: number
  /** Milliseconds since a status list was fetched. */
  readonly oldestStatus: number
}

/** A day without a network, and lists of the last hour. */
export const BOUNDS: Bounds = { oldestIssuer: 86_400_000, oldestStatus: 3_600_000 }

export interface VerifiedPresentation {
  readonly type: string
  readonly issuer: string
  /** What was shown, with what always is: of a document, all of it but its proof. */
  readonly claims: JsonObject
  readonly trust: TrustView
  /** Milliseconds since `trust` was so. */
  readonly issuerAge: number
  /** Null: it shows none. With bbs-2023 it is seen in any case only if its issuer made it mandatory; its end likewise. */
  readonly status: StatusView | null
}

export interface PresentationVerifier {
  /** With a network: proves an issuer's document, and fetches its lists. What was learned before stays when it fails. */
  learn(issuer: string, lists: readonly string[], signal: AbortSignal): Promise<TrustView>
  /**
   * Without one: asks nobody.
   * @param presentation an SD-JWT with its key binding; or a W3C presentation, or a credential that bbs-2023 derived
   * @throws {CredentialRefused | IssuerNotLearned | StatusUnreachable} and as `verifyPresentation` and `verifyDocumentPresentation`
   */
  verify(
    presentation: string | JsonObject,
    expected: KeyBindingExpected,
    signal: AbortSignal,
  ): Promise<VerifiedPresentation>
}

export function createPresentationVerifier(ports: HeadlessPorts, bounds: Bounds = BOUNDS): PresentationVerifier {
  const { clock } = ports
  const issuers = new Map<string, { readonly resolution: Resolution; readonly at: number }>()
  const lists = new Map<string, { readonly bytes: Uint8Array; readonly at: number }>()
  const takeOnce = rememberTaken(clock)

  const learned: DidResolver = {
    async resolve(did, signal) {
      // Whose holder's name is the key itself: nobody has to be asked, today or ever.
      if (!issuers.has(did) && /^did:(?:key|jwk):/.test(did)) return ports.resolver.resolve(did, signal)
      return issuerOf(did).resolution
    },
  }
  function issuerOf(did: string) {
    const known = issuers.get(did)
    if (!known) throw new IssuerNotLearned(did, 'it was never proven here')
    if (ageOf(known, clock.now()) > bounds.oldestIssuer) throw new IssuerNotLearned(did, 'that was too long ago')
    return known
  }
  const findSignatory: FindSignatory = findSignatoryWith(learned)
  const kept: Http = async ({ url }) => {
    const list = lists.get(url)
    if (!list || clock.now() - list.at > bounds.oldestStatus) {
      throw new StatusUnreachable(
        new URL(url).host,
        list ? 'its list was fetched too long ago' : 'its list was never fetched',
      )
    }
    return { status: 200, header: () => null, bytes: list.bytes }
  }
  const offline: StatusPorts = { ...ports, findSignatory, http: kept }

  return {
    async learn(issuer, uris, signal) {
      const options = issuer.startsWith('did:ethr:') ? ({ at: 'optimistic' } as const) : undefined
      const resolution = await ports.resolver.resolve(issuer, signal, options)
      issuers.set(issuer, { resolution, at: clock.now() })
      for (const url of uris) {
        const request = { url, method: 'GET', headers: {}, maxBytes: MOST_LIST_TRANSFER, signal } as const
        const answer = await ports.http(request)
        if (answer.status !== 200)
          throw new StatusUnreachable(new URL(url).host, `it answers with status ${answer.status}`)
        lists.set(url, { bytes: answer.bytes, at: clock.now() })
      }
      return trustOf(resolution, clock.now())
    },
    async verify(presentation, expected, signal) {
      const { type, issuer, claims, entries } =
        typeof presentation === 'string'
          ? await readSdJwtShown(presentation, expected, signal)
          : await readDocumentShown(presentation, expected, signal)
      const known = issuerOf(issuer.did)
      let status: StatusView | null = null
      for (const entry of entries) {
        status = statusViewOf(await readStatus(entry, issuer, offline, signal))
        refuseUnlessValid(status.state)
      }
      return {
        ...{ type, issuer: issuer.did, claims, trust: trustOf(known.resolution, known.at) },
        ...{ issuerAge: ageOf(known, clock.now()), status },
      }
    },
  }

  async function readSdJwtShown(text: string, expected: KeyBindingExpected, signal: AbortSignal): Promise<Shown> {
    const { sdJwt, type, issuer } = await verifyPresentation(text, expected, takeOnce, offline, signal)
    const entry = tokenEntry(sdJwt.jws.payload)
    return { type, issuer, claims: sdJwt.claims, entries: entry === null ? [] : [entry] }
  }

  async function readDocumentShown(
    shown: JsonObject,
    expected: KeyBindingExpected,
    signal: AbortSignal,
  ): Promise<Shown> {
    const { types, signatory, unsecured } = await verifyDocumentPresentation(shown, expected, takeOnce, offline, signal)
    const { document } = unsecured
    return { type: types.at(-1)!, issuer: signatory, claims: document, entries: bitstringEntries(document) }
  }
}

interface Shown {
  readonly type: string
  readonly issuer: Signatory
  readonly claims: JsonObject
  readonly entries: readonly StatusEntry[]
}

/** What a ledger proves is as old as its block. */
function ageOf({ resolution, at }: { readonly resolution: Resolution; readonly at: number }, now: number): number {
  return now - (ledgerProofOf(resolution)?.time ?? at)
}

export class IssuerNotLearned extends WalletError {
  constructor(did: string, reason: string) {
    super(
      { name: 'Identity.IssuerNotLearned', code: 'ISSUER_NOT_LEARNED', kind: 'unprovable' },
      `whether ${did} signed this cannot be shown without a network: ${reason}`,
      { next: 'Connect once, and try again.' },
    )
  }
}
