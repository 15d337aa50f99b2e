/**
 * From a proven head to any of its ancestors: by the history contract, by its windows one after another, by the
 * finalized beacon state, by parents.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../errors.ts'
import { TooFarBack } from '../ledgers/ethereum/block-history.ts'
import { HISTORY_SERVE_WINDOW, steppingStone } from '../ledgers/ethereum/history-contract.ts'
import {
  type Block,
  type BlockId,
  type HistoricalStep,
  historyRequest,
  openHeaderChain,
  provenHeader,
  provenParent,
  recordedAncestor,
  type StateAnchor,
} from '../ledgers/ethereum/proven-block.ts'
import type { Instant, Verified } from '../ledgers/verified.ts'
import type { Evidence } from './chain-reader.ts'
import type { EvidenceCache } from './evidence-cache.ts'

export interface Ancestry {
  header(id: Verified<BlockId>): Promise<Verified<Block>>
  /** @throws {TooFarBack} */
  ancestor(head: Verified<StateAnchor>, number: bigint): Promise<Verified<BlockId>>
  ancestors(block: Verified<Block>, count: number): AsyncGenerator<Verified<Block>, void>
}

/** Up to here, following parents costs less than a proof of storage. */
const SHORT_WALK = 8n
/** How many parents are followed where no source has the state of old blocks. */
const MAX_WALK = 32_768n
/** Headers asked for at once on a long walk. */
const HEADERS_AT_ONCE = 128
/** Up to here, one request for headers costs less than what a source must do to prove a block by the beacon state. */
const MEDIUM_WALK = 128n
/** Final blocks remembered by number. They never change. */
const REMEMBERED = 8192

export function createAncestry({
  evidence,
  cache,
  historical,
  engines,
  now,
}: {
  evidence: Evidence
  cache: EvidenceCache
  /** The way by the finalized beacon state; null while no source offers it. */
  historical: (number: bigint) => Promise<HistoricalStep | null>
  engines: Engines
  now: () => Instant
}): Ancestry {
  const final = new Map<bigint, Verified<BlockId>>()

  function remember(id: Verified<BlockId>): void {
    if (id.finality.level !== 'final') return
    final.set(id.value.number, id)
    if (final.size > REMEMBERED) final.delete(final.keys().next().value!)
  }

  const header = (id: Verified<BlockId>) =>
    evidence.obtain({ type: 'execution_header', blockHash: id.value.hash }, (bytes) =>
      provenHeader(id, bytes, engines, now()),
    )

  /** What the state of a block has recorded; null when it has nothing, or nobody has that state any more. */
  async function recorded(block: Verified<StateAnchor>, number: bigint): Promise<Verified<BlockId> | null> {
    const known = block.finality.level === 'final' ? final.get(number) : undefined
    if (known) return known
    try {
      const id = await evidence.obtain(historyRequest(block.value, number), (proof) =>
        recordedAncestor(block, number, proof, engines, now()),
      )
      if (id) remember(id)
      return id
    } catch (cause) {
      // Old states are kept by few. Headers are another way, and prove no less.
      if (cause instanceof GlowwormError && cause.kind !== 'closed') return null
      throw cause
    }
  }

  /** By the finalized beacon state, in one step; null when nobody can give that proof. */
  async function byBeaconState(number: bigint): Promise<Verified<BlockId> | null> {
    const step = await historical(number)
    if (!step) return null
    try {
      const id = await evidence.obtain(step.request, (bytes) => step.prove(bytes, now()))
      remember(id)
      return id
    } catch (cause) {
      // Parents are another way, and prove no less.
      if (cause instanceof GlowwormError && cause.kind !== 'closed') return null
      throw cause
    }
  }

  /** Brings several headers at once into the cache. @returns whether it is worth trying again */
  async function prefetch(from: Verified<BlockId>, count: number): Promise<boolean> {
    const blockHash = from.value.hash
    if (count < 4 || cache.get({ type: 'execution_header', blockHash })) return true
    const wanted = Math.min(count, HEADERS_AT_ONCE)
    try {
      const headers = await evidence.obtain({ type: 'execution_headers', blockHash, count: wanted }, (bytes) =>
        openHeaderChain(blockHash, wanted, bytes, engines),
      )
      for (const { hash, bytes } of headers) cache.put({ type: 'execution_header', blockHash: hash }, bytes)
      return true
    } catch (cause) {
      // Not every source can; one by one works too.
      if (cause instanceof GlowwormError && cause.kind !== 'closed') return false
      throw cause
    }
  }

  async function* ancestors(block: Verified<Block>, count: number): AsyncGenerator<Verified<Block>, void> {
    let child = block
    let several = true
    for (let left = count; left > 0; left--) {
      const parent = provenParent(child, now())
      if (!parent) return
      if (several) several = await prefetch(parent, left)
      child = await header(parent)
      remember(parent)
      yield child
    }
  }

  async function ancestor(head: Verified<StateAnchor>, number: bigint): Promise<Verified<BlockId>> {
    let at: Verified<StateAnchor> = head
    if (at.value.number === number) return at
    const known = head.finality.level === 'final' ? final.get(number) : undefined
    if (known) return known
    while (at.value.number - number > HISTORY_SERVE_WINDOW) {
      const stone = await recorded(at, steppingStone(at.value.number))
      if (!stone) break
      at = await header(stone)
    }
    const distance = at.value.number - number
    if (distance === 0n) return at
    if (distance > SHORT_WALK && distance <= HISTORY_SERVE_WINDOW) {
      const id = await recorded(at, number)
      if (id) return id
    }
    if (distance > MEDIUM_WALK && head.finality.level === 'final') {
      const id = await byBeaconState(number)
      if (id) return id
    }
    if (distance > MAX_WALK) throw new TooFarBack(number, head.value.number)
    // The last step needs no header: a parent names it.
    let child = await header(at)
    for await (const block of ancestors(child, Number(distance) - 1)) child = block
    const parent = provenParent(child, now())
    if (parent?.value.number !== number) throw new TooFarBack(number, head.value.number)
    remember(parent)
    return parent
  }

  return { header, ancestor, ancestors }
}
