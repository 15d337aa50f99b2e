/** The client as an EIP-1193 provider: what viem (`custom`) and ethers (`BrowserProvider`) take as a transport. @module */
import { toQuantity } from '../../data/hex.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { Status } from '../light-client.ts'
import { createEmitter } from './emitter.ts'
import { RPC_CODES, RpcError } from './errors.ts'
import type { RpcAnswer, RpcClient } from './method.ts'
import { createRpc, type RpcRequest } from './rpc.ts'
import { openSession } from './session.ts'

/** Events of EIP-1193 that can happen here. There are no accounts and one chain. */
export interface ProviderEvents {
  connect: { readonly chainId: Hex }
  disconnect: Error
  message: {
    readonly type: 'eth_subscription'
    readonly data: { readonly subscription: string; readonly result: unknown }
  }
}

export interface VerifiedProvider {
  /** @throws {RpcError} with the codes of EIP-1193 and EIP-1474 */
  request(request: RpcRequest): Promise<unknown>
  /** The result with the way it was proven, or a label that says it was not. @throws {RpcError} */
  answer(request: RpcRequest): Promise<RpcAnswer>
  on<E extends keyof ProviderEvents>(event: E, listener: (payload: ProviderEvents[E]) => void): this
  removeListener<E extends keyof ProviderEvents>(event: E, listener: (payload: ProviderEvents[E]) => void): this
  /** Ends all subscriptions. The light client goes on. */
  close(): void
}

export function createProvider(client: RpcClient): VerifiedProvider {
  const emitter = createEmitter<ProviderEvents>()
  const { emit } = emitter
  const session = openSession(createRpc(client), client, {
    notify: (subscription, result) => emit('message', { type: 'eth_subscription', data: { subscription, result } }),
    lost: (_subscription, cause) => emit('disconnect', cause),
  })
  let connected = client.status.state === 'following'
  const stop = client.subscribe((status) => {
    const now = status.state === 'following'
    if (now === connected) return
    connected = now
    if (now) emit('connect', { chainId: toQuantity(client.network.chainId) })
    else emit('disconnect', disconnection(status))
  })
  const provider: VerifiedProvider = {
    request: async (request) => (await session.answer(request)).result,
    answer: (request) => session.answer(request),
    on(event, listener) {
      emitter.on(event, listener)
      return provider
    },
    removeListener(event, listener) {
      emitter.removeListener(event, listener)
      return provider
    },
    close() {
      stop()
      session.close()
      emitter.clear()
    },
  }
  return provider
}

function disconnection(status: Status): RpcError {
  const cause = status.state === 'stalled' ? status.cause : null
  return new RpcError(RPC_CODES.disconnected, cause?.message ?? `the light client is ${status.state}`, {
    code: cause?.code ?? 'DISCONNECTED',
  })
}
