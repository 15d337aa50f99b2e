import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock } from '../../infrastructure/ports.ts'
import { isRelayed } from './carrier.ts'
import { startDeadline } from './deadline.ts'
import type { Connection, Libp2p } from './node-types.ts'
import type { PeerConnectionBudget } from './peer-connection-budget.ts'

export interface MeetPeersOptions {
  readonly node: Libp2p
  readonly clock: Clock
  readonly maxPeers: number
  /** Asked before each dial. */
  readonly budget: PeerConnectionBudget
  isBridge(id: string): boolean
  readonly signal: AbortSignal
}

export interface Meeting {
  /** The bridge at the other end of `bridge` says that these peers are reachable through it. */
  heardOf(bridge: Connection, ids: readonly string[]): void
  /** Tries those at once that wait for their turn: the network may be another one now. */
  wake(): void
}

/** Milliseconds. */
const DIAL_WITHIN = 12_000
const PAUSE_FIRST = 2_000
const PAUSE_LONGEST = 300_000
const DIALS_AT_A_TIME = 3
const BUDGET_AGAIN = 15_000

/**
 * Connects to browsers heard of, over WebRTC, signalled through the bridge that named them. Of two peers the one with
 * the larger id dials, so that they do not meet twice. Failed ones are tried again after a growing pause.
 */
export function meetPeers(options: MeetPeersOptions): Meeting {
  const { node, clock, signal } = options
  const self = node.peerId.toString()
  /** Latest way to a peer; in the order heard. */
  const known = new Map<string, Connection>()
  const failures = new Map<string, { count: number; until: number }>()
  const dialling = new Set<string>()

  const directPeers = () =>
    new Set(
      node
        .getConnections()
        .filter((connection) => !isRelayed(connection))
        .map((connection) => connection.remotePeer.toString()),
    )

  const dial = async (id: string, bridge: Connection) => {
    dialling.add(id)
    const deadline = startDeadline(clock, DIAL_WITHIN, signal)
    try {
      const peer = peerIdFromString(id)
      const through = `${bridge.remoteAddr.toString()}/p2p-circuit/webrtc/p2p/${id}`
      // `force`: a relayed connection that is left over must not stand for the direct one
      await node.dial(multiaddr(through), { signal: deadline.signal, force: node.getConnections(peer).length > 0 })
      failures.delete(id)
    } catch {
      const count = (failures.get(id)?.count ?? 0) + 1
      const pause = Math.min(PAUSE_LONGEST, PAUSE_FIRST * 2 ** (count - 1)) * (1 + Math.random() / 2)
      failures.set(id, { count, until: clock.now() + pause })
      clock.sleep(pause, signal).then(next, () => {})
    } finally {
      deadline.clear()
      dialling.delete(id)
      next()
    }
  }

  let waiting = false
  const waitForBudget = () => {
    if (waiting) return
    waiting = true
    const goOn = () => {
      waiting = false
      next()
    }
    clock.sleep(BUDGET_AGAIN, signal).then(goOn, () => {})
  }

  const next = () => {
    if (signal.aborted) return
    const direct = directPeers()
    const taken = [...direct].filter((id) => !options.isBridge(id)).length
    for (const [id, bridge] of known) {
      if (dialling.size >= DIALS_AT_A_TIME || taken + dialling.size >= options.maxPeers) return
      if (bridge.status !== 'open' || dialling.has(id) || direct.has(id)) continue
      if ((failures.get(id)?.until ?? 0) > clock.now()) continue
      if (!options.budget.take()) return waitForBudget()
      void dial(id, bridge)
    }
  }

  node.addEventListener('peer:disconnect', () => next())

  return {
    heardOf(bridge, ids) {
      for (const [id, way] of known) if (way === bridge || way.status !== 'open') known.delete(id)
      for (const id of ids) if (id < self && !options.isBridge(id)) known.set(id, bridge)
      for (const id of failures.keys()) if (!known.has(id)) failures.delete(id)
      next()
    },
    wake() {
      for (const failure of failures.values()) failure.until = 0
      next()
    },
  }
}
