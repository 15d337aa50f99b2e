/** What this client has itself verified, kept so that it can answer its peers and prove again without asking. @module */
import type { Engines } from '@glowworm/wasm-core'
import { toHex } from '../data/hex.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import type { EvidenceRequest, Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { joinUpdates } from '../ledgers/ethereum/wire.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'
import { memorySource } from '../network/memory-source.ts'
import { compactEvidence } from './compact-evidence.ts'
import { hopRuns } from './hop-runs.ts'

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

/** Least recently used answers, bounded by bytes; what leads from committee to committee, which all peers ask for, is kept besides. */
export function createEvidenceCache({ profile, engines, checkpoint, maxBytes }: EvidenceCacheOptions): EvidenceCache {
  const answers = memorySource({ id: 'self', carrier: 'file', words: 'what this client has verified' }, maxBytes)
  const updates = new Map<number, Uint8Array>()
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
  const hops = hopRuns(compact)

  /** Hearsay is never held. */
  async function answerFor(request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> {
    if (!answers.serves(request.type)) throw new NotAvailable('this client', request.type)
    const wanted = request as EvidenceRequest
    switch (wanted.type) {
      case 'hops':
        return hops.answer(wanted.startPeriod, wanted.count, signal)
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
    putHops: hops.put,
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
