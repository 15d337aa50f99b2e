import type { SourceSummary } from './light-client.ts'
import type { SourcePool } from './source-pool.ts'

const NOTHING = { addresses: [], olderAddresses: 0, decoys: 0, transactions: 0, sent: 0 }

/** All sources as a person may see them; a liar stays in sight when it is not connected. */
export function summariesOf(pool: SourcePool): SourceSummary[] {
  const present = pool.records.map(({ source, answers, bytes, lie, learned }) => ({
    description: source.description,
    answers,
    bytes,
    lie: lie?.error ?? null,
    learned,
  }))
  const caught = new Set(pool.records.flatMap(({ lie }) => lie ?? []))
  const absent = pool.lies
    .filter((lie) => !caught.has(lie))
    .map(({ source, error }) => ({ description: source, answers: 0, bytes: 0, lie: error, learned: NOTHING }))
  return [...present, ...absent]
}
