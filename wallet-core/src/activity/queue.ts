/**
 * The order of an account's transactions: a number belongs to one of them only, and the lowest goes first. Pure, and out
 * of the entries alone, so that a block that is taken back takes back what followed from it.
 * @module
 */
import type { ActivityEntry } from '../facade/facade.ts'
import type { ActivityRecord } from '../vault/content.ts'

type Queue = ActivityEntry['queue']

/** What still waits for its block: it was not refused by all, and its place is not taken. */
export function isUnderWay(entries: readonly ActivityRecord[], entry: ActivityRecord): boolean {
  return (entry.state === 'signed' || entry.state === 'sent') && replacementOf(entries, entry) === null
}

/**
 * The transaction of this wallet's that is proven to have used the number up: then this one can never be carried out. Its
 * own receipt, should it have one, comes first.
 */
export function replacementOf(entries: readonly ActivityRecord[], entry: ActivityRecord): ActivityRecord | null {
  if (!entry.signed || isInBlock(entry)) return null
  return siblings(entries, entry).find(isInBlock) ?? null
}

/** The others with the same number of the same account. */
export function siblings(entries: readonly ActivityRecord[], entry: ActivityRecord): ActivityRecord[] {
  const { signed, accountId } = entry
  if (!signed) return []
  return entries.filter(
    (other) => other !== entry && other.accountId === accountId && other.signed?.nonce === signed.nonce,
  )
}

/** @param provenNonce of the account; null when it is not known */
export function queueOf(entries: readonly ActivityRecord[], entry: ActivityRecord, provenNonce: bigint | null): Queue {
  const nonce = entry.signed?.nonce
  if (nonce === undefined || provenNonce === null || nonce < provenNonce || !isUnderWay(entries, entry)) return null
  if (nonce === provenNonce) return 'next'
  const before = new Set(
    entries.flatMap((other) =>
      other.accountId === entry.accountId && other.signed && isUnderWay(entries, other) && other.signed.nonce < nonce
        ? [other.signed.nonce]
        : [],
    ),
  )
  for (let number = provenNonce; number < nonce; number++) if (!before.has(number)) return 'gap'
  return 'behind'
}

const isInBlock = ({ state }: ActivityRecord): boolean =>
  state === 'included' || state === 'final' || state === 'failed'
