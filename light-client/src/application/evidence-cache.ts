/** What this client has itself verified, kept so that it can answer its peers and prove again without asking. @module */
import type { Engines } from '@glowworm/wasm-core'
import { toHex } from '../data/hex.ts'
import { joinHops, splitHops } from '../ledgers/ethereum/compact/wire.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import type { EvidenceRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'
import { memorySource } from '../network/memory-source.ts'
import { compactEvidence } from './compact-evidence.ts'

export interface EvidenceCache {
  get(request: EvidenceRequest): Uint8Array | undefined
  put(request: EvidenceRequest, bytes: Uint8Array): void
  /** Keeps the committee update of a period, so that any range of periods can be answered. */
  putUpdate(period: number, update: Uint8Array): void
  /** Keeps a run of hops, so that any part of it that has the same end can be answered. */
  putHops(startPeriod: number, answer: Uint8Array): void
  /** Keeps the keys of the anchor's committees, as far as they are loaded. */
  putKeys(anchor: EthereumAnchor): void
  /** The cache as a source for others. Hops are made of updates when they are first asked for. */
  readonly source: EvidenceSource
}

export interface EvidenceCacheOptions {
  readonly profile: NetworkProfile
  readonly engines: Engines
  /** The block this client started from. */
  readonly checkpoint: Hex
  readonly maxBytes: number
}

interface KeptHop {
  readonly hop: Uint8Array
  /** Null where the hop was not the last of its run. */
  readonly end: Uint8Array | null
}

/** Least recently used answers, bounded by bytes; what leads from committee to committee, which all peers ask for, is kept besides. */
export function createEvidenceCache({ profile, engines, checkpoint, maxBytes }: EvidenceCacheOptions): EvidenceCache {
  const answers = memorySource({ id: 'self', carrier: 'file', words: 'what this client has verified' }, maxBytes)
  const updates = new Map<number, Uint8Array>()
  const hops = new Map<number, KeptHop>()
  const range = (startPeriod: number, count: number): Uint8Array | undefined => {
    const parts: Uint8Array[] = []
    for (let period = startPeriod; period < startPeriod + count; period++) {
      const update = updates.get(period)
      if (!update) break
      parts.push(update)
    }
    return parts.length > 0 ? joinUpdates(parts) : undefined
  }
  const get = (request: EvidenceRequest) =>
    request.type === 'updates' ? range(request.startPeriod, request.count) : answers.get(request)

  const held = async (request: EvidenceRequest) => {
    const bytes = get(request)
    if (!bytes) throw new NotAvailable('this client', `what ${request.type} asks for`)
    return bytes
  }
  const compact = compactEvidence({ profile, engines, plain: held, checkpoints: [checkpoint] })

  async function runOfHops(startPeriod: number, count: number, signal: AbortSignal): Promise<Uint8Array> {
    const run = keptFrom(startPeriod, count)
    const missing = count - run.length
    const first = startPeriod + run.length
    const made = missing > 0 ? await compact.hops(first, missing, signal).catch(noneIfNotAvailable) : []
    for (const [i, parts] of made.entries()) hops.set(first + i, parts)
    const whole = [...run, ...made]
    const last = whole.findLastIndex(({ end }) => end !== null)
    if (last < 0) throw new NotAvailable('this client', `hops from period ${startPeriod}`)
    return joinHops(
      whole.slice(0, last + 1).map(({ hop }) => hop),
      whole[last]!.end!,
    )
  }

  /** The hops held of consecutive periods. */
  function keptFrom(startPeriod: number, count: number): KeptHop[] {
    const run: KeptHop[] = []
    for (let period = startPeriod; period < startPeriod + count; period++) {
      const kept = hops.get(period)
      if (!kept) break
      run.push(kept)
    }
    return run
  }

  /** Hearsay is never held. */
  async function answerFor(request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> {
    if (!answers.serves(request.type)) throw new NotAvailable('this client', request.type)
    const wanted = request as EvidenceRequest
    switch (wanted.type) {
      case 'hops':
        return runOfHops(wanted.startPeriod, wanted.count, signal)
      case 'compact_bootstrap':
      case 'compact_finality_update':
        // Made of the newest plain answer; what came compact itself may be older, but is better than nothing.
        return compact.answer(wanted, signal).catch(() => held(wanted))
      default:
        return held(wanted)
    }
  }

  return {
    get,
    put: answers.put,
    putUpdate(period, update) {
      updates.set(period, update)
    },
    putHops(startPeriod, answer) {
      const { hops: parts, end } = splitHops(answer.slice())
      for (const [i, hop] of parts.entries())
        hops.set(startPeriod + i, { hop, end: i === parts.length - 1 ? end : (hops.get(startPeriod + i)?.end ?? null) })
    },
    putKeys({ store }) {
      for (const committee of [store.current_sync_committee, store.next_sync_committee])
        if (committee?.pubkeys)
          answers.put({ type: 'committee', pubkeysRoot: toHex(committee.pubkeys_root) }, committee.pubkeys)
    },
    source: {
      description: answers.description,
      serves: answers.serves,
      async request(request, signal) {
        signal.throwIfAborted()
        return { bytes: await answerFor(request, signal), from: answers.description }
      },
      close: answers.close,
    },
  }
}

function noneIfNotAvailable(cause: unknown): [] {
  if (cause instanceof NotAvailable) return []
  throw cause
}
