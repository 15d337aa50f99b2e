/** Keeps one consensus node connected: dials, shakes hands, and starts over with jittered back-off. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { type Carrier, SourceUnreachable } from '../evidence-source.ts'
import { carrierOf } from '../libp2p/carrier.ts'
import { orAborted, startDeadline } from '../libp2p/deadline.ts'
import type { Connection, Libp2p } from '../libp2p/node-types.ts'
import type { ConsensusAddress } from './consensus-address.ts'
import { exactly, GOODBYE, GOODBYE_REASON, Goodbye, STATUS_V1, STATUS_V2, Status, StatusV2 } from './methods.ts'
import { localStatus, sameNetwork, speaksStatusV2 } from './node-state.ts'
import { type RequestTimes, requestChunks } from './request-chunks.ts'

export type ConsensusPeerState =
  | { readonly state: 'connecting' }
  | { readonly state: 'connected'; readonly headSlot: bigint; readonly finalizedEpoch: bigint }
  | { readonly state: 'waiting'; readonly cause: Error }
  | { readonly state: 'barred' }

export interface ConsensusPeer {
  readonly peerId: string
  readonly state: ConsensusPeerState
  /** How it is connected, or would be. */
  readonly carrier: Carrier
  /** The connection, once hands are shaken. @throws {SourceUnreachable} when that takes too long */
  connection(signal: AbortSignal): Promise<Connection>
  /** Resolves when the loop has ended, after `signal` aborted. */
  readonly ended: Promise<void>
}

export interface KeepPeerOptions {
  readonly node: Libp2p
  readonly address: ConsensusAddress
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  readonly isBarred: () => boolean
  /** Aborts when the node closes. */
  readonly signal: AbortSignal
  readonly times?: RequestTimes
  /** For a person: why the peer is not connected. Called once for each change of the reason. */
  readonly report?: (message: string) => void
}

/** Milliseconds. */
const DIAL_WITHIN = 10_000
const CONNECTED_WITHIN = 15_000
const PAUSE_FIRST = 500
const PAUSE_LONGEST = 60_000
/** A node of another network will not change its mind soon; one that is barred is looked at as rarely. */
const PAUSE_IRRELEVANT = 5 * 60_000
const GOODBYE_WITHIN = 1_000

export function keepConsensusPeer(options: KeepPeerOptions): ConsensusPeer {
  const { address, clock, signal } = options
  const peerId = address.peerId.toString()
  let state: ConsensusPeerState = { state: 'connecting' }
  let current: Connection | null = null
  let reported = ''
  const waiting = new Set<() => void>()

  async function run(): Promise<void> {
    let pause = PAUSE_FIRST
    while (!signal.aborted) {
      let wait = pause * (0.5 + Math.random())
      try {
        if (options.isBarred()) throw new Barred()
        state = { state: 'connecting' }
        const connection = await dial(options)
        const status = await shakeHands(connection, options)
        state = { state: 'connected', headSlot: status.head_slot, finalizedEpoch: status.finalized_epoch }
        current = connection
        pause = PAUSE_FIRST
        reported = ''
        for (const wake of waiting) wake()
        await closed(connection, signal)
        throw new Error('the connection ended')
      } catch (error) {
        current = null
        if (signal.aborted) break
        const cause = error instanceof Error ? error : new Error(String(error))
        state = cause instanceof Barred ? { state: 'barred' } : { state: 'waiting', cause }
        for (const wake of waiting) wake()
        if (cause.message !== reported) options.report?.(`consensus node ${shortId(peerId)}: ${cause.message}`)
        reported = cause.message
        if (cause instanceof Barred || cause instanceof IrrelevantNetwork) wait = PAUSE_IRRELEVANT
        else pause = Math.min(PAUSE_LONGEST, pause * 2)
        await clock.sleep(wait, signal).catch(() => {})
      }
    }
  }

  const ended = run()
  return {
    peerId,
    get state() {
      return state
    },
    ended,
    get carrier() {
      const carrier = current && carrierOf(current)
      return carrier && carrier !== 'relay' ? carrier : 'tcp'
    },
    async connection(callerSignal) {
      const words = describeConsensusPeer(peerId)
      const deadline = startDeadline(clock, CONNECTED_WITHIN, AbortSignal.any([callerSignal, signal]))
      let wake = () => {}
      const woken = () =>
        new Promise<void>((resolve) => {
          wake = resolve
          waiting.add(wake)
        })
      try {
        while (current?.status !== 'open') {
          // nothing to wait for
          if (state.state === 'barred' || (state.state === 'waiting' && state.cause instanceof IrrelevantNetwork))
            throw new SourceUnreachable(words, state.state === 'barred' ? new Barred().message : state.cause.message)
          await orAborted(woken(), deadline.signal)
        }
        return current
      } catch (error) {
        callerSignal.throwIfAborted()
        if (error instanceof SourceUnreachable) throw error
        const reason = state.state === 'waiting' ? state.cause.message : 'it is not connected yet'
        throw new SourceUnreachable(words, reason, { cause: error })
      } finally {
        deadline.clear()
        waiting.delete(wake)
      }
    },
  }
}

export const shortId = (peerId: string) => `${peerId.slice(0, 4)}…${peerId.slice(-4)}`
export const describeConsensusPeer = (peerId: string) => `consensus node ${shortId(peerId)} over libp2p`

async function dial({ node, address, clock, signal }: KeepPeerOptions): Promise<Connection> {
  let failure: unknown
  for (const candidate of address.addresses) {
    const deadline = startDeadline(clock, DIAL_WITHIN, signal)
    try {
      return await node.dial(candidate, { signal: deadline.signal })
    } catch (error) {
      signal.throwIfAborted()
      failure = deadline.signal.aborted ? deadline.signal.reason : error
    } finally {
      deadline.clear()
    }
  }
  throw failure
}

/** The dialling side asks for the status first; a node of another network gets a goodbye. */
async function shakeHands(
  connection: Connection,
  { profile, hashes, clock, signal, times }: KeepPeerOptions,
): Promise<ReturnType<typeof Status.deserialize>> {
  const local = () => localStatus(profile, clock.now(), hashes)
  const typeFor = (protocol: string) => (protocol === STATUS_V2 ? StatusV2 : Status)
  const { chunks, protocol } = await requestChunks(
    connection,
    {
      protocols: speaksStatusV2(profile, clock.now()) ? [STATUS_V2, STATUS_V1] : [STATUS_V1],
      maxChunks: 1,
      spoken: (agreed) => ({
        content: agreed === STATUS_V2 ? StatusV2.serialize(local()) : Status.serialize(local()),
        contextBytes: 0,
        boundsOf: () => exactly(typeFor(agreed).size!),
      }),
    },
    signal,
    clock,
    times,
  )
  const [chunk] = chunks
  if (chunk?.result !== 'success') throw new Error(`it did not give its status${chunk ? `: ${chunk.message}` : ''}`)
  const status = typeFor(protocol).deserialize(chunk.ssz)
  if (sameNetwork(status, profile, clock.now(), hashes)) return status
  await sayGoodbye(connection, GOODBYE_REASON.irrelevantNetwork, clock)
  await connection.close().catch(() => {})
  throw new IrrelevantNetwork()
}

/** Best effort: the other side may be gone. */
export async function sayGoodbye(connection: Connection, reason: bigint, clock: Clock): Promise<void> {
  const deadline = startDeadline(clock, GOODBYE_WITHIN)
  try {
    await requestChunks(
      connection,
      {
        protocols: [GOODBYE],
        maxChunks: 1,
        spoken: () => ({ content: Goodbye.serialize(reason), contextBytes: 0, boundsOf: () => exactly(8) }),
      },
      deadline.signal,
      clock,
    )
  } catch {
    // it has been told, or cannot be
  } finally {
    deadline.clear()
  }
}

function closed(connection: Connection, signal: AbortSignal): Promise<void> {
  return orAborted(
    new Promise<void>((resolve) => {
      connection.addEventListener('close', () => resolve(), { once: true })
      if (connection.status !== 'open') resolve()
    }),
    signal,
  )
}

/** The peer follows another chain, or another fork of this one. */
export class IrrelevantNetwork extends GlowwormError {
  constructor() {
    super(
      { name: 'Network.IrrelevantNetwork', code: 'IRRELEVANT_NETWORK', kind: 'unprovable' },
      'it is on another network, or at another fork',
      { next: 'Check the network profile and the address; after a fork, update the software.' },
    )
  }
}

/** Not dialled: it has lied, or been a nuisance. */
class Barred extends Error {
  constructor() {
    super('it is barred for what it did')
    this.name = 'Barred'
  }
}
