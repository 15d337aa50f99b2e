import type { SourceSummary } from '@glowworm/light-client'
import type { Carrier } from '@glowworm/light-client/network/evidence-source'

/** They take no transactions at all. */
const TAKE_NONE: ReadonlySet<Carrier> = new Set(['beacon-rest', 'file'])
/** Its hexadecimal digits stand in the JSON of one request, which has 4096 bytes at most (docs/protocol.md). */
const LONGEST_FOR_PEERS = 2029

/** Bytes of the longest signed transaction that any of these sources takes; null: no limit is known. */
export function longestTransaction(sources: readonly SourceSummary[]): number | null {
  const takers = sources.filter(({ lie, description }) => lie === null && !TAKE_NONE.has(description.carrier))
  const boundless = takers.length === 0 || takers.some(({ description }) => description.carrier === 'execution-rpc')
  return boundless ? null : LONGEST_FOR_PEERS
}
