/** The light client: catches up once, then follows the head, and proves claims against it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { fromHex, toHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import { platformClock } from '../infrastructure/clock.ts'
import type { ByteStore, Clock } from '../infrastructure/ports.ts'
import { headerByHash } from '../ledgers/ethereum/block-history.ts'
import type { EthereumClaim } from '../ledgers/ethereum/claims.ts'
import { type EthereumAdvance, type EthereumTrust, executionOf } from '../ledgers/ethereum/consensus.ts'
import type { LightClientHeader } from '../ledgers/ethereum/data.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { ExecutionHeader } from '../ledgers/ethereum/execution-header.ts'
import { createEthereumFamily, type EthereumValues } from '../ledgers/ethereum/family.ts'
import { timeOfSlot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { IrrelevantUpdate, WrongPeriod } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { isVerified } from '../ledgers/verified.ts'
import { type EvidenceSource, NotAvailable, type SourceDescription } from '../network/evidence-source.ts'
import { type CatchUpOptions, type Chain, catchUp, followCommittees } from './catch-up.ts'
import { createEvidenceCache } from './evidence-cache.ts'
import { createEvidenceStore } from './evidence-store.ts'
import { gasHint, pendingNonce, sendTransaction, tipHint } from './hearsay.ts'
import type { Answer, Head, HeadChoice, HeaderSummary, LightClient, Status, TrailStep } from './light-client.ts'
import { proveClaim } from './prove-claim.ts'
import { createSourcePool } from './source-pool.ts'

export interface LightClientOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  readonly sources: readonly EvidenceSource[]
  readonly clock?: Clock
  /** Where evidence is kept between runs; absent: nowhere. */
  readonly store?: ByteStore
  /** Bytes of verified evidence kept for peers and for proving again. */
  readonly cacheBytes?: number
  readonly onLie?: (source: SourceDescription, error: GlowwormError, evidence: Uint8Array) => void
}

/** How long a client without any source waits for one, e.g. for a peer to connect, before it says that it has stalled. */
const FIRST_SOURCE_WITHIN = 15_000

/** Slots without progress after which the client says that it has stalled. */
const STALL_SLOTS = 8

/** Starts at once; nothing is contacted but the sources given. */
export function createLightClient(options: LightClientOptions): LightClient {
  const { profile, engines, trust } = options
  const clock = options.clock ?? platformClock
  const family = createEthereumFamily(profile, engines)
  const cache = createEvidenceCache(options.cacheBytes ?? 16 * 1024 * 1024)
  const store = options.store ? createEvidenceStore(options.store, profile, trust.checkpoint) : null
  const pool = createSourcePool(clock, ({ source, lie }) => {
    if (lie) options.onLie?.(source.description, lie.error, lie.evidence)
    announce()
  })
  for (const source of options.sources) pool.add(source)

  const closing = new AbortController()
  const listeners = new Set<(status: Status) => void>()
  let status: Status = { state: 'starting', step: 'checkpoint', done: 0, of: 0 }
  let chain: Chain | null = null
  const startedAt = clock.now()
  let lastProgress = startedAt
  let wake: () => void = () => {}
  const learned = new Map<Hex, ExecutionHeader>()
  const headSteps = new Map<HeadChoice, TrailStep>()

  const setStatus = (next: Status) => {
    if (status.state === 'closed') return
    status = next
    announce()
  }
  const announce = () => {
    for (const listener of listeners) listener(status)
  }
  const catchUpOptions: CatchUpOptions = {
    profile,
    family,
    trust,
    pool,
    clock,
    store,
    cache,
    signal: closing.signal,
    onProgress: (done, of) => {
      if (status.state === 'starting') setStatus({ state: 'starting', step: 'committees', done, of })
    },
  }

  const summary = (header: LightClientHeader): HeaderSummary | null => {
    const execution = executionOf(header)
    if (!execution) return null
    const { blockHash } = execution
    const slot = header.beacon.slot
    const time = timeOfSlot(profile, slot)
    if (execution.blockNumber !== null && execution.stateRoot !== null)
      return { slot, blockNumber: execution.blockNumber, blockHash, stateRoot: execution.stateRoot, time }
    const block = learned.get(blockHash)
    return block ? { slot, blockNumber: block.number, blockHash, stateRoot: block.stateRoot, time } : null
  }
  const head = (): Head | null => {
    if (!chain) return null
    const finalized = summary(chain.anchor.store.finalized_header)
    const optimistic = summary(chain.anchor.store.optimistic_header)
    if (!finalized || !optimistic) return null
    const participation = Number(headSteps.get('optimistic')?.facts.participation ?? 0)
    return { finalized, optimistic, participation, sources: pool.records.map(({ source }) => source.description) }
  }

  /** From Gloas on a head names its execution block by hash only: the header has to be asked for, and is bound to it. */
  async function learnHeads(): Promise<void> {
    const { finalized_header, optimistic_header } = chain!.anchor.store
    const heads = [finalized_header, optimistic_header].flatMap((header) => executionOf(header) ?? [])
    for (const hash of learned.keys()) if (!heads.some(({ blockHash }) => blockHash === hash)) learned.delete(hash)
    for (const { blockHash, blockNumber } of heads) {
      if (blockNumber !== null || learned.has(blockHash)) continue
      const request: EvidenceRequest = { type: 'execution_header', blockHash }
      const kept = cache.get(request)
      const check = (bytes: Uint8Array) => headerByHash(blockHash, new Map([[keyOf(request), bytes]]), engines)
      if (kept) {
        learned.set(blockHash, check(kept))
        continue
      }
      const { result, bytes } = await pool.ask(request, check, closing.signal)
      learned.set(blockHash, result)
      cache.put(request, bytes)
    }
    const now = head()
    if (now) setStatus({ state: 'following', head: now })
  }

  /** Applies one update to the chain and remembers how the heads came to be. @throws what `advance` throws */
  function apply(evidence: EthereumAdvance, from: SourceDescription | null): void {
    if (!chain) throw new NotStarted()
    const start = clock.now()
    const before = chain.anchor.store
    const anchor = family.advance(chain.anchor, evidence, clock.now())
    chain = { ...chain, anchor }
    const after = anchor.store
    const step = (header: LightClientHeader): TrailStep => ({
      stage: 'header',
      facts: {
        slot: header.beacon.slot,
        block: executionOf(header)?.blockNumber ?? 0n,
        participation: after.current_max_active_participants,
        committee: profile.preset.SYNC_COMMITTEE_SIZE,
      },
      milliseconds: clock.now() - start,
      suppliedBy: from,
    })
    const finalizedMoved = before.finalized_header !== after.finalized_header
    const optimisticMoved = before.optimistic_header !== after.optimistic_header
    if (finalizedMoved) headSteps.set('finalized', step(after.finalized_header))
    if (optimisticMoved) headSteps.set('optimistic', step(after.optimistic_header))
    if (!finalizedMoved && !optimisticMoved) return
    lastProgress = clock.now()
    if (evidence.kind !== 'update') cache.put({ type: evidence.kind }, evidence.bytes)
  }

  async function pull(kind: 'finality_update' | 'optimistic_update'): Promise<void> {
    const request: EvidenceRequest = { type: kind }
    await pool
      .ask(
        request,
        (bytes) => {
          const from = null
          try {
            apply({ kind, bytes }, from)
          } catch (cause) {
            if (!(cause instanceof IrrelevantUpdate)) throw cause
          }
        },
        closing.signal,
      )
      .then(({ from }) => nameSupplier(from))
    await learnHeads()
  }
  /** The supplier is known only after the answer was accepted; fill it into the steps it made. */
  function nameSupplier(from: SourceDescription): void {
    for (const [choice, step] of headSteps) if (!step.suppliedBy) headSteps.set(choice, { ...step, suppliedBy: from })
  }

  async function followHead(): Promise<void> {
    const slot = profile.secondsPerSlot * 1000
    const pause = Math.min(6000, Math.max(500, slot / 2))
    while (!closing.signal.aborted) {
      let trouble: unknown = null
      try {
        if (!chain) {
          chain = await catchUp(catchUpOptions)
          lastProgress = clock.now()
          await adoptHeads()
        } else if (needsCommittee()) chain = await followCommittees(chain, catchUpOptions)
        for (const kind of ['finality_update', 'optimistic_update'] as const)
          await pull(kind).catch((cause) => {
            if (!(cause instanceof NotAvailable)) trouble ??= cause
          })
        if (trouble instanceof WrongPeriod && chain) chain = await followCommittees(chain, catchUpOptions)
      } catch (cause) {
        trouble = cause
      }
      if (closing.signal.aborted) return
      if (trouble !== null && !(trouble instanceof GlowwormError)) trouble = new InternalError(trouble)
      const silent = clock.now() - lastProgress > STALL_SLOTS * slot
      const waitingForSources = !chain && pool.records.length === 0 && clock.now() - startedAt < FIRST_SOURCE_WITHIN
      if (!waitingForSources && (!chain || silent)) {
        const cause =
          (trouble as GlowwormError | null) ?? new NoNewHead(Math.round((clock.now() - lastProgress) / 1000))
        setStatus({ state: 'stalled', cause, head: head() })
      }
      await Promise.race([
        clock.sleep(pause, closing.signal).catch(() => {}),
        new Promise<void>((resolve) => (wake = resolve)),
      ])
    }
  }
  const needsCommittee = () => chain?.anchor.store.next_sync_committee === null

  async function adoptHeads(): Promise<void> {
    const step = chain!.trail.committee
    for (const choice of ['finalized', 'optimistic'] as const)
      headSteps.set(choice, {
        stage: 'header',
        facts: { slot: chain!.anchor.store[`${choice}_header`].beacon.slot },
        milliseconds: 0,
        suppliedBy: step.suppliedBy ?? chain!.trail.checkpoint.suppliedBy,
      })
    await learnHeads()
  }

  async function prove<C extends EthereumClaim>(
    claim: C,
    stage: TrailStep['stage'],
    at: HeadChoice,
  ): Promise<Answer<EthereumValues[C['type']]>> {
    await ready()
    const { anchor, trail } = chain!
    const headStep = headSteps.get(at)
    const { verified, milliseconds, bytes, suppliedBy } = await proveClaim(
      { family, pool, clock, cache },
      anchor,
      claim,
      closing.signal,
    )
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

  async function locate(transactionHash: Hex): Promise<{ blockHash: Hex; index: number } | null> {
    const answers = await pool.askAll({ type: 'transaction_location', transactionHash }, closing.signal)
    const found = answers.find(({ bytes }) => bytes?.length === 36)?.bytes
    if (!found) return null
    return {
      blockHash: toHex(found.subarray(0, 32)),
      index: new DataView(found.buffer, found.byteOffset).getUint32(32),
    }
  }
  async function inBlock<T extends 'receipt' | 'transaction'>(
    type: T,
    transactionHash: Hex,
  ): Promise<Answer<EthereumValues[T]> | null> {
    await ready()
    const place = await locate(transactionHash)
    if (!place) return null
    try {
      return (await prove({ type, transactionHash, ...place }, 'receipt', 'optimistic')) as Answer<EthereumValues[T]>
    } catch (cause) {
      if (cause instanceof GlowwormError && cause.code === 'NOT_ON_CHAIN') return null // not under a proven head yet
      throw cause
    }
  }

  const asking = { pool, clock, signal: closing.signal }
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
    account: (address, at = 'finalized') => prove({ type: 'account', address, at }, 'account', at),
    storage: (address, slot, at = 'finalized') => prove({ type: 'storage', address, slot, at }, 'account', at),
    code: (address, at = 'finalized') => prove({ type: 'code', address, at }, 'account', at),
    receipt: (transactionHash) => inBlock('receipt', transactionHash),
    transaction: (transactionHash) => inBlock('transaction', transactionHash),
    baseFee: () => prove({ type: 'base_fee' }, 'header', 'optimistic'),
    tipHint: () => tipHint(asking),
    gasHint: (call) => gasHint(asking, call),
    pendingNonce: (address) => pendingNonce(asking, address),
    sendTransaction: (raw) =>
      sendTransaction(asking, raw, toHex(engines.hashes.keccak256(fromHex(raw, 'transaction')))),
    async offer(kind, bytes) {
      try {
        apply({ kind, bytes }, null)
        // An update is judged by itself; that its block cannot be learned yet is no fault of it.
        await learnHeads().catch(() => {})
        return 'accept'
      } catch (cause) {
        if (cause instanceof GlowwormError) return cause.kind === 'lie' ? 'reject' : 'ignore'
        throw cause
      }
    },
    served: cache.source,
    get sources() {
      return pool.records.map(({ source, answers, bytes, lie }) => ({
        description: source.description,
        answers,
        bytes,
        lie: lie?.error ?? null,
      }))
    },
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

/** Nothing has been proven yet. */
export class NotStarted extends GlowwormError {
  constructor() {
    super(
      { name: 'Application.NotStarted', code: 'NOT_STARTED', kind: 'unprovable' },
      'the client has not reached a head yet',
      {
        next: 'Wait until it follows the chain.',
      },
    )
  }
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
