/** What was found in proven logs, and which blocks that speaks for: pure changes to the records. */
import type { Hex } from '@glowworm/light-client'
import { looksLike } from '../safety/look-alike.ts'
import type { HistoryRecord, PermissionRecord, Records, TransferRecord } from '../vault/content.ts'
import { above, type BlockRange, joined } from './ranges.ts'

/** Transfers that are kept, of all accounts together. */
export const MOST_TRANSFERS = 2000
const MOST_PERMISSIONS = 1000

const EMPTY: HistoryRecord = { transfers: [], permissions: [], covered: {} }

export const historyOf = (records: Records, network: string): HistoryRecord => records.history?.[network] ?? EMPTY

export const coveredOf = (records: Records, network: string, accountId: string): readonly BlockRange[] =>
  historyOf(records, network).covered[accountId] ?? []

/**
 * Adds what a search found. When it is more than is kept, the oldest goes, and with it the claim to cover its blocks:
 * what is said to be complete is.
 */
export function withSearched(
  records: Records,
  network: string,
  accountId: string,
  found: {
    readonly transfers: readonly TransferRecord[]
    readonly permissions: readonly PermissionRecord[]
    readonly covered: readonly BlockRange[]
  },
): Records {
  const before = historyOf(records, network)
  const transfers = unique([...found.transfers, ...before.transfers], transferKey).toSorted(newestFirst)
  const permissions = unique([...found.permissions, ...before.permissions], permissionKey).slice(0, MOST_PERMISSIONS)
  const covered = {
    ...before.covered,
    [accountId]: joined([...(before.covered[accountId] ?? []), ...found.covered]),
  }
  const gone = transfers[MOST_TRANSFERS]
  const history: HistoryRecord =
    gone === undefined
      ? { transfers, permissions, covered }
      : {
          transfers: transfers.filter(({ block }) => block > gone.block),
          permissions,
          covered: Object.fromEntries(
            Object.entries(covered).map(([id, ranges]) => [id, above(gone.block + 1n, ranges)] as const),
          ),
        }
  return { ...records, history: { ...records.history, [network]: history } }
}

export const transferKey = ({ accountId, hash, logIndex, place }: TransferRecord): string =>
  `${accountId} ${hash} ${logIndex} ${place}`

export const permissionKey = ({ accountId, kind, contract, spender, id }: PermissionRecord): string =>
  [accountId, kind, contract, kind === 'item' ? '' : spender, id ?? ''].join(' ')

/**
 * Why a transfer is probably there to deceive: it moves nothing, or its other side looks like an address that this wallet
 * knows. Such addresses are copied from the history by mistake.
 */
export function baitIn(
  { id, amount, from, to }: Pick<TransferRecord, 'id' | 'amount' | 'from' | 'to'>,
  account: Hex,
  known: readonly Hex[],
): 'zero-value' | 'look-alike' | null {
  const other = from === account ? to : from
  if (known.includes(other)) return null
  if (known.some((address) => looksLike(address, other))) return 'look-alike'
  return id === null && amount === 0n ? 'zero-value' : null
}

function newestFirst(a: TransferRecord, b: TransferRecord): number {
  if (a.block !== b.block) return a.block > b.block ? -1 : 1
  return b.logIndex - a.logIndex || b.place - a.place
}

function unique<T>(all: readonly T[], key: (one: T) => string): T[] {
  return [...new Map(all.toReversed().map((one) => [key(one), one])).values()].toReversed()
}
