/**
 * `eth_subscribe` and `eth_unsubscribe` for one page: proven heads and logs as they come (geth's pub/sub; the `message`
 * event of EIP-1193). They end with the page, and with the site's permission. A subscription is named after the request
 * that made it: when a worker died, the same request sent again takes the same subscription up in the next one.
 * @module
 */
import type { Hex, LightClient } from '@glowworm/light-client'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { openSession, type RpcSession } from '@glowworm/light-client/application/rpc/session'
import { type SubscriptionRoom, subscriptionRoom } from '@glowworm/light-client/application/rpc/subscription-room'
import { toHex } from '@glowworm/light-client/data/hex'
import type { Core } from '../facade/core.ts'
import { isShut } from '../sites/site-rules.ts'
import { accountsOfSite, NotPermitted } from '../sites/sites.ts'
import { visibleAccounts } from './accounts-methods.ts'
import { RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

export interface Subscriptions {
  /** The name of the subscription. @throws {NotPermitted} {@link RpcError} */
  subscribe(requestId: string, params: Params): Promise<Hex>
  /** False where there is none of this name. */
  unsubscribe(name: unknown): boolean
  close(): void
}

/** Of one site, over all its pages: each costs evidence with every block. */
const MOST_OF_A_SITE = 16

/** Room of a site as long as one of its pages has subscriptions. */
const rooms = new WeakMap<Core, Map<string, SubscriptionRoom & { users: number }>>()

/** @param tell an event of a subscription */
export function createSubscriptions(
  core: Core,
  origin: string,
  tell: (subscription: Hex, result: unknown) => void,
): Subscriptions {
  /** What the page wants, whichever light client serves it now. */
  const wanted = new Map<Hex, Params>()
  const room = roomOf(core, origin)
  let session: { readonly client: LightClient; readonly rpc: RpcSession; readonly names: Map<string, Hex> } | null =
    null

  function sessionWith(client: LightClient): NonNullable<typeof session> {
    if (session?.client === client) return session
    session?.rpc.close()
    const names = new Map<string, Hex>()
    const events = {
      notify(id: string, result: unknown) {
        const name = names.get(id)
        if (name !== undefined && wanted.has(name)) tell(name, result)
      },
      // More blocks passed than can be caught up with: it goes on from the newest one.
      lost(id: string) {
        const name = names.get(id)
        names.delete(id)
        if (name !== undefined) void open(name).catch(() => undefined)
      },
    }
    session = { client, names, rpc: openSession(createRpc(client), client, events) }
    return session
  }

  /** @throws {RpcError} {@link NoSources} {@link NotFollowing} */
  async function open(name: Hex): Promise<void> {
    const params = wanted.get(name)
    if (params === undefined) return
    const { rpc, names } = sessionWith(core.connection.client())
    const { result } = await rpc.answer({ method: 'eth_subscribe', params })
    // Ended while it was being made.
    if (wanted.has(name)) names.set(result as string, name)
    else await rpc.answer({ method: 'eth_unsubscribe', params: [result] })
  }

  const stopWatching = core.published.subscribe(() => {
    if (wanted.size === 0) return
    if (permissionEnded(core, origin)) return end()
    const client = core.connection.opened ? core.connection.client() : null
    if (client === null || session === null || session.client === client) return
    // Other sources, or awake after a rest.
    sessionWith(client)
    for (const name of wanted.keys()) void open(name).catch(() => undefined)
  })

  function end(): void {
    for (const _ of wanted.keys()) room.give()
    wanted.clear()
    session?.rpc.close()
    session = null
  }

  return {
    async subscribe(requestId, params) {
      if (visibleAccounts(core, origin).length === 0) throw new NotPermitted()
      const name = nameOf(core, requestId)
      if (wanted.has(name)) return name
      if (!room.take())
        throw new RpcError(RPC.limitExceeded, `A site has at most ${MOST_OF_A_SITE} subscriptions; end one first.`)
      wanted.set(name, params)
      try {
        await open(name)
      } catch (error) {
        if (wanted.delete(name)) room.give()
        throw error
      }
      return name
    },
    unsubscribe(name) {
      if (typeof name !== 'string' || !wanted.delete(name as Hex)) return false
      room.give()
      const id = [...(session?.names ?? [])].find(([, its]) => its === name)?.[0]
      if (id !== undefined) {
        session?.names.delete(id)
        void session?.rpc.answer({ method: 'eth_unsubscribe', params: [id] })
      }
      return true
    },
    close() {
      stopWatching()
      end()
      room.leave()
    },
  }
}

/** While locked nothing is known of permissions: what was allowed goes on, for it says nothing of the person. */
function permissionEnded({ keyring: { records }, ports }: Core, origin: string): boolean {
  if (records === null) return false
  return isShut(records, origin, ports.clock.now()) || accountsOfSite(records, origin).length === 0
}

const NAME_BYTES = 16

function nameOf({ ports }: Core, requestId: string): Hex {
  return toHex(ports.engines.hashes.keccak256(new TextEncoder().encode(requestId)).subarray(0, NAME_BYTES))
}

function roomOf(core: Core, origin: string): SubscriptionRoom & { leave(): void } {
  const sites = rooms.get(core) ?? new Map<string, SubscriptionRoom & { users: number }>()
  rooms.set(core, sites)
  const room = sites.get(origin) ?? { ...subscriptionRoom(MOST_OF_A_SITE), users: 0 }
  sites.set(origin, room)
  room.users++
  return {
    take: room.take,
    give: room.give,
    leave() {
      room.users--
      if (room.users === 0) sites.delete(origin)
    },
  }
}
