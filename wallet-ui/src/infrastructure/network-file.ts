import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { after } from './clock.ts'
import { remember, remembered } from './page.ts'

const KEY = 'glowworm.network'

/**
 * The profile of the network this wallet is served for, from its own origin. It may change between two starts, so it is
 * asked for each time; without a connection the last one serves, so that the wallet opens and shows what it has.
 * @throws {NoNetworkFile}
 */
export async function fetchNetwork(): Promise<unknown> {
  const url = new URL('network.json', document.baseURI)
  let text: string
  try {
    const response = await fetchWhenReady(url)
    if (!response.ok) throw new NoNetworkFile(url.pathname, `HTTP status ${response.status}`)
    text = await response.text()
  } catch (cause) {
    const last = cause instanceof NoNetworkFile ? null : remembered(KEY)
    if (last === null)
      throw cause instanceof NoNetworkFile ? cause : new NoNetworkFile(url.pathname, 'no answer', cause)
    return JSON.parse(last)
  }
  let profile: unknown
  try {
    profile = JSON.parse(text)
  } catch (cause) {
    throw new NoNetworkFile(url.pathname, 'it is not JSON', cause)
  }
  // Where nothing can be stored only the next start without a connection is lost.
  remember(KEY, text)
  return profile
}

/** A network that is just being started answers 503 for a while. */
async function fetchWhenReady(url: URL, tries = 120): Promise<Response> {
  const response = await fetch(url, { cache: 'no-store' })
  if (response.status !== 503 || tries === 0) return response
  await new Promise<void>((resolve) => after(500, resolve))
  return fetchWhenReady(url, tries - 1)
}

/** Without its network's profile the wallet does not know which network it is for. */
export class NoNetworkFile extends Error {
  readonly problem: Problem
  constructor(path: string, reason: string, cause?: unknown) {
    super(`${path} could not be read: ${reason}`, { cause })
    this.name = 'Boot.NoNetworkFile'
    this.problem = { code: 'NO_NETWORK_FILE', kind: 'unreachable', message: this.message, next: null }
  }
}
