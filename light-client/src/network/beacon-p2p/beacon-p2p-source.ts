/** A consensus node over its own req/resp protocols as a source of evidence. What it says is not believed here. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { fromHex } from '../../data/hex.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { formatOfDigest, UnknownForkDigest } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import {
  type Carrier,
  type EvidenceSource,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  type SourceDescription,
  SourceUnreachable,
} from '../evidence-source.ts'
import { DeadlinePassed, orAborted } from '../libp2p/deadline.ts'
import type { Connection } from '../libp2p/node-types.ts'
import { type PeerLimitOptions, peerLimits } from '../libp2p/peer-limits.ts'
import type { GossipKind } from './gossip-topics.ts'
import { describeConsensusPeer } from './keep-consensus-peer.ts'
import { labelObject } from './light-client-object.ts'
import {
  LIGHT_CLIENT_METHODS,
  type LightClientMethod,
  lengthBounds,
  MAX_REQUEST_LIGHT_CLIENT_UPDATES,
  UpdatesByRangeRequest,
} from './methods.ts'
import type { Fault } from './peer-standing.ts'
import { isMalformed, type MethodAnswer, type RequestTimes, requestChunks } from './request-chunks.ts'
import { type Chunk, CONTEXT_BYTES, RESULT } from './ssz-snappy.ts'

/** MAX_CONCURRENT_REQUESTS of the networking specification. */
const CONCURRENT = 2
/** Milliseconds. */
const NOT_SERVED_FOR = 10 * 60_000
/** Consensus nodes allow two such requests in twelve seconds (Lodestar); gossip brings what is newer in between. */
const POLL_INTERVAL = 6_500
/** What others make us ask must not get us barred: Lodestar allows five bootstraps in fifteen seconds. */
const ASKING: PeerLimitOptions = { perSecond: 0.25, burst: 4, pendingPerPeer: 16, pendingTotal: 64, peersRemembered: 8 }

export interface BeaconP2pSourceOptions {
  readonly peerId: string
  readonly carrier: () => Carrier
  /** The connection after the handshake. @throws {SourceUnreachable} */
  readonly connection: (signal: AbortSignal) => Promise<Connection>
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  readonly times?: RequestTimes
  readonly pollInterval?: number
  readonly onFault?: (fault: Fault) => void
}

export interface BeaconP2pSource extends EvidenceSource {
  /** What the node gossiped; it is given as its answer until the node may be asked again. */
  heard(kind: GossipKind, bytes: Uint8Array): void
}

export function beaconP2pSource(options: BeaconP2pSourceOptions): BeaconP2pSource {
  const { peerId, profile, hashes, clock, pollInterval = POLL_INTERVAL } = options
  const description: SourceDescription = {
    id: peerId,
    words: describeConsensusPeer(peerId),
    get carrier() {
      return options.carrier()
    },
  }
  const closing = new AbortController()
  const notServed = new Map<LightClientMethod, number>()
  const newest = new Map<GossipKind, { bytes: Uint8Array; at: number }>()
  const asked = new Map<GossipKind, number>()
  const waiting = new Set<() => void>()
  const restraint = peerLimits(clock, ASKING)
  let pending = 0

  /** A place among the few requests that may be open at a time. */
  async function takePlace(signal: AbortSignal): Promise<void> {
    while (pending >= CONCURRENT) {
      let wake = () => {}
      const freed = new Promise<void>((resolve) => {
        wake = resolve
        waiting.add(wake)
      })
      await orAborted(freed, signal).finally(() => waiting.delete(wake))
    }
    pending += 1
  }
  const leavePlace = () => {
    pending -= 1
    for (const wake of waiting) wake()
  }

  async function ask(
    method: LightClientMethod,
    content: Uint8Array | null,
    maxChunks: number,
    signal: AbortSignal,
  ): Promise<Uint8Array[]> {
    const leave = restraint.enter(method)
    if (typeof leave === 'string') throw new SourceUnreachable(description.words, 'it was asked too often just now')
    await takePlace(signal).catch((error) => {
      leave()
      throw error
    })
    try {
      const connection = await options.connection(signal)
      const answer = await exchange(connection, method, content, maxChunks, signal)
      return objectsOf(answer, method)
    } catch (error) {
      signal.throwIfAborted()
      throw asContractError(error, method)
    } finally {
      leave()
      leavePlace()
    }
  }

  const exchange = (
    connection: Connection,
    method: LightClientMethod,
    content: Uint8Array | null,
    maxChunks: number,
    signal: AbortSignal,
  ) =>
    requestChunks(
      connection,
      {
        protocols: [LIGHT_CLIENT_METHODS[method]],
        maxChunks,
        spoken: () => ({
          content,
          contextBytes: CONTEXT_BYTES,
          boundsOf: (digest) => lengthBounds(method, profile.preset, formatOfDigest(profile, digest, hashes)),
        }),
      },
      signal,
      clock,
      options.times,
    )

  /** What came whole counts, also when an error or a break followed: part of a range is an answer. */
  function objectsOf({ chunks }: MethodAnswer, method: LightClientMethod): Uint8Array[] {
    const objects = chunks.flatMap((chunk) =>
      chunk.result === 'success' ? [labelObject(method, chunk.context, chunk.ssz, profile, hashes).bytes] : [],
    )
    if (objects.length > 0) return objects
    const [refusal] = chunks
    if (refusal?.result !== 'error') throw new SourceUnreachable(description.words, 'the answer was empty')
    throw refusalError(refusal, method)
  }

  function refusalError({ code, message }: Extract<Chunk, { result: 'error' }>, method: LightClientMethod): Error {
    const because = message === '' ? '' : `: ${message}`
    if (code === RESULT.invalidRequest) return new Rejected(description.words, `the request of ${method}${because}`)
    if (code === RESULT.resourceUnavailable)
      return new NotAvailable(description.words, `what ${method} asks for${because}`)
    return new SourceUnreachable(description.words, `error ${code}${because}`)
  }

  function asContractError(error: unknown, method: LightClientMethod): Error {
    if (error instanceof NotAvailable || error instanceof Rejected || error instanceof SourceUnreachable) return error
    const reason = error instanceof Error ? error.message : String(error)
    const options_ = { cause: error }
    if ((error as { name?: unknown }).name === 'UnsupportedProtocolError') {
      notServed.set(method, clock.now() + NOT_SERVED_FOR)
      return new NotAvailable(description.words, `${method}; it does not serve light clients`, options_)
    }
    if (error instanceof UnknownForkDigest)
      return new NotAvailable(description.words, `${method} in a known form (${reason})`, options_)
    if (isMalformed(error)) {
      options.onFault?.('malformed')
      return new MalformedAnswer(description.words, reason, options_)
    }
    if (error instanceof DeadlinePassed) options.onFault?.('silent')
    return new SourceUnreachable(description.words, reason, options_)
  }

  /** The newest of a kind: what was heard a moment ago, or asked. */
  async function newestOf(kind: GossipKind, signal: AbortSignal): Promise<Uint8Array> {
    const now = clock.now()
    const known = newest.get(kind)
    if (known && now - known.at < pollInterval) return known.bytes
    const before = asked.get(kind)
    if (before !== undefined && now - before < pollInterval) {
      if (known) return known.bytes
      throw new NotAvailable(description.words, `a ${kind.replace('_', ' ')} yet; it was asked a moment ago`)
    }
    asked.set(kind, now)
    const [bytes] = await ask(kind, null, 1, signal)
    newest.set(kind, { bytes: bytes!, at: clock.now() })
    return bytes!
  }

  async function answer(request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> {
    switch (request.type) {
      case 'bootstrap':
        return (await ask('bootstrap', fromHex(request.root, 'root', 32), 1, signal))[0]!
      case 'updates': {
        const count = Math.min(request.count, MAX_REQUEST_LIGHT_CLIENT_UPDATES)
        const range = { start_period: BigInt(request.startPeriod), count: BigInt(count) }
        return joinUpdates(await ask('updates', UpdatesByRangeRequest.serialize(range), count, signal))
      }
      case 'finality_update':
      case 'optimistic_update':
        return newestOf(request.type, signal)
      default:
        throw new NotAvailable(description.words, request.type)
    }
  }

  return {
    description,
    serves: (type) =>
      !closing.signal.aborted &&
      Object.hasOwn(LIGHT_CLIENT_METHODS, type) &&
      (notServed.get(type as LightClientMethod) ?? 0) <= clock.now(),
    async request(request, callerSignal) {
      const signal = AbortSignal.any([callerSignal, closing.signal])
      signal.throwIfAborted()
      return { bytes: await answer(request, signal), from: description }
    },
    heard: (kind, bytes) => void newest.set(kind, { bytes, at: clock.now() }),
    async close() {
      closing.abort(new SourceUnreachable(description.words, 'the source was closed'))
    },
  }
}
