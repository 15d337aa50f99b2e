import { type CompactRequest, compactEvidence } from '@glowworm/light-client/application/compact-evidence'
import { toHex } from '@glowworm/light-client/data/hex'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import type { EvidenceRequest, Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { joinUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import type { Engines } from '@glowworm/wasm-core'

/** What a beacon node could answer about a chain. */
export interface PlainChain {
  readonly profile: NetworkProfile
  readonly checkpoint: Hex
  readonly bootstrap: Uint8Array
  /** Of consecutive periods. */
  readonly updates: readonly Uint8Array[]
  /** Of the first update; 0 where it is left out. */
  readonly firstPeriod?: number
  readonly finality?: Uint8Array
}

/** Answers as a beacon node gives them. */
export function plainAnswers(chain: PlainChain): (request: EvidenceRequest) => Promise<Uint8Array> {
  const answer = (request: EvidenceRequest) => {
    if (request.type === 'bootstrap' && request.root === chain.checkpoint) return chain.bootstrap
    if (request.type === 'finality_update') return chain.finality
    if (request.type !== 'updates') return undefined
    const from = request.startPeriod - (chain.firstPeriod ?? 0)
    const parts = chain.updates.slice(Math.max(0, from), Math.max(0, from + request.count))
    return parts.length > 0 ? joinUpdates(parts) : undefined
  }
  return async (request) => {
    const bytes = answer(request)
    if (!bytes) throw new NotAvailable('the chain', request.type)
    return bytes
  }
}

/** The same evidence, compact. */
export function compactAnswers(chain: PlainChain, engines: Engines) {
  const { profile, checkpoint } = chain
  const made = compactEvidence({ profile, engines, plain: plainAnswers(chain), checkpoints: [checkpoint] })
  return { answer: (request: CompactRequest) => made.answer(request, new AbortController().signal) }
}

/** All that an anchor says: heads, committees, counts. Whether keys are loaded says nothing. */
export function anchorIdentity(anchor: EthereumAnchor): string {
  return JSON.stringify(anchor, (key, value) => {
    if (key === 'pubkeys') return undefined
    if (typeof value === 'bigint') return String(value)
    return value instanceof Uint8Array ? toHex(value) : value
  })
}
