/**
 * The way from a page to the worker. The worker comes and goes: the relay opens a port when there is something to say,
 * remembers what is under way, and after the worker's death says it once more with the same id, so that the worker can
 * tell a repetition from a second request. What is lost twice is answered with 4900 (EIP-1193: disconnected).
 * @module
 */
import { RPC } from '@glowworm/wallet-core/provider/errors'
import { PROVIDER_PROTOCOL } from '@glowworm/wallet-core/provider/injected'

export interface Link {
  send(message: unknown): void
}

export interface RelayOptions {
  /** Opens a port to the worker and wakes it. Throws when the extension was updated or removed meanwhile. */
  readonly connect: (on: { message: (message: unknown) => void; lost: () => void; gone: () => void }) => Link
  readonly toPage: (message: unknown) => void
}

export interface Relay {
  fromPage(message: unknown): void
}

/** Longer ones hold nothing the wallet would accept: data and messages are limited to far less. */
export const MOST_CHARACTERS = 1024 * 1024

export function createRelay({ connect, toPage }: RelayOptions): Relay {
  const underWay = new Map<string, { readonly message: unknown; repeated: boolean }>()
  /** By the id of the request that made it, and makes it again in the worker's next life. */
  const subscriptions = new Map<string, { readonly name: string; readonly message: unknown; resuming: boolean }>()
  let link: Link | null = null

  function answer(id: string, code: number, message: string): void {
    underWay.delete(id)
    toPage({ protocol: PROVIDER_PROTOCOL, type: 'response', id, error: { code, message } })
  }

  function open(): Link {
    const opened = connect({
      gone() {
        if (link === opened) abandon()
      },
      message(message) {
        if (link !== opened) return
        const id = responseId(message)
        const resumed = id === null ? undefined : subscriptions.get(id)
        if (resumed) {
          // The page has its name already.
          resumed.resuming = false
          return
        }
        if (id !== null) keepSubscription(id, underWay.get(id)?.message, message)
        if (id !== null) underWay.delete(id)
        toPage(message)
      },
      lost() {
        if (link !== opened) return
        link = null
        resume()
        repeat()
      },
    })
    return opened
  }

  function keepSubscription(id: string, request: unknown, response: unknown): void {
    const { method, params } = (request ?? {}) as { method?: unknown; params?: unknown }
    const { result } = response as { result?: unknown }
    if (method === 'eth_subscribe' && typeof result === 'string')
      subscriptions.set(id, { name: result, message: request, resuming: false })
    if (method === 'eth_unsubscribe' && Array.isArray(params))
      for (const [made, { name }] of subscriptions) if (name === params[0]) subscriptions.delete(made)
  }

  /** A worker that dies of it is not asked again. */
  function resume(): void {
    for (const [id, subscription] of [...subscriptions]) {
      if (subscription.resuming) subscriptions.delete(id)
      else {
        subscription.resuming = true
        transmit(subscription.message)
      }
    }
  }

  function repeat(): void {
    for (const [id, request] of [...underWay]) {
      if (!underWay.has(id)) continue
      if (request.repeated) {
        answer(
          id,
          RPC.disconnected,
          'The wallet stopped while it worked on this. Look whether it was done, then try again.',
        )
        continue
      }
      request.repeated = true
      transmit(request.message)
    }
  }

  function transmit(message: unknown): void {
    try {
      link ??= open()
      link.send(message)
    } catch {
      abandon()
    }
  }

  /** This page outlived the extension it was opened with: nothing it says can arrive any more. */
  function abandon(): void {
    link = null
    underWay.clear()
    subscriptions.clear()
    toPage({ protocol: PROVIDER_PROTOCOL, type: 'lost' })
  }

  return {
    fromPage(message) {
      const id = requestId(message)
      if (id === null) return
      if (JSON.stringify(message).length > MOST_CHARACTERS)
        return answer(id, RPC.invalidParams, `params: longer than ${MOST_CHARACTERS} characters`)
      underWay.set(id, { message, repeated: false })
      transmit(message)
    },
  }
}

const requestId = (message: unknown): string | null => idOf(message, 'request')
const responseId = (message: unknown): string | null => idOf(message, 'response')

function idOf(message: unknown, wanted: 'request' | 'response'): string | null {
  if (typeof message !== 'object' || message === null) return null
  const { protocol, type, id } = message as Record<string, unknown>
  return protocol === PROVIDER_PROTOCOL && type === wanted && typeof id === 'string' ? id : null
}
