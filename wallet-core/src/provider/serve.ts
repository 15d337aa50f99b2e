/**
 * One page's connection to the provider. Page: `request` with id, method, params. Core: `state` at once and after each
 * `hello`, `response` with id and a result or an error, `event`.
 * @module
 */
import type { Channel } from '../facade/channel.ts'
import { RPC, RpcError, rpcErrorOf } from './errors.ts'
import { PROVIDER_PROTOCOL } from './injected.ts'
import type { Provider } from './provider.ts'

/** @param page what the browser says about the sender, e.g. `port.sender.origin`. Returns the function that stops it. */
export function serveProvider(
  provider: Provider,
  channel: Channel,
  page: { readonly origin: string; readonly topOrigin?: string },
): () => void {
  const send = (message: Record<string, unknown>) => channel.send({ protocol: PROVIDER_PROTOCOL, ...message })
  const sendState = () => send({ type: 'state', chainId: provider.chainId, accounts: provider.accounts(page.origin) })

  const subscriptions = provider.subscriptions(page.origin, (subscription, result) =>
    send({ type: 'event', event: 'message', data: { type: 'eth_subscription', data: { subscription, result } } }),
  )

  async function respond(id: string, method: unknown, params: unknown): Promise<void> {
    try {
      if (typeof method !== 'string') throw new RpcError(RPC.invalidRequest, 'method: expected a string')
      send({
        type: 'response',
        id,
        result: (await provider.handle({ ...page, id, method, params, subscriptions })) ?? null,
      })
    } catch (error) {
      const { code, message, data } = rpcErrorOf(error)
      send({ type: 'response', id, error: { code, message, ...(data ? { data } : {}) } })
    }
  }

  const stopListening = channel.listen((message) => {
    if (typeof message !== 'object' || message === null) return
    const { protocol, type, id, method, params } = message as Record<string, unknown>
    if (protocol !== PROVIDER_PROTOCOL) return
    if (type === 'hello') sendState()
    else if (type === 'request' && typeof id === 'string') void respond(id, method, params)
  })
  const unsubscribe = provider.subscribe(page.origin, ({ event, data }) => send({ type: 'event', event, data }))
  sendState()
  return () => {
    stopListening()
    unsubscribe()
    subscriptions.close()
  }
}
