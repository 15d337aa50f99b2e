/**
 * did:web: a document on a web server. It is as trustworthy as the server, the name system and the certificate
 * authorities, today: it can change without a trace, so the answer is `Attested` and says whose word it is.
 * @module
 */
import type { Clock, Http, HttpAnswer } from '@glowworm/light-client/infrastructure/ports'
import { type Attested, attest } from '@glowworm/light-client/ledgers/verified'
import { isPublicName } from '../credential/address.ts'
import type { Did } from './did.ts'
import { type DidDocument, readDidDocument } from './document.ts'
import { DidDocumentUnreachable, InvalidDidDocument, MalformedDid } from './errors.ts'
import { frozen } from './resolution.ts'

export interface DidWebPorts {
  /** Follows no redirect: the document comes from the host in the identifier, or not at all. */
  readonly http: Http
  readonly clock: Pick<Clock, 'now'>
}

export const MOST_DOCUMENT_BYTES = 65_536
/** Documents kept; the oldest goes first. */
export const MOST_KEPT = 64
const SECOND = 1000
/** What a server may ask for at most: a key that was withdrawn is not believed for longer. */
export const LONGEST_KEPT = 3600 * SECOND
const KEPT_BY_DEFAULT = 300 * SECOND

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const HOST = new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`)

export function createDidWeb({ http, clock }: DidWebPorts) {
  const kept = new Map<string, { readonly answer: Attested<DidDocument>; readonly until: number }>()

  /** @throws {MalformedDid | DidDocumentUnreachable | InvalidDidDocument} */
  return async ({ did, id }: Did, signal: AbortSignal): Promise<Attested<DidDocument>> => {
    const url = documentUrl(did, id)
    const known = kept.get(did)
    if (known && clock.now() < known.until) return known.answer
    const answer = await fetched(did, url, signal)
    const document = readDidDocument(did, jsonOf(did, answer.bytes))
    const attested = attest(frozen(document), `${url.host} (DNS and TLS: whoever runs it can change this)`, clock.now())
    kept.delete(did)
    const lifetime = lifetimeOf(answer.header('cache-control'))
    if (lifetime > 0) {
      kept.set(did, { answer: attested, until: attested.checkedAt + lifetime })
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value!)
    }
    return attested
  }

  async function fetched(did: string, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
    const request = {
      url: url.href,
      method: 'GET',
      headers: { accept: 'application/did+json, application/json' },
    } as const
    let answer: HttpAnswer
    try {
      answer = await http({ ...request, maxBytes: MOST_DOCUMENT_BYTES, signal })
    } catch (cause) {
      signal.throwIfAborted()
      throw new DidDocumentUnreachable(did, `${url.host} did not answer, redirects, or sends too much`, cause)
    }
    if (answer.status === 200) return answer
    throw new DidDocumentUnreachable(did, `${url.host} answers with status ${answer.status}`)
  }
}

/** did:web §3.2: where the document lies. @throws {MalformedDid} */
export function documentUrl(did: string, id: string): URL {
  const [authority = '', ...path] = id.split(':')
  const [, host = '', port] = /^([^%]*)(?:%3[aA]([0-9]+))?$/.exec(authority) ?? []
  if (host.length > 253 || !HOST.test(host) || !isPublicName(host))
    throw new MalformedDid(did, 'expected the name of a public host, in small letters')
  if (port !== undefined && (!/^[1-9][0-9]{0,4}$/.test(port) || Number(port) > 65_535)) {
    throw new MalformedDid(did, 'the port is not a number from 1 to 65535')
  }
  for (const segment of path) {
    if (!/^[A-Za-z0-9._-]+$/.test(segment) || /^\.+$/.test(segment)) {
      throw new MalformedDid(
        did,
        'a part of the path is empty, dots, or has other characters than letters, digits, . _ -',
      )
    }
  }
  const folder = path.length === 0 ? '.well-known' : path.join('/')
  return new URL(`https://${host}${port === undefined ? '' : `:${port}`}/${folder}/did.json`)
}

/** Milliseconds for which an answer may be given again: RFC 9111 as far as it concerns a private cache. */
export function lifetimeOf(cacheControl: string | null): number {
  const directives = (cacheControl ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
  if (directives.includes('no-store') || directives.includes('no-cache')) return 0
  const age = directives
    .map((part) => /^max-age="?([0-9]{1,10})"?$/.exec(part)?.[1])
    .find((value) => value !== undefined)
  return age === undefined ? KEPT_BY_DEFAULT : Math.min(Number(age) * SECOND, LONGEST_KEPT)
}

function jsonOf(did: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new InvalidDidDocument(did, 'it is not JSON in UTF-8', cause)
  }
}
