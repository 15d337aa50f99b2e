import type { Clock } from '../../infrastructure/ports.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable, type SourceDescription, SourceUnreachable } from '../evidence-source.ts'
import { type Origin, UNKNOWN } from '../peer-book/origins.ts'
import { askPeer, NOT_SERVED } from './ask-peer.ts'
import { type AskSession, type AskTimes, askSession, DEFAULT_ASK_TIMES } from './ask-session.ts'
import { bestConnection, carrierOf, describePeer, originsOf, type PeerCarrier, type PeerRole } from './carrier.ts'
import { orAborted } from './deadline.ts'
import type { Libp2p, PeerId, StreamOpener } from './node-types.ts'

/** Requests this side has open with one peer; further ones wait. Below what the peer allows (`peer-limits.ts`). */
const PENDING = 12
/** Milliseconds. */
const NOT_SERVED_FOR = 60_000

export interface PeerSourceOptions {
  readonly clock: Clock
  readonly role: PeerRole
  readonly times?: AskTimes
}

/**
 * A connected peer as a source of evidence. Each request takes the best direct connection there is at that moment, and
 * the stream that is open on it, so `description` follows the connection. `close` only stops asking; the connection belongs to the node.
 */
export function peerSource(node: Libp2p, peerId: PeerId, options: PeerSourceOptions): EvidenceSource {
  const id = peerId.toString()
  let carrier: PeerCarrier = 'tcp'
  let origins: readonly Origin[] = [UNKNOWN]
  return streamSource(() => {
    const connections = node.getConnections(peerId)
    const connection = bestConnection(connections)
    const found = originsOf(connections, id, options.role)
    // the relayed connection ends before the direct one; who introduced the peer does not change by that
    if (found.length > 0) origins = origins.includes(UNKNOWN) ? found : [...new Set([...found, ...origins])].slice(0, 8)
    const now = connection && carrierOf(connection)
    if (now !== undefined && now !== 'relay') carrier = now
    return { connection, description: describePeer(id, options.role, carrier, origins) }
  }, options)
}

/** Somebody who answers evidence requests on a stream, over whatever connection there is now. */
export function streamSource(
  current: () => { readonly connection: StreamOpener | undefined; readonly description: SourceDescription },
  options: Omit<PeerSourceOptions, 'role'>,
): EvidenceSource {
  /** Until when a peer that said so is not asked for a type again. */
  const notServed = new Map<PeerRequest['type'], number>()
  const waiting: (() => void)[] = []
  const closing = new AbortController()
  let pending = 0
  let session: { readonly connection: StreamOpener; readonly asking: AskSession } | null = null

  /** Requests share a stream for as long as it, and the connection it is on, last. */
  const sessionOn = (connection: StreamOpener): AskSession => {
    if (session?.connection === connection && !session.asking.over) return session.asking
    session?.asking.retire()
    session = { connection, asking: askSession(connection, options.clock, options.times ?? DEFAULT_ASK_TIMES) }
    return session.asking
  }
  const takePlace = async (signal: AbortSignal) => {
    while (pending >= PENDING) await orAborted(new Promise<void>((resolve) => waiting.push(resolve)), signal)
    pending += 1
  }
  current()

  return {
    get description() {
      return current().description
    },
    serves: (type) => !closing.signal.aborted && (notServed.get(type) ?? 0) <= options.clock.now(),
    async request(request, callerSignal) {
      const signal = AbortSignal.any([callerSignal, closing.signal])
      signal.throwIfAborted()
      await takePlace(signal)
      try {
        const { connection, description } = current()
        if (!connection) throw new SourceUnreachable(description.words, 'the connection is gone')
        const bytes = await askPeer(sessionOn(connection), description, request, signal)
        if (bytes !== NOT_SERVED) return { bytes, from: description }
        notServed.set(request.type, options.clock.now() + NOT_SERVED_FOR)
        throw new NotAvailable(description.words, `anything of type ${request.type}; it does not serve that`)
      } finally {
        pending -= 1
        // all of them: one that was cancelled meanwhile must not swallow the turn
        for (const wake of waiting.splice(0)) wake()
      }
    },
    async close() {
      const closed = new SourceUnreachable(current().description.words, 'the source was closed')
      closing.abort(closed)
      session?.asking.end(closed)
    },
  }
}
