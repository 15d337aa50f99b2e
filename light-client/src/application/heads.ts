/** The heads of the followed chain: how they move, what their blocks are, and how each came to be proven. @module */
import type { Engines } from '@glowworm/wasm-core'
import { createWitness } from '../consensus/witness.ts'
import { bytesEqual } from '../data/hex.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { decodeHeadUpdate, type HeadUpdate, type HeadUpdateKind } from '../ledgers/ethereum/advance.ts'
import { headerByHash } from '../ledgers/ethereum/block-history.ts'
import { type EthereumAnchor, executionOf } from '../ledgers/ethereum/consensus.ts'
import { CommitteeContradiction, statementsOf, verifyStatements } from '../ledgers/ethereum/contradiction.ts'
import type { LightClientHeader } from '../ledgers/ethereum/data.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { ExecutionHeader } from '../ledgers/ethereum/execution-header.ts'
import type { EthereumFamily } from '../ledgers/ethereum/family.ts'
import type { ForcedUpdate } from '../ledgers/ethereum/force-update.ts'
import { timeOfSlot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { IrrelevantUpdate } from '../ledgers/ethereum/sync-protocol/errors.ts'
import { participants } from '../ledgers/ethereum/sync-protocol/signature.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import type { Head, HeadChoice, HeaderSummary, TrailStep } from './light-client.ts'
import type { SourcePool } from './source-pool.ts'

export interface Heads {
  /** The one anchor everything is proven against. Set only forward: by `apply`, or with what `advance` returned for it. */
  anchor: EthereumAnchor
  /** The header step of a trail. */
  step(choice: HeadChoice): TrailStep | undefined
  /**
   * Applies a pushed or pulled update.
   * @throws {IrrelevantUpdate} when it is valid but moves neither head
   * @throws {CommitteeContradiction} when it and an earlier one cannot both be honest; the heads stay where they are
   * @throws what `advance` throws
   */
  apply(evidence: HeadUpdate): void
  /**
   * Whether these are the very bytes of the newest update that held: whoever sends them shows what is believed.
   */
  isKnown(evidence: HeadUpdate): boolean
  /**
   * Looks whether an update contradicts what was seen, and changes nothing else. What is merely old or on another
   * branch is no contradiction.
   * @throws {CommitteeContradiction}
   * @throws {GlowwormError} kind `lie` when it would contradict, but its signature is false
   */
  compare(evidence: HeadUpdate): void
  /** Sets an anchor that a person forced; the trail says so. */
  force(anchor: EthereumAnchor, forced: ForcedUpdate): void
  /** Who supplied the steps that were made last; known only after the answer was accepted. */
  credit(from: SourceDescription): void
  /**
   * From Gloas on a head names its execution block by hash only: its header is asked for, and bound to that hash.
   * @throws {GlowwormError} when no source has it
   */
  learn(): Promise<void>
  /** Null while a block of the heads is not known. */
  summary(): Head | null
}

export function createHeads(
  first: EthereumAnchor,
  suppliedBy: SourceDescription | null,
  {
    profile,
    engines,
    family,
    pool,
    cache,
    clock,
    signal,
  }: {
    profile: NetworkProfile
    engines: Engines
    family: EthereumFamily
    pool: SourcePool
    cache: EvidenceCache
    clock: Clock
    signal: AbortSignal
  },
): Heads {
  let anchor = first
  const learned = new Map<Hex, ExecutionHeader>()
  const steps = new Map<HeadChoice, TrailStep>()
  const accepted = new Map<HeadUpdateKind, Uint8Array>()
  const witness = createWitness<HeadUpdate>()

  let participation: number | null = null

  const stepFor = (
    header: LightClientHeader,
    milliseconds: number,
    from: SourceDescription | null,
    signatures: number | null,
  ): TrailStep => ({
    stage: 'header',
    facts: {
      slot: header.beacon.slot,
      block: executionOf(header)?.blockNumber ?? 0n,
      ...(signatures === null ? {} : { participation: signatures, committee: profile.preset.SYNC_COMMITTEE_SIZE }),
    },
    milliseconds,
    suppliedBy: from,
  })
  steps.set('finalized', stepFor(anchor.store.finalized_header, 0, suppliedBy, null))
  steps.set('optimistic', stepFor(anchor.store.optimistic_header, 0, suppliedBy, null))

  const summaryOf = (header: LightClientHeader): HeaderSummary | null => {
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

  /** The signature is checked only where there is something to contradict: it costs a pairing. */
  function refuseContradiction(evidence: HeadUpdate, statements: ReturnType<typeof statementsOf>): void {
    for (const second of statements) {
      const first = witness.against(second)
      if (first && verifyStatements(anchor, evidence, profile, engines))
        throw new CommitteeContradiction({ kind: second.kind, slot: second.slot, first, second })
    }
  }

  const isKnown = ({ kind, bytes }: HeadUpdate) => {
    const known = accepted.get(kind)
    return known !== undefined && bytesEqual(known, bytes)
  }

  return {
    isKnown,
    get anchor() {
      return anchor
    },
    set anchor(next) {
      anchor = next
    },
    step: (choice) => steps.get(choice),
    apply(evidence) {
      const before = anchor.store
      const attested = before.optimistic_header.beacon.slot
      const finalized = before.finalized_header.beacon.slot
      // The same bytes again need no second pairing.
      if (isKnown(evidence)) throw new IrrelevantUpdate(attested, finalized)
      const start = clock.now()
      const statements = statementsOf(evidence, profile, engines)
      refuseContradiction(evidence, statements)
      anchor = family.advance(anchor, evidence, clock.now())
      for (const statement of statements) witness.remember(statement)
      accepted.set(evidence.kind, evidence.bytes.slice())
      const { finalized_header, optimistic_header } = anchor.store
      const milliseconds = clock.now() - start
      const finalizedMoved = finalized_header !== before.finalized_header
      const optimisticMoved = optimistic_header !== before.optimistic_header
      const signatures = participants(decodeHeadUpdate(evidence, profile, engines).update.sync_aggregate)
      if (finalizedMoved) steps.set('finalized', stepFor(finalized_header, milliseconds, null, signatures))
      if (optimisticMoved) {
        steps.set('optimistic', stepFor(optimistic_header, milliseconds, null, signatures))
        participation = signatures
      }
      if (!finalizedMoved && !optimisticMoved) throw new IrrelevantUpdate(attested, finalized)
      cache.put({ type: evidence.kind }, evidence.bytes)
    },
    force(next, { participants, committee }) {
      anchor = next
      const step = stepFor(next.store.finalized_header, 0, null, null)
      steps.set('finalized', { ...step, facts: { ...step.facts, participation: participants, committee, forced: 1 } })
      steps.set('optimistic', stepFor(next.store.optimistic_header, 0, null, null))
    },
    compare(evidence) {
      if (isKnown(evidence)) return
      refuseContradiction(evidence, statementsOf(evidence, profile, engines))
    },
    credit(from) {
      for (const [choice, step] of steps) if (!step.suppliedBy) steps.set(choice, { ...step, suppliedBy: from })
    },
    async learn() {
      const { finalized_header, optimistic_header } = anchor.store
      const heads = [finalized_header, optimistic_header].flatMap((header) => executionOf(header) ?? [])
      for (const hash of learned.keys()) if (!heads.some(({ blockHash }) => blockHash === hash)) learned.delete(hash)
      for (const { blockHash, blockNumber } of heads) {
        if (blockNumber !== null || learned.has(blockHash)) continue
        const request: EvidenceRequest = { type: 'execution_header', blockHash }
        const check = (bytes: Uint8Array) => headerByHash(blockHash, new Map([[keyOf(request), bytes]]), engines)
        const kept = cache.get(request)
        if (kept) {
          learned.set(blockHash, check(kept))
          continue
        }
        const { result, bytes } = await pool.ask(request, check, signal)
        learned.set(blockHash, result)
        cache.put(request, bytes)
      }
    },
    summary() {
      const finalized = summaryOf(anchor.store.finalized_header)
      const optimistic = summaryOf(anchor.store.optimistic_header)
      if (!finalized || !optimistic) return null
      return { finalized, optimistic, participation, sources: pool.records.map(({ source }) => source.description) }
    },
  }
}
