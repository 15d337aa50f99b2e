import { keyOf } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { type EvidenceSource, NotAvailable, type SourceDescription } from '../../network/evidence-source.ts'
import type { Receipt } from './format.ts'

const FILE: SourceDescription = { id: 'receipt', carrier: 'file', words: 'the proof receipt' }

export interface ReceiptSource extends EvidenceSource {
  /** What nobody has asked for. */
  unused(): readonly PeerRequest[]
}

/**
 * The evidence in a receipt as a source like any other: no more trusted than one. How many periods are asked for at once
 * depends on the day of asking, so ranges are found by where they begin.
 */
export function receiptSource({ evidence }: Receipt): ReceiptSource {
  const keyed = new Map(evidence.map((piece) => [rangeKey(piece.request), piece]))
  const used = new Set<Receipt['evidence'][number]>()
  return {
    description: FILE,
    serves: () => true,
    async request(request, signal) {
      signal.throwIfAborted()
      const key = rangeKey(request)
      const found = keyed.get(key)
      if (!found) throw new NotAvailable(FILE.words, `what ${request.type} asks for`)
      used.add(found)
      return { bytes: found.bytes.slice(), from: FILE }
    },
    // by piece, not by key: of two that answer the same, one is surplus
    unused: () => evidence.filter((piece) => !used.has(piece)).map(({ request }) => request),
    close: async () => {},
  }
}

function rangeKey(request: PeerRequest): string {
  return 'count' in request ? keyOf({ ...request, count: 0 }) : keyOf(request)
}
