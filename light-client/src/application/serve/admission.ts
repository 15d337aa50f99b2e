/**
 * Who may ask. The server listens on loopback, but a web page can reach that too: by naming it outright (its origin is
 * then told), or under a name of its own that it lets point here (the Host header then is not ours). Pure.
 * @module
 */
import type { Reply, RequestHead } from '../../infrastructure/web-server.ts'

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** @param origins exactly as browsers send them, e.g. `https://app.example` */
export function admission(
  origins: ReadonlySet<string>,
): (head: RequestHead, kind: 'http' | 'websocket') => Reply | null {
  return (head, kind) => {
    // a whole address there would count for more than the Host header (RFC 9112, section 3.2.2)
    if (!head.path.startsWith('/')) return refusal(400, 'expected a path, not a whole address')
    const host = head.header('host')
    if (host === null || !LOOPBACK_NAMES.has(host.replace(/:\d{1,5}$/, '').toLowerCase()))
      return refusal(403, 'the Host header does not name this computer')
    const origin = head.header('origin')
    if (origin !== null && !origins.has(origin)) return refusal(403, 'this origin is not allowed to ask')
    if (kind === 'websocket') return null
    if (head.method === 'OPTIONS' && origin !== null) return preflight(origin)
    if (head.method !== 'POST') return refusal(405, 'JSON-RPC is asked with POST', { allow: 'POST' })
    const type = head.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== 'application/json') return refusal(415, 'the content type must be application/json')
    return null
  }
}

/** Headers without which a page of an allowed origin could not read the answer. */
export function corsHeaders(origin: string | null): Record<string, string> {
  return origin === null ? {} : { 'access-control-allow-origin': origin, vary: 'origin' }
}

function preflight(origin: string): Reply {
  return {
    status: 204,
    headers: {
      ...corsHeaders(origin),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type',
      'access-control-allow-private-network': 'true',
      'access-control-max-age': '600',
    },
  }
}

function refusal(status: number, reason: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: `${reason}\n` }
}
