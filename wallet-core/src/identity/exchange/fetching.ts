/** What the OpenID libraries ask through: encrypted addresses only, no redirects, nothing endless. @module */
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { InvalidAddressOfService, isLoopback, serviceAddress } from '../credential/address.ts'
import { ExchangeUnreachable } from './errors.ts'

/** A batch of credentials with portraits is smaller. */
const MOST_BYTES = 4 << 20

/** Says of each address whether it may be asked. @throws {InvalidAddressOfService} */
export type MayAsk = (url: URL) => void

/**
 * Who is on the internet does not lead to what listens on this device: everybody's pages could ask it through the wallet.
 * @param begun where the exchange began; null: with the first address that is asked
 */
export function withinReach(begun: string | null): MayAsk {
  let here = begun === null ? null : isLoopback(new URL(begun).hostname)
  return ({ hostname }) => {
    const leadsHere = isLoopback(hostname)
    here ??= leadsHere
    if (leadsHere && !here) {
      throw new InvalidAddressOfService('the address to ask', 'somebody on the internet leads to this very device')
    }
  }
}

/** @returns a `fetch` that throws {InvalidAddressOfService | ExchangeUnreachable} */
export function fetchThrough(http: Http, mayAsk: MayAsk, signal: AbortSignal): typeof fetch {
  return async (input, init = {}) => {
    const url = serviceAddress(input instanceof Request ? input.url : String(input), 'the address to ask')
    mayAsk(url)
    const method = (init.method ?? 'GET').toUpperCase()
    if (method !== 'GET' && method !== 'POST') throw new TypeError(`no ${method} is sent here`)
    const headers = Object.fromEntries(new Headers(init.headers as HeadersInit | undefined))
    const { body } = init
    if (body instanceof URLSearchParams) headers['content-type'] ??= 'application/x-www-form-urlencoded'
    const sent = body === undefined || body === null ? {} : { body: textOf(body) }
    const request = { url: url.href, method, headers, maxBytes: MOST_BYTES, signal, ...sent } as const
    const answer = await http(request).catch((cause: unknown) => {
      signal.throwIfAborted()
      throw new ExchangeUnreachable(url.host, cause)
    })
    const type = answer.header('content-type')
    const empty = answer.status === 204 || answer.status === 304
    return new Response(empty ? null : new Uint8Array(answer.bytes), {
      status: answer.status,
      headers: type === null ? {} : { 'content-type': type },
    })
  }
}

function textOf(body: unknown): string {
  if (typeof body === 'string') return body
  if (body instanceof URLSearchParams) return body.toString()
  throw new TypeError('only text is sent here')
}
