/** What each source has learned by being asked, since the client was started. Bounded; kept in memory only. @module */
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { addressesIn } from './what-it-tells.ts'

/** What one source knows of whoever asks. That it knows the internet address goes without saying: it was contacted. */
export interface Learned {
  /** Addresses asked about in earnest, the newest last. */
  readonly addresses: readonly Hex[]
  /** How many more there were before them. */
  readonly olderAddresses: number
  /** Addresses asked about to hide the others among. */
  readonly decoys: number
  /** Hashes of transactions asked about. */
  readonly transactions: number
  /** Signed transactions handed to it. */
  readonly sent: number
}

export interface LearnedLedger {
  /** The source is about to be told this. */
  note(source: string, request: PeerRequest, purpose: 'earnest' | 'decoy'): void
  of(source: string): Learned
}

const NOTHING: Learned = { addresses: [], olderAddresses: 0, decoys: 0, transactions: 0, sent: 0 }
const MOST_ADDRESSES = 100
const MOST_SOURCES = 512

export function createLearnedLedger(): LearnedLedger {
  const entries = new Map<string, Learned>()
  return {
    note(source, request, purpose) {
      const before = entries.get(source) ?? NOTHING
      const after = purpose === 'decoy' ? { ...before, decoys: before.decoys + 1 } : afterRequest(before, request)
      if (after === before) return
      entries.delete(source)
      entries.set(source, after)
      if (entries.size > MOST_SOURCES) entries.delete(entries.keys().next().value!)
    },
    of: (source) => entries.get(source) ?? NOTHING,
  }
}

function afterRequest(before: Learned, request: PeerRequest): Learned {
  if (request.type === 'send_transaction') return { ...before, sent: before.sent + 1 }
  if (request.type === 'transaction_location') return { ...before, transactions: before.transactions + 1 }
  const fresh = addressesIn(request).filter((address) => !before.addresses.includes(address))
  if (fresh.length === 0) return before
  const all = [...before.addresses, ...fresh]
  const surplus = Math.max(0, all.length - MOST_ADDRESSES)
  return { ...before, addresses: all.slice(surplus), olderAddresses: before.olderAddresses + surplus }
}
