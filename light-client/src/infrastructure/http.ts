import { GlowwormError } from '../errors.ts'
import type { Http } from './ports.ts'

/** The platform's `fetch`, reading no more than `maxBytes`. Redirects are refused: a source is the host it says it is. */
export const platformHttp: Http = async ({ url, method, headers, body, maxBytes, signal }) => {
  const send = () =>
    fetch(url, {
      method,
      headers,
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal,
      ...(body === undefined ? {} : { body }),
    })
  const response = await send().catch((cause) => {
    if (!lostIdleConnection(cause)) throw cause
    return send()
  })
  const parts: Uint8Array[] = []
  let size = 0
  const reader = response.body?.getReader()
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > maxBytes) {
      await reader.cancel()
      throw new AnswerTooLarge(url, maxBytes)
    }
    parts.push(value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { status: response.status, header: (name) => response.headers.get(name), bytes }
}

/**
 * A server may close a connection that was kept open at the very moment it is used again. Nothing was answered then, and
 * all that is sent here may be sent twice. Browsers do this by themselves, Node does not for POST.
 */
export function lostIdleConnection(cause: unknown): boolean {
  const code = (cause as { cause?: { code?: string } }).cause?.code
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}

/** More bytes than any honest answer has. */
export class AnswerTooLarge extends GlowwormError {
  constructor(url: string, maxBytes: number) {
    super(
      { name: 'Infrastructure.AnswerTooLarge', code: 'ANSWER_TOO_LARGE', kind: 'lie' },
      `${new URL(url).origin} sent more than ${maxBytes} bytes`,
    )
  }
}
