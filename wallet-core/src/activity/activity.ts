/** The list of what this wallet sent and received on request: pure changes to the records, newest first. */
import type { Hex, Receipt } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'
import type { Problem } from '../facade/facade.ts'
import type { OwnPending } from '../transfer/plan.ts'
import type { ActivityRecord, Records } from '../vault/content.ts'
import { isUnderWay } from './queue.ts'

export const MOST_ENTRIES = 1000

export function activityOf(records: Records, network: string): readonly ActivityRecord[] {
  return records.activity[network] ?? []
}

export function withEntry(records: Records, network: string, entry: ActivityRecord): Records {
  const entries = [entry, ...activityOf(records, network)].slice(0, MOST_ENTRIES)
  return { ...records, activity: { ...records.activity, [network]: entries } }
}

/** Changes one entry; the same records when there is nothing to change. */
export function changeEntry(
  records: Records,
  network: string,
  id: string,
  change: (entry: ActivityRecord) => ActivityRecord,
): Records {
  const entries = activityOf(records, network)
  const changed = entries.map((entry) => (entry.id === id ? change(entry) : entry))
  return changed.every((entry, i) => entry === entries[i])
    ? records
    : { ...records, activity: { ...records.activity, [network]: changed } }
}

/** The state a proven receipt puts an entry in. Only another final receipt can say otherwise than an earlier final one. */
export function afterReceipt(entry: ActivityRecord, receipt: Receipt, final: boolean): ActivityRecord {
  const proven = receipt.success ? (final ? 'final' : 'included') : 'failed'
  const state = entry.state === 'final' && !final ? 'final' : proven
  if (state === 'failed' && final && !entry.failedForGood)
    return { ...entry, state, problem: null, failedForGood: true }
  return entry.state === state && entry.problem === null ? entry : { ...entry, state, problem: null }
}

/**
 * No source knows a proven block with it. What is final stays so for ever. What was included or failed (before a
 * reorganisation) is under way again. Only for what was under way already, and when the account's finalized nonce has
 * passed it, another transaction has probably taken its place; no proof of that, since not finding a receipt proves
 * nothing, so it is said and the state stays.
 * @param finalizedNonce Proven at a head no newer than the one the receipt was asked at; null when it is not known.
 */
export function afterNoReceipt(entry: ActivityRecord, finalizedNonce: bigint | null): ActivityRecord {
  if (entry.state === 'final' || entry.failedForGood) return withProblem(entry, null)
  if (entry.state === 'included' || entry.state === 'failed') return { ...entry, state: 'sent', problem: null }
  if (entry.state !== 'sent' && entry.state !== 'signed') return entry
  const passed = entry.signed !== null && finalizedNonce !== null && finalizedNonce > entry.signed.nonce
  if (passed) return withProblem(entry, new ProbablyReplaced().problem)
  // A source had named a block too far back; none does any more.
  return entry.problem?.code === TOO_FAR_BACK ? withProblem(entry, null) : entry
}

/** The code of the light client's error when a source names a block that lies further back than can be proven. */
export const TOO_FAR_BACK = 'TOO_FAR_BACK'

/** Neither proven nor disproven: the state stays, and what is final needs no proof again. */
export function afterTooFarBack(entry: ActivityRecord, problem: Problem): ActivityRecord {
  return withProblem(entry, entry.state === 'final' || entry.failedForGood ? null : problem)
}

function withProblem(entry: ActivityRecord, problem: Problem | null): ActivityRecord {
  return problem?.code === entry.problem?.code ? entry : { ...entry, problem }
}

/** @param takenBy the sources that took it */
export function sent(entry: ActivityRecord, takenBy: string): ActivityRecord {
  if (entry.state !== 'signed' && entry.state !== 'unsent' && entry.state !== 'sent') return entry
  return { ...entry, state: 'sent', problem: null, takenBy }
}

/** It was sent, and when it was handed over again nobody took it. It may be carried out all the same. */
export function dropped(entry: ActivityRecord, reason: Problem): ActivityRecord {
  return entry.state === 'sent' ? { ...entry, problem: new Dropped(reason.message).problem } : entry
}

export function unsent(entry: ActivityRecord, problem: Problem): ActivityRecord {
  return entry.state === 'signed' || entry.state === 'unsent' ? { ...entry, state: 'unsent', problem } : entry
}

/**
 * What is under way from an account, given its proven nonce: what that nonce has passed is done. A transaction no source took does not count: the next one
 * takes its nonce, so that at most one of the two can ever be included.
 * @param replaced a number whose transactions do not count, because another is to take their place
 */
export function ownPending(
  records: Records,
  network: string,
  accountId: string,
  provenNonce: bigint,
  replaced: bigint | null = null,
): OwnPending {
  const entries = activityOf(records, network)
  let nextNonce: bigint | null = null
  /** Of those with one number, one at most is carried out: the dearest counts. */
  const committed = new Map<bigint, bigint>()
  for (const entry of entries) {
    const { signed } = entry
    if (entry.accountId !== accountId || !signed || signed.nonce < provenNonce || !isUnderWay(entries, entry)) continue
    if (nextNonce === null || signed.nonce >= nextNonce) nextNonce = signed.nonce + 1n
    const so = committed.get(signed.nonce) ?? 0n
    committed.set(signed.nonce, signed.mostThatLeaves > so ? signed.mostThatLeaves : so)
  }
  if (replaced !== null) committed.delete(replaced)
  return { nextNonce, committed: [...committed.values()].reduce((sum, most) => sum + most, 0n) }
}

/** True when nothing was ever sent there from this wallet, on any network. */
export function isFirstTime(records: Records, to: Hex): boolean {
  return !Object.values(records.activity).some((entries) =>
    entries.some((entry) => entry.kind === 'send' && (entry.moves?.recipient ?? entry.to) === to),
  )
}

export class Dropped extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Activity.Dropped', code: 'DROPPED', kind: 'unreachable' },
      `No source takes it any more: ${reason}`,
      { next: 'It may still be carried out. Speed it up, or cancel it.' },
    )
  }
}

export class ProbablyReplaced extends WalletError {
  constructor() {
    super(
      { name: 'Activity.ProbablyReplaced', code: 'PROBABLY_REPLACED', kind: 'unprovable' },
      'Its number has been used up, and no source has a receipt for it: another transaction has probably taken its place.',
      { next: 'Look at your balance before you send again.' },
    )
  }
}
