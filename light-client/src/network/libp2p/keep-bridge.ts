/**
 * Keeps a browser connected to one bridge: dials (WebRTC first), waits for the relay reservation, attends the
 * rendezvous, and starts over with back-off when the bridge goes away.
 * @module
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { InvalidInput } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { DeadlinePassed, orAborted, startDeadline } from './deadline.ts'
import type { Connection, Libp2p, Multiaddr, PeerId } from './node-types.ts'
import { type Announcement, attendRendezvous, BridgeSilent } from './rendezvous.ts'

/** One bridge and the addresses it was given with, in the order they are tried. */
export interface BridgeAddresses {
  readonly peerId: PeerId
  readonly addresses: readonly Multiaddr[]
}

export type BridgeState =
  | { readonly state: 'dialling' }
  | { readonly state: 'connected'; readonly reachable: boolean }
  | { readonly state: 'waiting'; readonly cause: Error; readonly until: number }

/** Milliseconds. */
const DIAL_WITHIN = 8_000
const RESERVATION_WITHIN = 15_000
const LOOK_AGAIN = 100
const PAUSE_FIRST = 500
const PAUSE_LONGEST = 30_000
const AGAIN_FIRST = 250
const AGAIN_LATER = 5_000

/**
 * Groups multiaddrs by peer; webrtc-direct before everything else.
 * @throws {InvalidInput} naming the address
 */
export function groupBridges(texts: readonly string[]): BridgeAddresses[] {
  const groups = new Map<string, { peerId: PeerId; addresses: Multiaddr[] }>()
  for (const text of texts) {
    const address = readMultiaddr(text)
    const id = address.getComponents().findLast((component) => component.name === 'p2p')?.value
    if (!id) throw new InvalidInput(`bridge address ${text}`, 'expected it to end in /p2p/<peer id>')
    const group = groups.get(id) ?? { peerId: readPeerId(id, text), addresses: [] }
    group.addresses.push(address)
    groups.set(id, group)
  }
  const direct = (address: Multiaddr) => (address.toString().includes('/webrtc-direct') ? 0 : 1)
  for (const { addresses } of groups.values()) addresses.sort((a, b) => direct(a) - direct(b))
  return [...groups.values()]
}

function readMultiaddr(text: string): Multiaddr {
  try {
    return multiaddr(text)
  } catch {
    throw new InvalidInput(
      `bridge address ${text}`,
      'expected a multiaddr such as /ip4/127.0.0.1/tcp/4001/ws/p2p/12D3…',
    )
  }
}

function readPeerId(id: string, text: string): PeerId {
  try {
    return peerIdFromString(id)
  } catch {
    throw new InvalidInput(`bridge address ${text}`, `expected a libp2p peer id at its end, got ${id}`)
  }
}

export interface KeepBridgeOptions {
  readonly node: Libp2p
  readonly bridge: BridgeAddresses
  readonly label: string
  readonly clock: Clock
  /** Aborts when the node closes. */
  readonly signal: AbortSignal
  /** Wraps the dial, so that the connection gater can tell it from dials libp2p makes on its own. */
  dial<T>(work: () => Promise<T>): Promise<T>
  onState(state: BridgeState): void
  /** Neighbours the bridge told of, and where it answers STUN, with the connection it told them over. */
  onAnnouncement(bridge: Connection, announcement: Announcement): void
  /** Resolves to cut a pause short. */
  woken(): Promise<void>
}

/** Runs until `signal` aborts. */
export async function keepBridge(options: KeepBridgeOptions): Promise<void> {
  const { clock, signal } = options
  let pause = PAUSE_FIRST
  const relay = { refused: false }
  while (!signal.aborted) {
    try {
      options.onState({ state: 'dialling' })
      const connection = await dialBridge(options)
      options.onState({ state: 'connected', reachable: false })
      pause = PAUSE_FIRST
      await stayConnected(options, connection, relay)
      throw new Error('the connection to the bridge ended')
    } catch (error) {
      if (signal.aborted) return
      const cause = error instanceof Error ? error : new Error(String(error))
      const wait = pause * (1 + Math.random() / 2)
      pause = Math.min(PAUSE_LONGEST, pause * 2)
      options.onState({ state: 'waiting', cause, until: clock.now() + wait })
      const timer = startDeadline(clock, wait, signal)
      await orAborted(options.woken(), timer.signal).catch(() => {})
      timer.clear()
    }
  }
}

async function dialBridge(options: KeepBridgeOptions): Promise<Connection> {
  const { node, bridge, clock, signal } = options
  let failure: unknown
  for (const address of bridge.addresses) {
    const deadline = startDeadline(clock, DIAL_WITHIN, signal)
    try {
      return await options.dial(() => node.dial(address, { signal: deadline.signal }))
    } catch (error) {
      signal.throwIfAborted()
      failure = deadline.signal.aborted ? deadline.signal.reason : error
    } finally {
      deadline.clear()
    }
  }
  // the words for a failure are loaded when there is one
  const { localNetworkDenial } = await import('../infrastructure/local-network-permission.ts')
  throw (await localNetworkDenial(bridge.addresses.map(String))) ?? failure
}

/**
 * Resolves when the connection has closed. A bridge that gives no reservation is dialled anew once, because a new
 * connection gets a new chance; if it gives none again it is full or no relay, and is kept for its evidence.
 */
async function stayConnected(
  options: KeepBridgeOptions,
  connection: Connection,
  relay: { refused: boolean },
): Promise<void> {
  const gone = new AbortController()
  const onClose = () => gone.abort(new Error('the connection to the bridge ended'))
  connection.addEventListener('close', onClose, { once: true })
  if (connection.status !== 'open') onClose()
  const onEnd = () => gone.abort(options.signal.reason)
  options.signal.addEventListener('abort', onEnd, { once: true })
  try {
    if (!(await reserved(options, gone.signal))) {
      if (relay.refused) return await orAborted(new Promise<never>(() => {}), gone.signal)
      relay.refused = true
      connection.abort(new Error('no relay reservation'))
      return
    }
    relay.refused = false
    options.onState({ state: 'connected', reachable: true })
    const onAnnouncement = (announcement: Announcement) => options.onAnnouncement(connection, announcement)
    for (let again = AGAIN_FIRST; !gone.signal.aborted; again = AGAIN_LATER) {
      await attendRendezvous(connection, options.label, onAnnouncement, gone.signal, options.clock).catch((error) => {
        // a WebRTC connection whose other end has left looks open for many seconds; its streams tell sooner
        if (error instanceof BridgeSilent) connection.abort(error)
        // any other failure: a bridge without a rendezvous, or one that is full, still serves evidence
      })
      await options.clock.sleep(again, gone.signal).catch(() => {})
    }
  } finally {
    options.signal.removeEventListener('abort', onEnd)
    connection.removeEventListener('close', onClose)
  }
}

/**
 * True once this node has an address through the bridge, false when it gets none in time. It looks again and again:
 * libp2p announces changes of its addresses late and in sum, so one that went and came back is never announced.
 */
async function reserved(options: KeepBridgeOptions, signal: AbortSignal): Promise<boolean> {
  const { node, bridge, clock } = options
  const through = `/p2p/${bridge.peerId.toString()}/p2p-circuit`
  const deadline = startDeadline(clock, RESERVATION_WITHIN, signal)
  try {
    while (!node.getMultiaddrs().some((address) => address.toString().includes(through)))
      await clock.sleep(LOOK_AGAIN, deadline.signal)
    return true
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof DeadlinePassed) return false
    throw error
  } finally {
    deadline.clear()
  }
}
