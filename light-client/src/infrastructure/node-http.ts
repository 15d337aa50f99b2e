import type { IncomingMessage } from 'node:http'
import process from 'node:process'
import { AnswerTooLarge, lostIdleConnection } from './http.ts'
import type { Http } from './ports.ts'

/**
 * `platformHttp` for programs that run in Node: the same contract by `node:http`, which is loaded faster and into less
 * memory than what is behind `fetch` there. A redirect is an error, as it is there.
 */
export const nodeHttp: Http = async ({ url, method, headers, body, maxBytes, signal }) => {
  // Not by `import`: that reads every export of the module, and one of them loads all that `fetch` needs.
  const { request } = process.getBuiltinModule(url.startsWith('https:') ? 'node:https' : 'node:http')
  const send = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(url, { method, headers, signal }, resolve)
      sent.on('error', (cause) => reject(signal.aborted ? signal.reason : new TypeError('no answer', { cause })))
      sent.end(body)
    })
  const answer = await send().catch((cause) => {
    if (!lostIdleConnection(cause)) throw cause
    return send()
  })
  const { statusCode = 0 } = answer
  if (statusCode >= 300 && statusCode < 400 && statusCode !== 304) {
    answer.destroy()
    throw new TypeError('a redirect', { cause: { code: 'REDIRECTED' } })
  }
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of answer as AsyncIterable<Uint8Array>) {
      size += part.length
      // Leaving the loop destroys the connection.
      if (size > maxBytes) throw new AnswerTooLarge(url, maxBytes)
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) throw cause
    throw signal.aborted ? signal.reason : new TypeError('the answer broke off', { cause })
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  const header = (name: string) => {
    const value = answer.headers[name]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return { status: statusCode, header, bytes }
}
