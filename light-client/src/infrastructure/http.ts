import { GlowwormError } from '../errors.ts'
import type { Http } from './ports.ts'

/** The platform's `fetch`, reading no more than `maxBytes`. Redirects are refused: a source is the host it says it is. */
export const platformHttp: Http = async ({ url, method, headers, body, maxBytes, signal }) => {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal,
    ...(body === undefined ? {} : { body }),
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

/** More bytes than any honest answer has. */
export class AnswerTooLarge extends GlowwormError {
  constructor(url: string, maxBytes: number) {
    super(
      { name: 'Infrastructure.AnswerTooLarge', code: 'ANSWER_TOO_LARGE', kind: 'lie' },
      `${new URL(url).origin} sent more than ${maxBytes} bytes`,
    )
  }
}
