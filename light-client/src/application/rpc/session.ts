/** One connection: JSON-RPC with subscriptions, which end with it. @module */
import { GlowwormError } from '../../errors.ts'
import type { ChainReader } from '../chain-reader.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'
import { invalidParams, RPC_CODES, RpcError, rpcErrorOf } from './errors.ts'
import { logSearch } from './find-logs.ts'
import { headerForm } from './forms/block.ts'
import { logFilterParam } from './log-filter.ts'
import { placedLogForm } from './logs-answer.ts'
import { local, type RpcAnswer, type RpcClient } from './method.ts'
import { pacedChain } from './paced-chain.ts'
import { paramsOf } from './parameters.ts'
import type { Rpc, RpcRequest } from './rpc.ts'
import { type SubscriptionRoom, subscriptionRoom } from './subscription-room.ts'

export interface RpcSession {
  /** As `Rpc.answer`, and eth_subscribe and eth_unsubscribe besides. @throws {RpcError} and nothing else */
  answer(request: RpcRequest): Promise<RpcAnswer>
  close(): void
}

export interface SessionEvents {
  /** An event of a subscription, as JSON. */
  notify(subscription: string, result: unknown): void
  /** A subscription has missed something and was ended: whoever relies on it must know. */
  lost(subscription: string, cause: RpcError): void
}

const MOST_SUBSCRIPTIONS = 128

/**
 * @param asker tells this connection from others, see `Caller`
 * @param shared room for the subscriptions of all connections
 */
export function openSession(
  rpc: Rpc,
  client: RpcClient,
  events: SessionEvents,
  asker?: string,
  shared?: SubscriptionRoom,
): RpcSession {
  const room = subscriptionRoom(MOST_SUBSCRIPTIONS, shared)
  const subscriptions = new Map<string, () => void>()
  const closing = new AbortController()
  let next = 1n

  async function subscribe(kind: unknown, filter: unknown): Promise<string> {
    if (!room.take())
      throw new RpcError(
        RPC_CODES.limitExceeded,
        `at most ${MOST_SUBSCRIPTIONS} subscriptions of one connection, and of all together what the server bears`,
        {
          code: 'TOO_MANY_SUBSCRIPTIONS',
        },
      )
    const id = `0x${(next++).toString(16)}`
    let feed: ChangeFeed<unknown>
    try {
      feed = await feedOf(pacedChain(client.chain), kind, filter)
      closing.signal.throwIfAborted()
    } catch (cause) {
      room.give()
      throw rpcErrorOf(cause)
    }
    const stop = () => {
      if (!subscriptions.delete(id)) return
      unsubscribe()
      room.give()
    }
    const turn = async () => {
      const { events: found, failure } = await feed.next()
      if (!subscriptions.has(id)) return
      for (const result of found) events.notify(id, result)
      // What fails now is tried again with the next head; only a gap can never be filled.
      const error = failure === null ? null : rpcErrorOf(failure)
      if (typeof error?.data !== 'object' || error.data.code !== 'GAP_IN_CHAIN') return
      stop()
      events.lost(id, error)
    }
    subscriptions.set(id, stop)
    const unsubscribe = client.subscribe(({ state }) => {
      if (state === 'following') void turn()
    })
    return id
  }

  return {
    async answer(request) {
      try {
        const params = paramsOf(request.params)
        if (request.method === 'eth_subscribe')
          return local(await subscribe(params[0], params[1]), 'a subscription kept here, over proven heads')
        if (request.method === 'eth_unsubscribe') {
          const stop = typeof params[0] === 'string' ? subscriptions.get(params[0]) : undefined
          stop?.()
          return local(stop !== undefined, 'a subscription kept here')
        }
      } catch (cause) {
        throw rpcErrorOf(cause)
      }
      return rpc.answer(request, { signal: closing.signal, asker })
    },
    close() {
      closing.abort(new ConnectionClosed())
      for (const stop of [...subscriptions.values()]) stop()
    },
  }
}

/** Whoever asked has gone: what was under way is given up. */
export class ConnectionClosed extends GlowwormError {
  constructor() {
    super({ name: 'Rpc.ConnectionClosed', code: 'CLOSED', kind: 'closed' }, 'the connection was closed')
  }
}

function feedOf(chain: ChainReader, kind: unknown, filter: unknown): Promise<ChangeFeed<unknown>> {
  if (kind === 'newHeads')
    return createChangeFeed(chain, async ({ value }, removed) => (removed ? [] : [headerForm(value)]))
  if (kind === 'logs') {
    const search = logSearch(chain, logFilterParam(filter))
    return createChangeFeed(chain, async (block, removed) =>
      (await search(block)).map((log) => placedLogForm(log, removed)),
    )
  }
  if (kind === 'newPendingTransactions') throw invalidParams('subscription: nobody can prove what is pending')
  throw invalidParams('subscription: expected newHeads or logs')
}
