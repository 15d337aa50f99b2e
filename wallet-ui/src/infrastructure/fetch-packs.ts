import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { PACK_KINDS } from '@glowworm/wallet-core/facade/pack-values'
import { remember, remembered } from './page.ts'

const KEY = 'glowworm.lists'
const ENDING = '.gwpack'
/** As the core takes at most. */
const MOST_BYTES = 4 * 1024 * 1024

/** Where lists were had from last time, or an empty text. */
export const rememberedListAddress = (): string => remembered(KEY) ?? ''
export const rememberListAddress = (address: string): void => remember(KEY, address)

/**
 * The signed lists that lie at an address: one file, or a folder with a file for each kind. Nothing of it is believed here.
 * Only this host is asked: it must not lead to another one, and gets nothing that says who asks.
 * @throws {ListsNotFetched} @throws the signal's reason
 */
export async function fetchPacks(address: string, signal: AbortSignal): Promise<Uint8Array[]> {
  const single = address.endsWith(ENDING)
  const folder = address.replace(/\/*$/, '/')
  const addresses = single ? [address] : PACK_KINDS.map((kind) => new URL(`${kind}${ENDING}`, folder).href)
  const found: Uint8Array[] = []
  for (const url of addresses) {
    const file = await fetchFile(url, signal)
    if (file) found.push(file)
  }
  if (found.length === 0) throw new ListsNotFetched(address, 'there is no list')
  return found
}

/** Null where there is none. */
async function fetchFile(url: string, signal: AbortSignal): Promise<Uint8Array | null> {
  const { host } = new URL(url)
  const failed = (cause: unknown): never => {
    signal.throwIfAborted()
    throw cause instanceof ListsNotFetched ? cause : new ListsNotFetched(host, 'it cannot be reached', cause)
  }
  const answer = await fetch(url, {
    signal,
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    redirect: 'error',
  }).catch(failed)
  if (answer.status === 404) return null
  if (!answer.ok) throw new ListsNotFetched(host, `it said ${answer.status}`)
  return readAtMost(answer, host).catch(failed)
}

async function readAtMost({ body }: Response, host: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for (let reader = body?.getReader(); reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    length += value.length
    if (length <= MOST_BYTES) continue
    await reader.cancel()
    throw new ListsNotFetched(host, `it sends more than ${MOST_BYTES} bytes`)
  }
  const file = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}

/** The address gave no list. Nothing was changed. */
export class ListsNotFetched extends Error {
  readonly problem: Problem
  constructor(where: string, reason: string, cause?: unknown) {
    super(`No list from ${where}: ${reason}. Nothing was changed.`, { cause })
    this.name = 'Lists.NotFetched'
    const next = 'Check the address, or take the list from a file. Its host has to let web pages read it (CORS).'
    this.problem = { code: 'LISTS_NOT_FETCHED', kind: 'unreachable', message: this.message, next }
  }
}
