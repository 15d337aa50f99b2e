/** Compact evidence for those who ask for it, made of plain evidence. @module */
import type { Engines } from '@glowworm/wasm-core'
import { NotHoppable } from '../ledgers/ethereum/compact/errors.ts'
import {
  produceCompactBootstrap,
  produceCompactFinalityUpdate,
  produceHop,
} from '../ledgers/ethereum/compact/produce.ts'
import type { HopParts } from '../ledgers/ethereum/compact/wire.ts'
import { joinHops } from '../ledgers/ethereum/compact/wire.ts'
import type { LightClientBootstrap, LightClientUpdate } from '../ledgers/ethereum/data.ts'
import type { EvidenceRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import { compute_sync_committee_period_at_slot } from '../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { is_sync_committee_update } from '../ledgers/ethereum/sync-protocol/validate.ts'
import { decodeBootstrap, decodeFinalityUpdate, decodeUpdate, splitUpdates } from '../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import { NotAvailable } from '../network/evidence-source.ts'

/** Most updates in one request (MAX_REQUEST_LIGHT_CLIENT_UPDATES). */
const MAX_UPDATES = 128

export type CompactRequest = Extract<
  EvidenceRequest,
  { type: 'hops' | 'compact_bootstrap' | 'compact_finality_update' }
>

export function isCompact(request: PeerRequest): request is CompactRequest {
  return request.type === 'hops' || request.type === 'compact_bootstrap' || request.type === 'compact_finality_update'
}

export interface CompactEvidenceOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  /** Where plain evidence comes from. It is not verified here. */
  readonly plain: (request: EvidenceRequest, signal: AbortSignal) => Promise<Uint8Array>
  /**
   * Blocks whose bootstraps `plain` has, and whose committees are believed: anybody can make a bootstrap that proves
   * itself, and a hop made with the keys in it would be false to everybody else.
   */
  readonly checkpoints: readonly Hex[]
}

export interface CompactEvidence {
  /** @throws {NotAvailable} and what `plain` throws */
  answer(request: CompactRequest, signal: AbortSignal): Promise<Uint8Array>
  /** Hops of periods from `startPeriod` on, until one is missing. @throws {NotAvailable} when the first is */
  hops(startPeriod: number, count: number, signal: AbortSignal): Promise<HopParts[]>
}

export function compactEvidence({ profile, engines, plain, checkpoints }: CompactEvidenceOptions): CompactEvidence {
  /** Of the checkpoints, once their bootstraps have been seen. */
  const periods = new Map<Hex, number>()
  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(profile, slot)

  /** Updates of consecutive periods, of which the first is that of `startPeriod`; else none. */
  async function updatesFrom(startPeriod: number, count: number, signal: AbortSignal): Promise<LightClientUpdate[]> {
    if (startPeriod < 0) return []
    const answer = await plain({ type: 'updates', startPeriod, count }, signal).catch(nullIfNotAvailable)
    const updates = splitUpdates(answer ?? new Uint8Array(0)).map((bytes) =>
      decodeUpdate(bytes, profile, engines.hashes),
    )
    const gap = updates.findIndex(({ attested_header }, i) => periodOf(attested_header.beacon.slot) !== startPeriod + i)
    return gap < 0 ? updates : updates.slice(0, gap)
  }

  /** Before the first update there is, only a bootstrap knows the committee. */
  async function checkpointKeys(period: number, signal: AbortSignal): Promise<Uint8Array> {
    for (const root of checkpoints) {
      if ((periods.get(root) ?? period) !== period) continue
      const bootstrap = await bootstrapOf(root, signal).catch(nullIfNotAvailable)
      if (!bootstrap) continue
      const own = periodOf(bootstrap.header.beacon.slot)
      periods.set(root, own)
      if (own === period) return bootstrap.current_sync_committee.pubkeys
    }
    throw new NotAvailable('this node', `the committee of period ${period}`)
  }

  async function bootstrapOf(root: Hex, signal: AbortSignal): Promise<LightClientBootstrap> {
    return decodeBootstrap(await plain({ type: 'bootstrap', root }, signal), profile, engines.hashes)
  }

  async function hops(startPeriod: number, count: number, signal: AbortSignal): Promise<HopParts[]> {
    // One request brings the updates, and in the one before them the committee that signed the first.
    const [before, ...rest] = await updatesFrom(startPeriod - 1, Math.min(count + 1, MAX_UPDATES), signal)
    // None may be in it although there are some: an answer may end anywhere.
    const updates = rest.length > 0 ? rest : await updatesFrom(startPeriod, count, signal)
    let keys = before ? keysIn(before) : await checkpointKeys(startPeriod, signal)
    const made: HopParts[] = []
    try {
      for (const update of updates) {
        made.push(produceHop(update, keys, profile, engines))
        keys = keysIn(update)
      }
    } catch (cause) {
      if (!(cause instanceof NotHoppable)) throw cause
    }
    if (made.length === 0) throw new NotAvailable('this node', `hops from period ${startPeriod}`)
    return made
  }

  async function finalityUpdate(signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await plain({ type: 'finality_update' }, signal)
    const update = decodeFinalityUpdate(bytes, profile, engines.hashes)
    const period = periodOf(update.signature_slot)
    const [before] = await updatesFrom(period - 1, 1, signal)
    const keys = before ? keysIn(before) : await checkpointKeys(period, signal)
    return produceCompactFinalityUpdate(update, keys, profile, engines)
  }

  return {
    hops,
    async answer(request, signal) {
      switch (request.type) {
        case 'hops':
          return joinRun(await hops(request.startPeriod, request.count, signal))
        case 'compact_bootstrap':
          return produceCompactBootstrap(await bootstrapOf(request.root, signal), profile, engines)
        case 'compact_finality_update':
          return finalityUpdate(signal)
      }
    },
  }
}

/** Keys of the committee that an update brings. */
function keysIn(update: LightClientUpdate): Uint8Array {
  if (!is_sync_committee_update(update)) throw new NotAvailable('this node', 'the committee before the first hop')
  return update.next_sync_committee.pubkeys
}

/** The answer to `hops`: all of them, and the end of the last. */
export function joinRun(parts: readonly HopParts[]): Uint8Array {
  return joinHops(
    parts.map(({ hop }) => hop),
    parts.at(-1)!.end,
  )
}

function nullIfNotAvailable(cause: unknown): null {
  if (cause instanceof NotAvailable) return null
  throw cause
}
