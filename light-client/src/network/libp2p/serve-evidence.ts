import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import {
  type AnswerSession,
  type AnswerWork,
  answerSession,
  DEFAULT_SERVE_TIMES,
  type ServeTimes,
} from './answer-session.ts'
import { addressGroup } from './carrier.ts'
import { EVIDENCE_PROTOCOL, STATUS, type Status } from './evidence-protocol.ts'
import type { ByteStream, Connection, Libp2p, Stream } from './node-types.ts'
import { type PeerLimitOptions, peerLimits } from './peer-limits.ts'

export interface ServeOptions {
  readonly clock: Clock
  readonly limits?: PeerLimitOptions
  readonly times?: ServeTimes
}

export interface EvidenceServer {
  /** Requests so far, by how they ended. */
  readonly served: Readonly<Record<Status, number>>
  /** Takes no more requests; those under way have `within` milliseconds to end, then they are cancelled. */
  close(within?: number): Promise<void>
}

/** An asker needs one; more are there while an old one ends. */
export const MAX_STREAMS_PER_PEER = 8

/**
 * Answers evidence requests of peers from `source`. Whatever a peer sends, at worst its own stream is reset.
 * The source's answers are passed on as they are; verifying is the asker's business.
 */
export async function serveEvidence(
  node: Libp2p,
  source: EvidenceSource,
  options: ServeOptions,
): Promise<EvidenceServer> {
  const answerer = answerEvidence(source, options)
  await node.handle(
    EVIDENCE_PROTOCOL,
    (stream: Stream, connection: Connection) =>
      void answerer.answer(stream, connection.remotePeer.toString(), addressGroup(connection)),
    { maxInboundStreams: MAX_STREAMS_PER_PEER, runOnLimitedConnection: false },
  )
  return {
    served: answerer.served,
    async close(within) {
      await node.unhandle(EVIDENCE_PROTOCOL)
      await answerer.close(within)
    },
  }
}

/** Milliseconds that the last answers have to arrive before the connections end. */
const ARRIVAL = 500

export interface EvidenceAnswerer extends EvidenceServer {
  /** Answers the requests that come on a stream until it ends. Never rejects. `group`: `peer-limits.ts` */
  answer(stream: ByteStream, peer: string, group?: string): Promise<void>
}

/** The same for streams of any origin. */
export function answerEvidence(source: EvidenceSource, options: ServeOptions): EvidenceAnswerer {
  const draining = new AbortController()
  const closing = new AbortController()
  const work: AnswerWork = {
    source,
    clock: options.clock,
    times: options.times ?? DEFAULT_SERVE_TIMES,
    limits: peerLimits(options.clock, options.limits),
    served: Object.fromEntries(Object.keys(STATUS).map((status) => [status, 0])) as Record<Status, number>,
    draining: draining.signal,
    closing: closing.signal,
  }
  const sessions = new Set<AnswerSession>()
  return {
    served: work.served,
    async answer(stream, peer, group) {
      const session = answerSession(work, stream, peer, group)
      sessions.add(session)
      await session.ended
      sessions.delete(session)
    },
    async close(within = 0) {
      draining.abort()
      if (within > 0) {
        const waited = new AbortController()
        const patience = options.clock.sleep(within, waited.signal).catch(() => {})
        const all = [...sessions]
        await Promise.race([Promise.all(all.map((session) => session.leave())), patience])
        // What the transport has taken is not at the peer yet, and is lost with the connection.
        const arrived = options.clock.sleep(ARRIVAL, waited.signal).catch(() => {})
        await Promise.race([Promise.all(all.map(({ ended }) => ended)), patience, arrived])
        waited.abort()
      }
      closing.abort(new Error('the node is closing'))
    },
  }
}
