/** The light client: catches up once, then follows the head, and proves claims against it. @module */
import type { Engines } from '@glowworm/wasm-core'
import type { ContractLayer } from '../contract/contract-layer.ts'
import { fromHex, toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { ByteStore, Clock } from '../infrastructure/ports.ts'
import { platformRandom } from '../infrastructure/random.ts'
import type { HeadUpdateKind } from '../ledgers/ethereum/advance.ts'
import type { CallClaim } from '../ledgers/ethereum/call-claims.ts'
import type { EthereumClaim } from '../ledgers/ethereum/claims.ts'
import type { EthereumAnchor, EthereumTrust } from '../ledgers/ethereum/consensus.ts'
import {
  CommitteeContradiction,
  type Contradiction,
  readContradiction,
  writeContradiction,
} from '../ledgers/ethereum/contradiction.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { createEthereumFamily, type EthereumValues, isCall } from '../ledgers/ethereum/family.ts'
import { compute_sync_committee_period_at_slot, slotAt } from '../ledgers/ethereum/forks.ts'
import { consensusForm } from '../ledgers/ethereum/pooled-transaction.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { WrongPeriod } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { isVerified } from '../ledgers/verified.ts'
import type { EvidenceSource, SourceDescription } from '../network/evidence-source.ts'
import { callsOf } from './calls.ts'
import { type CatchUpOptions, type Chain, catchUp } from './catch-up.ts'
import { createChainReader } from './chain-reader.ts'
import { createClientSources } from './client-sources.ts'
import { causesOf, followCommittees, isNothingNewer } from './committee-chain.ts'
import { committeeWithoutKeys, keysUpdate, loadKeys } from './committee-keys.ts'
import { createEvidenceCache } from './evidence-cache.ts'
import { createEvidenceStore } from './evidence-store.ts'
import { forceUpdateFrom } from './force-update.ts'
import { createHeads, type Heads } from './heads.ts'
import { gasHint, pendingNonce, sendTransaction, tipHint } from './hearsay.ts'
import { type Lie, writeLies } from './lies.ts'
import type { Answer, Cancellable, Head, HeadChoice, LightClient, Status, TrailStep } from './light-client.ts'
import { type CallLimits, createCallProver } from './prove-call.ts'
import { type ProofResult, proveClaim } from './prove-claim.ts'
import { plausibleAddresses } from './query-privacy/plausible-addresses.ts'
import { NoSourceCouldProve } from './source-pool.ts'
import { summariesOf } from './source-summary.ts'
import { verdictOn } from './update-verdict.ts'

export interface LightClientOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  readonly sources: readonly EvidenceSource[]
  readonly clock?: Clock
  /** Where evidence is kept between runs; absent: nowhere. */
  readonly store?: ByteStore
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

/** How long a client without any source waits for one, e.g. for a peer to connect, before it says that it has stalled. */
const FIRST_SOURCE_WITHIN = 15_000

/** Slots without progress after which the client says that it has stalled. */
const STALL_SLOTS = 8

/** What a round of looking for news asks for. Both are under way from its beginning on, and judged in this order. */
const NEWS = ['finality_update', 'optimistic_update'] as const

/** Starts at once; nothing is contacted but the sources given. */
export function createLightClient(options: LightClientOptions): LightClient {
  const { profile, engines, trust } = options
  const clock = options.clock ?? platformClock
  const family = createEthereumFamily(profile, engines, platformRandom.bytes, options.loadContractLayer)
  const maxBytes = options.cacheBytes ?? 16 * 1024 * 1024
  const cache = createEvidenceCache({ profile, engines, checkpoint: trust.checkpoint, maxBytes })
  const store = options.store ? createEvidenceStore(options.store, profile, trust.checkpoint) : null
  const { pool, decoys, keepApart, recall } = createClientSources({
    profile,
    engines,
    clock,
    random: platformRandom.bytes,
    store: options.store,
    plausible: () => plausibleAddresses(chainReader),
    onLie({ lie }) {
      if (lie) options.onLie?.(lie)
      announce()
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
  const closing = new AbortController()
  const listeners = new Set<(status: Status) => void>()
  let status: Status = { state: 'starting', step: 'checkpoint', done: 0, of: 0 }
  let chain: Chain | null = null
  const startedAt = clock.now()
  let lastProgress = startedAt
  let wake: () => void = () => {}
  let heads: Heads | null = null
  let accepted = 0
  let halted: CommitteeContradiction | null = null
  let kept: Head | null = null
  /** Set while the newest finality has not been compared with what other sources call final. */
  let uncompared = false
  let recalled: Promise<void> | null = null

  /** Trust ends here, and at the next start too: the evidence is kept beside the checkpoint it speaks against. */
  const halt = async (contradiction: Contradiction) => {
    if (halted) return
    halted = new CommitteeContradiction(contradiction)
    setStatus({ state: 'stalled', cause: halted, head: null })
    await store?.keepContradiction(writeContradiction(contradiction, profile))
  }
  /** Rethrows, after having stopped everything if it was a contradiction. */
  const noticing = async (cause: unknown): Promise<never> => {
    const found = [cause, ...(cause instanceof NoSourceCouldProve ? cause.causes : [])]
    for (const one of found) if (one instanceof CommitteeContradiction) await halt(one.contradiction)
    throw cause
  }

  const setStatus = (next: Status) => {
    if (status.state === 'closed' || (halted && next.state !== 'closed' && next.state !== 'stalled')) return
    status = next
    announce()
  }
  const announce = () => {
    for (const listener of listeners) listener(status)
  }
  const catchUpOptions: CatchUpOptions = {
    profile,
    engines,
    family,
    trust,
    pool,
    clock,
    store,
    cache,
    way: options.way ?? 'hops',
    signal: closing.signal,
    onProgress: (done, of) => {
      if (status.state === 'starting')
        setStatus({ state: 'starting', step: 'committees', done, of, ...(kept ? { kept } : {}) })
    },
    onCheckpoint() {
      // Hops lead to a committee without its keys. What proves the newest head under it depends on none of them.
      if (options.way === 'updates' || !pool.offers('hops')) return
      pool.ahead({ type: 'compact_finality_update' }, closing.signal)
      pool.ahead(
        keysUpdate(compute_sync_committee_period_at_slot(profile, slotAt(profile, clock.now()))),
        closing.signal,
      )
    },
    onKept(newest) {
      kept = createHeads(newest, null, catchUpOptions).summary()
    },
  }

  const announceHead = () => {
    const head = heads?.summary()
    if (head) setStatus({ state: 'following', head })
  }

  async function start(): Promise<void> {
    recalled ??= recall()
    await recalled
    const contradiction = await store?.contradiction()
    if (contradiction) return halt(readContradiction(contradiction))
    chain = await catchUp(catchUpOptions)
    const { committee, checkpoint } = chain.trail
    heads = createHeads(chain.anchor, committee.suppliedBy ?? checkpoint.suppliedBy, catchUpOptions)
    lastProgress = clock.now()
  }
  const renewCommittees = async (following: Heads) => {
    // What is built on a forced update is not kept: at the next start a person must decide again.
    const options = following.anchor.forced ? { ...catchUpOptions, store: null } : catchUpOptions
    chain = await followCommittees(chain!, options, following)
  }

  /** Asks for the newest of a kind, one source after another, until one brings something newer. */
  async function pull(kind: HeadUpdateKind, following: Heads): Promise<void> {
    const before = following.anchor.store.finalized_header
    const judge = (bytes: Uint8Array, source: SourceDescription) => {
      if (following.isKnown({ kind, bytes })) pool.vouched(source)
      following.apply({ kind, bytes })
    }
    const { from, bytes } = await pool.ask({ type: kind }, judge, closing.signal).catch(noticing)
    following.credit(from)
    if (kind !== 'optimistic_update') await store?.keepHead({ kind, bytes })
    accepted++
    lastProgress = clock.now()
    // Without the keys nothing can be said about what others sign; it is compared once they are loaded.
    if (following.anchor.store.finalized_header !== before) uncompared = true
    if (uncompared && kind !== 'compact_finality_update') await compareFinality(following, from)
  }

  /** What the others call final. Whoever is late is late; only signatures can contradict signatures. */
  async function compareFinality(following: Heads, from: SourceDescription): Promise<void> {
    uncompared = false
    if (pool.records.length < 2) return
    const kind = 'finality_update'
    for (const { bytes, from: other } of await pool.askAll({ type: kind }, closing.signal, from)) {
      try {
        if (!bytes) continue
        if (following.isKnown({ kind, bytes })) pool.vouched(other)
        else following.compare({ kind, bytes })
      } catch (cause) {
        // Malformed or falsely signed: it is judged, and blamed, when that source is asked by itself.
        if (cause instanceof CommitteeContradiction) await noticing(cause)
      }
    }
  }

  /** One round of looking for news. @returns what went wrong, if anything did */
  async function round(): Promise<unknown> {
    try {
      for (const type of NEWS) pool.ahead({ type }, closing.signal)
      if (!heads) await start()
      if (halted) return halted
      const following = heads!
      if (following.anchor.store.next_sync_committee === null) await renewCommittees(following)
      let trouble: unknown = null
      const attempt = (work: Promise<void>) =>
        work.catch((cause) => {
          if (!isNothingNewer(cause)) trouble ??= cause
        })
      const slot = slotAt(profile, clock.now())
      if (committeeWithoutKeys(following.anchor, profile, slot)) {
        // Hops lead here. One finality update that names those absent, and the wait for the keys is no wait any more.
        if (pool.offers('compact_finality_update')) {
          await attempt(pull('compact_finality_update', following))
          await attempt(following.learn())
          announceHead()
        }
        await attempt(loadKeys(following, catchUpOptions, slot))
      }
      for (const kind of NEWS) await attempt(pull(kind, following))
      if (causesOf(trouble).some((one) => one instanceof WrongPeriod)) await renewCommittees(following)
      // Said only now: whoever waits for the first head gets the newest there is, not the checkpoint's.
      await following.learn()
      // What an earlier run proved is `kept`; it becomes the head when it has been compared with what a source has now.
      if (!waitsForFirstSource()) announceHead()
      return trouble
    } catch (cause) {
      return cause
    }
  }

  const waitsForFirstSource = () =>
    accepted === 0 && pool.records.length === 0 && clock.now() - startedAt < FIRST_SOURCE_WITHIN

  async function followHead(): Promise<void> {
    const slot = profile.secondsPerSlot * 1000
    const pause = Math.min(6000, Math.max(500, slot / 2))
    while (!closing.signal.aborted) {
      // from here on: a source that comes during the round is asked in the next one, at once
      const woken = Promise.withResolvers<void>()
      wake = woken.resolve
      const trouble = await round()
      if (closing.signal.aborted || halted) return
      const silence = clock.now() - lastProgress
      if (!waitsForFirstSource() && (!heads || silence > STALL_SLOTS * slot)) {
        const cause = trouble === null ? new NoNewHead(Math.round(silence / 1000)) : asGlowwormError(trouble)
        setStatus({ state: 'stalled', cause, head: heads?.summary() ?? null, ...(!heads && kept ? { kept } : {}) })
      }
      await Promise.race([clock.sleep(pause, closing.signal).catch(() => {}), woken.promise])
    }
  }

  const gather = <C extends EthereumClaim>(anchor: EthereumAnchor, claim: C, signal: AbortSignal) =>
    (isCall(claim)
      ? callProver.prove(anchor, claim, signal)
      : proveClaim({ family, engines, pool, clock, cache }, anchor, claim, signal)) as Promise<
      ProofResult<EthereumValues[C['type']]>
    >

  async function prove<C extends EthereumClaim>(
    claim: C,
    stage: TrailStep['stage'],
    at: HeadChoice,
    signal = closing.signal,
  ): Promise<Answer<EthereumValues[C['type']]>> {
    await ready()
    if (halted) throw halted
    const { anchor } = heads!
    const { trail } = chain!
    const headStep = heads!.step(at)
    const { verified, milliseconds, bytes, suppliedBy } = await gather(anchor, claim, signal)
    if (!isVerified(verified)) throw new InternalError('a proof was not sealed')
    const claimStep: TrailStep = {
      stage,
      facts: { method: verified.method, height: verified.anchor.height, hash: verified.anchor.hash, bytes },
      milliseconds,
      suppliedBy,
    }
    const valueStep: TrailStep = {
      stage: 'value',
      facts: { finality: verified.finality.words },
      milliseconds: 0,
      suppliedBy: null,
    }
    return {
      verified,
      trail: [trail.checkpoint, trail.committee, ...(headStep ? [headStep] : []), claimStep, valueStep],
    }
  }

  /** A block other than a head is an ancestor of the finalized one, or else of the newest. */
  const proveCall = <C extends CallClaim>(claim: C, { signal }: Cancellable) =>
    prove(
      claim,
      'account',
      typeof claim.at === 'object' ? 'optimistic' : claim.at,
      signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
    )

  function ready(signal?: AbortSignal): Promise<Head> {
    const check = (candidate: Status): Head | GlowwormError | null => {
      if (candidate.state === 'following') return candidate.head
      if (candidate.state === 'stalled') return candidate.head ?? candidate.cause
      return candidate.state === 'closed' ? new Closed() : null
    }
    return new Promise((resolve, reject) => {
      const settle = (candidate: Status) => {
        const outcome = check(candidate)
        if (outcome === null) return
        stop()
        if (outcome instanceof GlowwormError) reject(outcome)
        else resolve(outcome)
      }
      const onAbort = () => {
        stop()
        reject(signal?.reason)
      }
      const stop = () => {
        listeners.delete(settle)
        signal?.removeEventListener('abort', onAbort)
      }
      listeners.add(settle)
      signal?.addEventListener('abort', onAbort, { once: true })
      settle(status)
    })
  }

  async function inBlock<T extends 'receipt' | 'transaction'>(
    type: T,
    transactionHash: Hex,
  ): Promise<Answer<EthereumValues[T]> | null> {
    await ready()
    let failure: unknown = null
    for (const blockHash of await chainReader.blocksNamedFor(transactionHash)) {
      try {
        return (await prove({ type, transactionHash, blockHash }, 'receipt', 'optimistic')) as Answer<EthereumValues[T]>
      } catch (cause) {
        // A block that is not proven (yet), or not the right one, proves nothing: the next name may be better.
        const ignorance = cause instanceof GlowwormError && cause.kind === 'unprovable' && cause.code !== 'TOO_FAR_BACK'
        if (!ignorance) failure ??= cause
      }
    }
    if (failure !== null) throw failure
    return null
  }

  const asking = { pool, clock, signal: closing.signal }
  const chainReader = createChainReader({
    profile,
    engines,
    pool,
    cache,
    clock,
    signal: closing.signal,
    async anchor() {
      await ready()
      return heads!.anchor
    },
  })
  const running = followHead()

  return {
    network: { name: profile.name, chainId: profile.chainId },
    get status() {
      return status
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready,
    account: (address, at = 'finalized') => prove({ type: 'account', address: lower(address), at }, 'account', at),
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
    async offer(kind, bytes) {
      try {
        if (!heads || halted) return 'ignore'
        heads.apply({ kind, bytes })
        accepted++
        lastProgress = clock.now()
        // An update is judged by itself; that its block cannot be learned yet is no fault of it.
        await heads.learn().then(announceHead, () => {})
        return 'accept'
      } catch (cause) {
        if (cause instanceof CommitteeContradiction) await halt(cause.contradiction)
        return verdictOn(cause)
      }
    },
    get effort() {
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
      return halted?.contradiction ?? null
    },
    async forceUpdate(words) {
      await ready()
      if (halted) throw halted
      const { anchor, forced } = await forceUpdateFrom(heads!.anchor, words, catchUpOptions)
      chain = { ...chain!, anchor }
      heads!.force(anchor, forced)
      await renewCommittees(heads!).catch((cause) => {
        if (!isNothingNewer(cause)) throw cause
      })
      await heads!.learn()
      announceHead()
      return forced
    },
    get forced() {
      return heads?.anchor.forced ?? null
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
      wake()
      announce()
    },
    removeSource(id) {
      pool.remove(id)
      announce()
    },
    async close() {
      if (closing.signal.aborted) return running
      closing.abort(new Closed())
      setStatus({ state: 'closed' })
      await running
      await pool.close()
    },
  }
}

/** Evidence is asked for, and kept, in one spelling; people also write the mixed-case one of EIP-55. */
const lower = (hex: Hex): Hex => hex.toLowerCase() as Hex

function asGlowwormError(cause: unknown): GlowwormError {
  return cause instanceof GlowwormError ? cause : new InternalError(cause)
}

/** The client was closed. */
export class Closed extends GlowwormError {
  constructor() {
    super({ name: 'Application.Closed', code: 'CLOSED', kind: 'closed' }, 'the light client was closed')
  }
}

/** Sources answer, but none brings a newer head. */
export class NoNewHead extends GlowwormError {
  constructor(seconds: number) {
    super(
      { name: 'Application.NoNewHead', code: 'NO_NEW_HEAD', kind: 'unprovable' },
      `no source has proven a newer block for ${seconds} s`,
      { next: 'Check the sources; they may be stale or cut off from the network.' },
    )
  }
}

/** A fault of this software. */
export class InternalError extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Application.InternalError', code: 'INTERNAL', kind: 'unprovable' },
      `an error inside the light client: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Please report it.' },
    )
  }
}
