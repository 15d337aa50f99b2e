/**
 * The proven chain as one can read it: any block that can be shown to lie on it, and what those blocks hold. Everything
 * handed out went through the pure steps of `ledgers/ethereum/proven-block.ts` and `proven-content.ts`.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { NotOnChain } from '../ledgers/ethereum/block-history.ts'
import { type EthereumAnchor, executionOf } from '../ledgers/ethereum/consensus.ts'
import { EMPTY_CODE_HASH } from '../ledgers/ethereum/contract.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import {
  type Block,
  type BlockId,
  historicalStep,
  numberInHeader,
  provenHead,
  type StateAnchor,
} from '../ledgers/ethereum/proven-block.ts'
import {
  type ProvenState,
  provenCode,
  provenReceipts,
  provenState,
  provenTransactions,
  provenWithdrawals,
  stateRequest,
} from '../ledgers/ethereum/proven-content.ts'
import type { Verified } from '../ledgers/verified.ts'
import { createAncestry } from './ancestry.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import { readBlocksHint } from './hearsay.ts'
import type { HeadChoice } from './light-client.ts'
import { NoSourceCouldProve, type SourcePool } from './source-pool.ts'

export interface ChainReader {
  readonly profile: NetworkProfile
  readonly engines: Engines
  /** The newest proven block of a kind; waits until the client follows the chain. */
  head(choice: HeadChoice): Promise<Verified<StateAnchor>>
  /** The whole header of a proven block. */
  header(id: Verified<BlockId>): Promise<Verified<Block>>
  /**
   * The block with this number on the chain that ends in the newest head. Null: the newest head is older.
   * @throws {TooFarBack} when no source can connect it to a head
   */
  byNumber(number: bigint): Promise<Verified<BlockId> | null>
  /**
   * The block with this hash. Null: no source knows such a block, which proves nothing.
   * @throws {NotOnChain} when it exists but does not lie on the proven chain, or not yet
   */
  byHash(hash: Hex): Promise<Verified<Block> | null>
  /** The `count` nearest ancestors of a proven block, its parent first; fewer only where the chain begins. */
  ancestors(block: Verified<Block>, count: number): AsyncGenerator<Verified<Block>, void>
  /** Account and slots (32 bytes each) after a proven block. */
  state(block: Verified<StateAnchor>, address: Hex, slots: readonly Hex[]): Promise<Verified<ProvenState>>
  /** The code of a proven account after a proven block. */
  code(block: Verified<StateAnchor>, state: Verified<ProvenState>): Promise<Hex>
  /** EIP-2718 encodings of a block's transactions, in order. */
  transactions(block: Verified<Block>): Promise<Verified<readonly Uint8Array[]>>
  /** Consensus encodings of a block's receipts, in order. */
  receipts(block: Verified<Block>): Promise<Verified<readonly Uint8Array[]>>
  /** RLP of a block's withdrawals, in order; null before Shanghai. */
  withdrawals(block: Verified<Block>): Promise<Verified<readonly Uint8Array[]> | null>
  /** Hashes of blocks that sources say contain a transaction: where to look, never proof. */
  blocksNamedFor(transactionHash: Hex): Promise<Hex[]>
  /** Numbers of blocks that a source names for a contract's logs with this second topic; none when nobody says. */
  blocksNamedForLogs(address: Hex, topic: Hex): Promise<bigint[]>
}

export interface ChainReaderOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly pool: SourcePool
  readonly cache: EvidenceCache
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Resolves once there is an anchor with proven heads. */
  readonly anchor: () => Promise<EthereumAnchor>
}

/** What is asked for and checked, whichever source has it. */
export interface Evidence {
  /** Proves with evidence from the cache or from the sources; a check that throws a lie bans the source it came from. */
  obtain<T>(request: EvidenceRequest, check: (bytes: Uint8Array) => T): Promise<T>
}

export function createChainReader(options: ChainReaderOptions): ChainReader {
  const { profile, engines, pool, clock, signal } = options
  const evidence = createEvidence(options)
  const now = () => clock.now()
  const remember = recentContents()
  const historical = async (number: bigint) =>
    pool.offers('historical_block') ? historicalStep(await options.anchor(), number, profile, engines) : null
  const ancestry = createAncestry({ evidence, historical, engines, now, cache: options.cache })

  async function head(choice: HeadChoice): Promise<Verified<StateAnchor>> {
    const anchor = await options.anchor()
    const { finalized_header, optimistic_header } = anchor.store
    const execution = executionOf(choice === 'finalized' ? finalized_header : optimistic_header)
    const prove = (header: Uint8Array | null) => provenHead(anchor, choice, header, profile, engines, now())
    if (execution === null || execution.stateRoot !== null) return prove(null)
    return evidence.obtain({ type: 'execution_header', blockHash: execution.blockHash }, prove)
  }

  async function byNumber(number: bigint): Promise<Verified<BlockId> | null> {
    const finalized = await head('finalized')
    if (number <= finalized.value.number) return ancestry.ancestor(finalized, number)
    const optimistic = await head('optimistic')
    if (number > optimistic.value.number) return null
    return ancestry.ancestor(optimistic, number)
  }

  return {
    profile,
    engines,
    head,
    byNumber,
    header: ancestry.header,
    ancestors: ancestry.ancestors,
    async byHash(hash) {
      const number = await numberOf(hash)
      if (number === null) return null
      const id = await byNumber(number)
      if (id === null) throw new NotOnChain(hash, 'it is newer than the newest proven head')
      if (id.value.hash !== hash) throw new NotOnChain(hash, `block ${number} of the proven chain is ${id.value.hash}`)
      return ancestry.header(id)
    },
    state: (block, address, slots) =>
      evidence.obtain(stateRequest(block.value, address, slots), (bytes) =>
        provenState(block, address, slots, bytes, engines, now()),
      ),
    async code(block, state) {
      const { address, codeHash } = state.value.account
      if (codeHash === EMPTY_CODE_HASH) return '0x'
      const { value } = await evidence.obtain(
        { type: 'code', blockHash: block.value.hash, address, codeHash },
        (bytes) => provenCode(block, state, bytes, engines, now()),
      )
      return value
    },
    transactions: (block) =>
      remember(block, 'transactions', () =>
        evidence.obtain({ type: 'transactions', blockHash: block.value.hash }, (bytes) =>
          provenTransactions(block, bytes, engines, now()),
        ),
      ),
    receipts: (block) =>
      remember(block, 'receipts', () =>
        evidence.obtain({ type: 'receipts', blockHash: block.value.hash }, (bytes) =>
          provenReceipts(block, bytes, engines, now()),
        ),
      ),
    async withdrawals(block) {
      if (block.value.withdrawalsRoot === null) return null
      return evidence.obtain({ type: 'withdrawals', blockHash: block.value.hash }, (bytes) =>
        provenWithdrawals(block, bytes, engines, now()),
      )
    },
    async blocksNamedFor(transactionHash) {
      await options.anchor()
      const answers = await pool.askAll({ type: 'transaction_location', transactionHash }, signal)
      const hashes = answers.flatMap(({ bytes }) => (bytes?.length === 36 ? [toHex(bytes.subarray(0, 32))] : []))
      return [...new Set(hashes)]
    },
    async blocksNamedForLogs(address, topic) {
      await options.anchor()
      const asked = pool.ask({ type: 'log_blocks_hint', address, topic }, readBlocksHint, signal)
      const named = asked.then(
        ({ result }) => result,
        () => [],
      )
      const patience = clock.sleep(HINT_PATIENCE, signal).then(
        () => [],
        () => [],
      )
      return Promise.race([named, patience])
    },
  }

  /** The number a header with this hash carries; the hash binds it, the chain does not yet. */
  async function numberOf(hash: Hex): Promise<bigint | null> {
    await options.anchor()
    try {
      return await evidence.obtain({ type: 'execution_header', blockHash: hash }, (bytes) =>
        numberInHeader(hash, bytes, engines),
      )
    } catch (cause) {
      if (saysUnknown(cause)) return null
      throw cause
    }
  }
}

/** Everybody who could be asked says that there is no such thing. */
function saysUnknown(cause: unknown): boolean {
  if (cause instanceof NoSourceCouldProve) return cause.causes.length > 0 && cause.causes.every(saysUnknown)
  return cause instanceof GlowwormError && cause.code === 'NOT_AVAILABLE'
}

/** The same request at the same time is asked once; what was checked is kept as bytes for peers and later. */
function createEvidence({ pool, cache, signal }: ChainReaderOptions): Evidence {
  const underway = new Map<string, Promise<unknown>>()
  return {
    async obtain<T>(request: EvidenceRequest, check: (bytes: Uint8Array) => T): Promise<T> {
      const held = cache.get(request)
      if (held) return check(held)
      const key = keyOf(request)
      const running = underway.get(key)
      if (running) {
        await running.catch(() => {})
        const kept = cache.get(request)
        if (kept) return check(kept)
      }
      const asking = pool.ask(request, check, signal)
      underway.set(key, asking)
      try {
        const { result, bytes } = await asking
        cache.put(request, bytes)
        return result
      } finally {
        if (underway.get(key) === asking) underway.delete(key)
      }
    },
  }
}

/** The last few lists that were proven: one call often asks for several things of one block. */
function recentContents(): <T>(block: Verified<Block>, what: string, prove: () => Promise<T>) => Promise<T> {
  const recent = new Map<string, Promise<unknown>>()
  return <T>(block: Verified<Block>, what: string, prove: () => Promise<T>): Promise<T> => {
    const key = `${what} ${block.value.hash} ${block.finality.level}`
    const known = recent.get(key) as Promise<T> | undefined
    recent.delete(key)
    const proving = known ?? prove()
    recent.set(key, proving)
    proving.catch(() => recent.delete(key))
    if (recent.size > RECENT_CONTENTS) recent.delete(recent.keys().next().value!)
    return proving
  }
}
const RECENT_CONTENTS = 12
/** Milliseconds that a hint may take; it is worth no more. */
const HINT_PATIENCE = 1500
