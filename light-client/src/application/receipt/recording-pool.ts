import { type EvidenceRequest, keyOf } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import type { SourcePool } from '../source-pool.ts'
import type { Receipt } from './format.ts'

/** A pool that remembers every answer that was accepted, in the order of first use. */
export function recordingPool(pool: SourcePool): { pool: SourcePool; evidence(): Receipt['evidence'] } {
  const kept = new Map<string, { request: EvidenceRequest; bytes: Uint8Array }>()
  const keep = (request: PeerRequest, bytes: Uint8Array) =>
    kept.set(keyOf(request), { request: request as EvidenceRequest, bytes: bytes.slice() })
  return {
    evidence: () => [...kept.values()],
    pool: {
      get records() {
        return pool.records
      },
      get lies() {
        return pool.lies
      },
      get diversity() {
        return pool.diversity
      },
      offers: pool.offers,
      add: pool.add,
      remove: pool.remove,
      ban: pool.ban,
      vouched: pool.vouched,
      close: pool.close,
      ahead: pool.ahead,
      isAhead: pool.isAhead,
      async ask(request, check, signal) {
        const answer = await pool.ask(request, check, signal)
        keep(request, answer.bytes)
        return answer
      },
      async askAll(request, signal, except) {
        const said = await pool.askAll(request, signal, except)
        // Hints where to look. One that leads there is enough; which one does is found out by looking.
        for (const { bytes } of said) if (bytes && bytes.length > 0) keep(request, bytes)
        return said
      },
    },
  }
}
