import { InvalidInput } from '../../errors.ts'
import { AnswerTooLarge } from '../../infrastructure/http.ts'
import type { Http, HttpAnswer, HttpRequest } from '../../infrastructure/ports.ts'
import { MalformedAnswer, SourceUnreachable } from '../evidence-source.ts'
import { localNetworkDenial } from '../infrastructure/local-network-permission.ts'

/** One HTTP exchange with the errors of the evidence-source contract. */
export async function exchange(http: Http, source: string, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await http(request)
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) throw new MalformedAnswer(source, cause.message, { cause })
    const error = cause as Error & { cause?: { code?: string } }
    // The platform's own words may quote the address, and an address may carry a key: only the code is passed on.
    const reason = error.name === 'TimeoutError' ? 'it took too long' : (error.cause?.code ?? 'no connection')
    if (reason === 'no connection') {
      const denial = await localNetworkDenial([request.url])
      if (denial) throw denial
    }
    throw new SourceUnreachable(source, reason)
  }
}

/** @throws {MalformedAnswer} */
export function parseJson(source: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new MalformedAnswer(source, 'it is not JSON', { cause })
  }
}

/** Scheme and host of a source: its identity, without credentials or keys that a path or query may carry. @throws {InvalidInput} */
export function originOf(url: string): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new InvalidInput('source URL', 'it is not a URL', 'Write it like https://node.example:5052.')
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new InvalidInput('source URL', `expected http or https, got ${parsed.protocol}`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new InvalidInput(
      'source URL',
      'it must not contain a user name or password',
      'Use a key in the path or query.',
    )
  return parsed.origin
}

/** A path below a source's URL, whose own path prefix and query (an access key, perhaps) stay. */
export function below(url: string, path: string, query: Readonly<Record<string, string | number>> = {}): string {
  const target = new URL(url)
  target.pathname = `${target.pathname.replace(/\/+$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, String(value))
  return target.href
}
