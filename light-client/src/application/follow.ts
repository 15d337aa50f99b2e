/** The light client: its parts, put together. @module */
import type { Engines } from '@glowworm/wasm-core'
import type { ContractLayer } from '../contract/contract-layer.ts'
import { fromHex, toHex } from '../data/hex.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { ByteStore, Clock } from '../infrastructure/ports.ts'
import { platformRandom } from '../infrastructure/random.ts'
import type { CallClaim } from '../ledgers/ethereum/call-claims.ts'
import type { EthereumTrust } from '../ledgers/ethereum/consensus.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { createEthereumFamily } from '../ledgers/ethereum/family.ts'
import { consensusForm } from '../ledgers/ethereum/pooled-transaction.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { EvidenceSource } from '../network/evidence-source.ts'
import { callsOf } from './calls.ts'
import type { CatchUpOptions } from './catch-up.ts'
import { createChainReader } from './chain-reader.ts'
import { createClientSources } from './client-sources.ts'
import { Closed, createStatusBoard } from './client-status.ts'
import { createEvidenceCache } from './evidence-cache.ts'
import { createEvidenceStore } from './evidence-store.ts'
import { followChain } from './follow-chain.ts'
import { gasHint, pendingNonce, sendTransaction, tipHint } from './hearsay.ts'
import { createKeptAccounts } from './kept-accounts.ts'
import { type Lie, writeLies } from './lies.ts'
import type { Caller, LightClient } from './light-client.ts'
import { createHeadProver } from './prove-at-head.ts'
import { type CallLimits, createCallProver } from './prove-call.ts'
import { plausibleAddresses } from './query-privacy/plausible-addresses.ts'
import { summariesOf } from './source-summary.ts'

export interface LightClientOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  readonly sources: readonly EvidenceSource[]
  readonly clock?: Clock
  /** Where evidence is kept between runs; absent: nowhere. */
  readonly store?: ByteStore
  /**
   * Keeps in `store` what accounts were proven with at the finalized head, too, so that the next start can show them
   * before anybody has answered (`keptAccount`). Whoever can read the store learns the addresses. Default: false.
   */
  readonly keepAccounts?: boolean
  /** Brings the EVM at the first call. Default: a module of its own; a service worker of an extension cannot load one. */
  readonly loadContractLayer?: () => Promise<ContractLayer>
  /** Default: `CALL_LIMITS`. */
  readonly calls?: CallLimits
  /** Bytes of verified evidence kept for peers and for proving again. */
  readonly cacheBytes?: number
  /** Default: compact hops where a source offers them. Who serves others wants plain updates: hops are made of those. */
  readonly way?: CatchUpOptions['way']
  readonly onLie?: (lie: Lie) => void
}

/** Starts at once; nothing is contacted but the sources given. */
export function createLightClient(options: LightClientOptions): LightClient {
  const { profile, engines, trust } = options
  const clock = options.clock ?? platformClock
  const startedAt = clock.now()
  const family = createEthereumFamily(profile, engines, platformRandom.bytes, options.loadContractLayer)
  const maxBytes = options.cacheBytes ?? 16 * 1024 * 1024
  const cache = createEvidenceCache({ profile, engines, checkpoint: trust.checkpoint, maxBytes })
  const store = options.store ? createEvidenceStore(options.store, profile, trust.checkpoint) : null
  store?.ahead()
  const closing = new AbortController()
  const { signal } = closing
  const board = createStatusBoard()
  const { pool, decoys, keepApart, recall } = createClientSources({
    profile,
    engines,
    clock,
    random: platformRandom.bytes,
    store: options.store,
    plausible: () => plausibleAddresses(chainReader),
    onLie({ lie }) {
      if (lie) options.onLie?.(lie)
      board.announce()
    },
  })
  for (const source of options.sources) pool.add(source)

  const callProver = createCallProver({
    family,
    engines,
    pool,
    clock,
    cache,
    ...(options.calls ? { limits: options.calls } : {}),
  })
  const asking = { pool, clock, signal }
  const chainReader = createChainReader({
    profile,
    engines,
    pool,
    cache,
    clock,
    signal,
    async anchor() {
      await board.ready()
      return follower.heads!.anchor
    },
  })
  const follower = followChain({
    profile,
    engines,
    family,
    trust,
    pool,
    clock,
    store,
    cache,
    way: options.way ?? 'hops',
    board,
    recall,
    signal,
  })
  const keptAccounts =
    options.store && options.keepAccounts
      ? createKeptAccounts({ store: options.store, profile, family, cache, clock })
      : null
  const { prove, keptAccount, inBlock } = createHeadProver({
    sources: { family, engines, pool, clock, cache },
    callProver,
    board,
    follower,
    keptAccounts,
    blocksNamedFor: chainReader.blocksNamedFor,
    closing: signal,
  })
  /** A block other than a head is an ancestor of the finalized one, or else of the newest. */
  const proveCall = <C extends CallClaim>(claim: C, { signal: given, asker }: Caller) =>
    prove(
      claim,
      'account',
      typeof claim.at === 'object' ? 'optimistic' : claim.at,
      given ? AbortSignal.any([given, signal]) : signal,
      asker,
    )

  return {
    network: { name: profile.name, chainId: profile.chainId },
    get status() {
      return board.status
    },
    subscribe: board.subscribe,
    ready: board.ready,
    account: (address, at = 'finalized') => prove({ type: 'account', address: lower(address), at }, 'account', at),
    keptAccount: (address) => keptAccount(lower(address)),
    storage: (address, slot, at = 'finalized') =>
      prove({ type: 'storage', address: lower(address), slot: lower(slot), at }, 'account', at),
    code: (address, at = 'finalized') => prove({ type: 'code', address: lower(address), at }, 'account', at),
    receipt: (transactionHash) => inBlock('receipt', lower(transactionHash)),
    transaction: (transactionHash) => inBlock('transaction', lower(transactionHash)),
    chain: chainReader,
    ...callsOf(proveCall),
    baseFee: () => prove({ type: 'base_fee' }, 'header', 'optimistic'),
    tipHint: () => tipHint(asking),
    gasHint: (call) => gasHint(asking, call),
    pendingNonce: (address) => pendingNonce(asking, address),
    sendTransaction: (raw) =>
      sendTransaction(asking, raw, toHex(engines.hashes.keccak256(consensusForm(fromHex(raw, 'transaction'))))),
    offer: follower.offer,
    get effort() {
      const { chain, accepted } = follower
      const periods = chain?.periods ?? 0
      const bytes = pool.records.reduce((sum, record) => sum + record.bytes, 0)
      return {
        periods,
        hops: chain?.hops ?? 0,
        bytes,
        signatures: periods + accepted,
        milliseconds: clock.now() - startedAt,
      }
    },
    get contradiction() {
      return follower.halted?.contradiction ?? null
    },
    forceUpdate: follower.forceUpdate,
    get forced() {
      return follower.heads?.anchor.forced ?? null
    },
    served: cache.source,
    get sources() {
      return summariesOf(pool)
    },
    get diversity() {
      return pool.diversity
    },
    exportLies: () => writeLies(pool.lies),
    keepApart,
    get padding() {
      return decoys.state
    },
    pad: decoys.pad,
    addSource(source) {
      pool.add(source)
      follower.wake()
      board.announce()
    },
    removeSource(id) {
      pool.remove(id)
      board.announce()
    },
    async close() {
      if (signal.aborted) return follower.ended
      closing.abort(new Closed())
      board.set({ state: 'closed' })
      await follower.ended
      await pool.close()
    },
  }
}

/** Evidence is asked for, and kept, in one spelling; people also write the mixed-case one of EIP-55. */
const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex
