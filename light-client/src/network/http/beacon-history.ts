/**
 * Proofs of old blocks out of a beacon node. One state of the chain is downloaded for each finalized block that is asked
 * about (some 300 MB on mainnet), hashed, and reduced to what old blocks need; one at a time, and never beyond a limit.
 * Blocks older than SLOTS_PER_HISTORICAL_ROOT slots need the headers of their whole period besides, once.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { fromHex, toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Clock, Http } from '../../infrastructure/ports.ts'
import type { BeaconBlockHeader, LightClientHeader } from '../../ledgers/ethereum/data.ts'
import type { EthereumRequest, Hex } from '../../ledgers/ethereum/evidence.ts'
import { slotsPerHistoricalRoot } from '../../ledgers/ethereum/forks.ts'
import { type HistoricalState, openBeaconState } from '../../ledgers/ethereum/historical/beacon-state.ts'
import { historyPlace } from '../../ledgers/ethereum/historical/place.ts'
import { produceHistoricalBlock } from '../../ledgers/ethereum/historical/produce.ts'
import { verifyHistoricalBlock } from '../../ledgers/ethereum/historical/verify.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { MalformedAnswer, NotAvailable } from '../evidence-source.ts'
import { type BeaconNode, beaconNode, rootOf } from './beacon-node.ts'

export interface BeaconHistoryOptions {
  readonly url: string
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly http: Http
  readonly clock: Clock
  /** Default 512 MiB: mainnet states had some 300 MB in 2026. */
  readonly maxStateBytes?: number
}

export type HistoricalRequest = EthereumRequest & { readonly type: 'historical_block' }

export interface BeaconHistory {
  /**
   * The answer to `historical_block`, checked. What it needs goes on being prepared when `signal` aborts, so that who
   * asks again later may find it ready.
   * @throws {NotAvailable | SourceUnreachable | MalformedAnswer | UnsupportedState | NoHistoricalProof}
   */
  answer(request: HistoricalRequest, signal: AbortSignal): Promise<Uint8Array>
}

/** States and periods kept: a quarter of a megabyte each on mainnet. */
const KEPT = 8
/** Empty slots in a row, and blocks looked at in all, on the way to the slot of a block. */
const MAX_EMPTY_SLOTS = 128
const MAX_STEPS = 64
/** Headers asked for at a time. */
const AT_ONCE = 8

interface Ground {
  readonly finalized: BeaconBlockHeader
  readonly state: HistoricalState
}

export function beaconHistory(options: BeaconHistoryOptions): BeaconHistory {
  const { profile, engines, clock } = options
  const node = beaconNode({
    maxStateBytes: 512 * 1024 * 1024,
    timeoutMilliseconds: 15_000,
    stateTimeoutMilliseconds: 5 * 60_000,
    ...options,
  })
  const inTurn = oneAtATime()
  const grounds = remembering<Hex, Ground>((root) => inTurn(() => openGround(root)))
  const periods = remembering<number, Uint8Array>((period) => inTurn(() => rootsOfPeriod(node, period, options)))

  async function openGround(root: Hex): Promise<Ground> {
    const finalized = await node.header(root)
    if (!finalized) throw new NotAvailable(node.id, `the block ${root}`)
    if (rootOf(finalized, engines) !== root) throw new MalformedAnswer(node.id, 'the header is not the one asked for')
    const bytes = await node.state(toHex(finalized.state_root), finalized.slot)
    const pause = () => clock.sleep(0)
    const state = await asMalformed(node, () =>
      openBeaconState(bytes, { slot: finalized.slot, root: finalized.state_root }, profile, engines, pause),
    )
    return { finalized, state }
  }

  async function prepare({ finalizedRoot, blockNumber }: HistoricalRequest): Promise<Uint8Array> {
    const { finalized, state } = await grounds(finalizedRoot)
    const header = await findBlock(node, finalized, finalizedRoot, BigInt(blockNumber))
    const place = historyPlace(profile, state.slot, header.beacon.slot)
    const isOld = typeof place !== 'string' && place.field === 'historical_summaries'
    const span = slotsPerHistoricalRoot(profile)
    const roots = isOld ? await periods(Math.floor(header.beacon.slot / span)) : null
    const evidence = produceHistoricalBlock(state, header, roots, profile, engines)
    await asMalformed(node, async () =>
      verifyHistoricalBlock(finalized, BigInt(blockNumber), evidence, profile, engines),
    )
    return evidence
  }

  return {
    answer: (request, signal) => unlessAborted(prepare(request), signal),
  }
}

/**
 * The beacon block that holds the execution block `number`. No slot has more than one, so the difference of numbers is
 * the least difference of slots: a few steps lead there, from above.
 */
async function findBlock(
  node: BeaconNode,
  finalized: BeaconBlockHeader,
  root: Hex,
  number: bigint,
): Promise<LightClientHeader> {
  let at = await node.block(root, finalized.slot)
  for (let step = 0; step < MAX_STEPS; step++) {
    if (!at?.execution || at.execution.block_number < number) break
    if (at.execution.block_number === number) return at
    at = await blockAtOrBefore(node, at.beacon.slot - Number(at.execution.block_number - number))
  }
  throw new NotAvailable(node.id, `a beacon block with the execution block ${number}`)
}

async function blockAtOrBefore(node: BeaconNode, slot: number): Promise<LightClientHeader | null> {
  for (let at = slot; at >= 0 && at > slot - MAX_EMPTY_SLOTS; at--) {
    const block = await node.block(at, at)
    if (block) return block
  }
  return null
}

/** `block_roots` as the state at the end of a period held them: an empty slot repeats the root before it. */
async function rootsOfPeriod(
  node: BeaconNode,
  period: number,
  { profile, engines }: BeaconHistoryOptions,
): Promise<Uint8Array> {
  const span = slotsPerHistoricalRoot(profile)
  const start = period * span
  const roots = new Uint8Array(span * 32)
  let before: Hex | null = null
  for (let at = start - 1; at >= 0 && at > start - MAX_EMPTY_SLOTS && before === null; at--) {
    const header = await node.header(at)
    if (header) before = rootOf(header, engines)
  }
  for (let i = 0; i < span; i += AT_ONCE) {
    const count = Math.min(AT_ONCE, span - i)
    const headers = await Promise.all(Array.from({ length: count }, (_, j) => node.header(start + i + j)))
    for (const [j, header] of headers.entries()) {
      if (header) before = rootOf(header, engines)
      if (before === null) throw new NotAvailable(node.id, `the headers of slot ${start} and before`)
      roots.set(fromHex(before, 'root', 32), (i + j) * 32)
    }
  }
  return roots
}

/** What does not hold was sent by the node, not by whoever asks or answers. */
async function asMalformed<T>(node: BeaconNode, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof GlowwormError && cause.kind === 'lie')
      throw new MalformedAnswer(node.id, cause.message, { cause })
    throw cause
  }
}

function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.catch(() => {})
    return next
  }
}

/** The last few results by key; what failed is tried again when it is next asked for. */
function remembering<K, V>(make: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const kept = new Map<K, Promise<V>>()
  return (key) => {
    const made = kept.get(key) ?? make(key)
    kept.delete(key)
    kept.set(key, made)
    made.catch(() => kept.get(key) === made && kept.delete(key))
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!)
    return made
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  work.catch(() => {})
  try {
    signal.throwIfAborted()
    return await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
