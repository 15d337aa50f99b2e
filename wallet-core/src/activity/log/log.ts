/**
 * The log of what this wallet did: each entry holds the hash of the one before, so that none can be changed or taken out
 * without changing every later hash. What it can show, and what not, is in docs/activity-log.md. Pure.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { ActivityRecord, Records } from '../../vault/content.ts'

/** A kind of event and its particulars, as text. */
export type LogEvent = readonly string[]

export interface LogEntry {
  /** From 1, without gaps. */
  readonly n: number
  /** ms since the epoch, by this device's clock. */
  readonly at: number
  readonly event: LogEvent
  /** SHA-256 of the hash before (32 bytes) and the UTF-8 of JSON `[n, at, event]`. */
  readonly hash: Hex
}

export interface LogHead {
  readonly n: number
  readonly hash: Hex
}

export interface Log {
  /** What the first entry builds on: older ones are not kept. */
  readonly start: LogHead
  /** Oldest first. */
  readonly entries: readonly LogEntry[]
}

export const EMPTY_LOG: Log = { start: { n: 0, hash: `0x${'0'.repeat(64)}` }, entries: [] }
const MOST_ENTRIES = 2000

type Sha256 = (data: Uint8Array) => Uint8Array

export const headOf = ({ start, entries }: Log): LogHead => entries.at(-1) ?? start

export function entryHash({ hash }: LogHead, n: number, at: number, event: LogEvent, sha256: Sha256): Hex {
  const text = new TextEncoder().encode(JSON.stringify([n, at, event]))
  return toHex(sha256(concatBytes(fromHex(hash, 'hash', 32), text)))
}

/** The records with their log carried on by what changed; the same ones where nothing worth an entry did. */
export function withLogged(before: Records, after: Records, at: number, sha256: Sha256): Records {
  const events = eventsOf(before, after)
  if (events.length === 0) return after
  const log = after.log ?? EMPTY_LOG
  const entries = [...log.entries]
  for (const event of events) {
    const head = entries.at(-1) ?? log.start
    entries.push({ n: head.n + 1, at, event, hash: entryHash(head, head.n + 1, at, event, sha256) })
  }
  const gone = entries.length - MOST_ENTRIES
  if (gone <= 0) return { ...after, log: { start: log.start, entries } }
  const { n, hash } = entries[gone - 1]!
  return { ...after, log: { start: { n, hash }, entries: entries.slice(gone) } }
}

function eventsOf(before: Records, after: Records): LogEvent[] {
  const events: LogEvent[] = []
  if (before.activity !== after.activity)
    for (const [network, entries] of Object.entries(after.activity)) {
      const old = new Map((before.activity[network] ?? []).map((entry) => [entry.id, entry.state]))
      for (const entry of entries.toReversed())
        if (old.get(entry.id) !== entry.state) events.push(transactionEvent(network, entry, after))
    }
  events.push(...differences(before.sites, after.sites, 'site', ({ origin, accounts }) => [origin, ...accounts]))
  events.push(
    ...differences(before.contacts ?? [], after.contacts ?? [], 'contact', ({ address, name }) => [address, name]),
  )
  if (before.spendingLimits !== after.spendingLimits)
    events.push(['limits', ...(after.spendingLimits ?? []).map(({ asset, most, per }) => `${asset} ${most} ${per}`)])
  return events
}

function transactionEvent(network: string, entry: ActivityRecord, { accounts }: Records): LogEvent {
  const { id, accountId, kind, state, hash, to, value, moves, origin } = entry
  const from = accounts.find((account) => account.id === accountId)?.address
  const token = moves ? [moves.contract, moves.recipient, String(moves.id ?? ''), String(moves.amount)] : []
  return [
    'transaction',
    network,
    id,
    kind,
    state,
    from ?? '',
    to ?? '',
    String(value ?? ''),
    hash ?? '',
    origin ?? '',
    ...token,
  ]
}

function differences<T>(
  before: readonly T[],
  after: readonly T[],
  name: string,
  words: (one: T) => readonly string[],
): LogEvent[] {
  if (before === after) return []
  const [old, fresh] = [before, after].map((all) => new Map(all.map((one) => [JSON.stringify(words(one)), words(one)])))
  return [
    ...[...old!].flatMap(([key, one]) => (fresh!.has(key) ? [] : [[`${name}-gone`, ...one]])),
    ...[...fresh!].flatMap(([key, one]) => (old!.has(key) ? [] : [[name, ...one]])),
  ]
}
