/** What this client has itself verified, kept so that it can answer its peers. @module */
import { type EthereumRequest, type EvidenceRequest, keyOf } from '../ledgers/ethereum/evidence.ts'
import { joinUpdates } from '../ledgers/ethereum/wire.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'

export interface EvidenceCache {
  get(request: EvidenceRequest): Uint8Array | undefined
  put(request: EvidenceRequest, bytes: Uint8Array): void
  /** Keeps the committee update of a period, so that any range of periods can be answered. */
  putUpdate(period: number, update: Uint8Array): void
  /** The cache as a source for others. */
  readonly source: EvidenceSource
}

/** A least-recently-used cache bounded by bytes. */
export function createEvidenceCache(maxBytes: number): EvidenceCache {
  const entries = new Map<string, Uint8Array>()
  let size = 0
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
  const get = (request: EthereumRequest) => {
    if (request.type === 'updates') return range(request.startPeriod, request.count)
    const key = keyOf(request)
    const bytes = entries.get(key)
    if (bytes) {
      entries.delete(key)
      entries.set(key, bytes)
    }
    return bytes
  }
  const types = new Set<EthereumRequest['type']>([
    'bootstrap',
    'updates',
    'finality_update',
    'optimistic_update',
    'execution_header',
    'account',
    'code',
    'receipts',
    'transactions',
  ])
  return {
    get,
    putUpdate(period, update) {
      updates.set(period, update)
    },
    put(request, bytes) {
      const key = keyOf(request)
      size += bytes.length - (entries.get(key)?.length ?? 0)
      entries.delete(key)
      entries.set(key, bytes)
      for (const [oldest, { length }] of entries) {
        if (size <= maxBytes) break
        entries.delete(oldest)
        size -= length
      }
    },
    source: {
      description: { id: 'self', carrier: 'file', words: 'what this client has verified' },
      serves: (type) => types.has(type),
      async request(request) {
        const bytes = get(request)
        if (!bytes) throw new NotAvailable('this client', request.type)
        return { bytes, from: this.description }
      },
      close: async () => {},
    },
  }
}
