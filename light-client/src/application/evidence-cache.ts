/** What this client has itself verified, kept so that it can answer its peers and prove again without asking. @module */
import type { EvidenceRequest } from '../ledgers/ethereum/evidence.ts'
import { joinUpdates } from '../ledgers/ethereum/wire.ts'
import { type EvidenceSource, NotAvailable } from '../network/evidence-source.ts'
import { memorySource } from '../network/memory-source.ts'

export interface EvidenceCache {
  get(request: EvidenceRequest): Uint8Array | undefined
  put(request: EvidenceRequest, bytes: Uint8Array): void
  /** Keeps the committee update of a period, so that any range of periods can be answered. */
  putUpdate(period: number, update: Uint8Array): void
  /** The cache as a source for others. */
  readonly source: EvidenceSource
}

/** Least recently used answers, bounded by bytes; committee updates, which all peers ask for, are kept besides. */
export function createEvidenceCache(maxBytes: number): EvidenceCache {
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
  return {
    get,
    put: answers.put,
    putUpdate(period, update) {
      updates.set(period, update)
    },
    source: {
      description: answers.description,
      serves: answers.serves,
      async request(request, signal) {
        if (request.type !== 'updates') return answers.request(request, signal)
        const bytes = get(request)
        if (!bytes) throw new NotAvailable('this client', `updates from period ${request.startPeriod}`)
        return { bytes, from: answers.description }
      },
      close: answers.close,
    },
  }
}
