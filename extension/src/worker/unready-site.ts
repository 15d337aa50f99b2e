/** What a site hears while there is no wallet yet. */
import type { Channel } from '@glowworm/wallet-core/facade/channel'
import { RPC } from '@glowworm/wallet-core/provider/errors'
import { PROVIDER_PROTOCOL } from '@glowworm/wallet-core/provider/injected'

export const NOT_SET_UP = { code: RPC.unauthorized, message: 'The wallet has not been set up yet.' }
export const NOT_STARTED = { code: RPC.internal, message: 'The wallet could not start.' }

/** Refuses every request with `error`; one to connect also calls `show`, so that the person sees what is the matter. */
export function refuseSite(channel: Channel, error: { code: number; message: string }, show: () => void): () => void {
  return channel.listen((message) => {
    if (typeof message !== 'object' || message === null) return
    const { protocol, type, id, method } = message as Record<string, unknown>
    if (protocol !== PROVIDER_PROTOCOL || type !== 'request' || typeof id !== 'string') return
    if (method === 'eth_requestAccounts' || method === 'wallet_requestPermissions') show()
    channel.send({ protocol: PROVIDER_PROTOCOL, type: 'response', id, error })
  })
}
