/**
 * Calls that a site asks for together (EIP-5792). They are transactions of their own, one after the other, each approved
 * by itself: nothing here is atomic, and nothing claims to be. What has become of them is read off the activity. Pure.
 * @module
 */
import { replacementOf } from '../activity/queue.ts'
import type { ActivityRecord, BatchRecord, Records } from '../vault/content.ts'

const MOST_BATCHES = 100

/** Status codes of EIP-5792. */
export const CALLS = { pending: 100, confirmed: 200, notCarriedOut: 400, reverted: 500, partly: 600 } as const

export function batchOf(records: Records, network: string, origin: string, id: string): BatchRecord | null {
  const batches = records.batches?.[network] ?? []
  return batches.find((batch) => batch.origin === origin && batch.id === id) ?? null
}

export function withBatch(records: Records, network: string, batch: BatchRecord): Records {
  const batches = [batch, ...(records.batches?.[network] ?? [])].slice(0, MOST_BATCHES)
  return { ...records, batches: { ...records.batches, [network]: batches } }
}

export function withoutBatch(records: Records, network: string, { origin, id }: BatchRecord): Records {
  const batches = (records.batches?.[network] ?? []).filter((batch) => batch.origin !== origin || batch.id !== id)
  return { ...records, batches: { ...records.batches, [network]: batches } }
}

/** The name of the request that the call number `index` is, in the activity. */
export const requestOfCall = ({ request }: Pick<BatchRecord, 'request'>, index: number): string => `${request}#${index}`

export interface BatchState {
  readonly status: number
  /** Those in a block, in the order of the calls: the ones whose receipts there are. */
  readonly included: readonly ActivityRecord[]
}

/** @param running whether the wallet still asks for the calls that have no entry yet */
export function batchState(entries: readonly ActivityRecord[], batch: BatchRecord, running: boolean): BatchState {
  const calls = Array.from({ length: batch.calls }, (_, i) => callEntry(entries, batch, i))
  const included = calls.flatMap((entry) => (entry && isInBlock(entry) ? [entry] : []))
  const open = calls.some((entry) => (entry === null ? running : isOpen(entries, entry)))
  if (open) return { status: CALLS.pending, included }
  const succeeded = included.filter(({ state }) => state !== 'failed').length
  if (succeeded === batch.calls) return { status: CALLS.confirmed, included }
  if (included.length === 0) return { status: CALLS.notCarriedOut, included }
  return { status: succeeded === 0 && included.length === batch.calls ? CALLS.reverted : CALLS.partly, included }
}

/** The transaction that carries the call out: the one that was signed, or what it was sped up by. */
function callEntry(entries: readonly ActivityRecord[], batch: BatchRecord, index: number): ActivityRecord | null {
  const request = requestOfCall(batch, index)
  const signed = entries.find((entry) => entry.origin === batch.origin && entry.request === request)
  if (!signed) return null
  const replacement = replacementOf(entries, signed)
  return replacement?.replaces?.how === 'speed-up' ? replacement : signed
}

const isInBlock = ({ state }: ActivityRecord): boolean => ['included', 'final', 'failed'].includes(state)

/** It may still come into a block. One that nobody took may be sent again. */
const isOpen = (entries: readonly ActivityRecord[], entry: ActivityRecord): boolean =>
  !isInBlock(entry) && replacementOf(entries, entry) === null
