/**
 * The activity as a table (RFC 4180). Amounts are whole numbers of the smallest unit: a spreadsheet cannot round what has
 * no fraction, and no decimals are claimed that a contract might change. Pure.
 * @module
 */

import type { ActivityEntry, CoverageView, TransferView } from '@glowworm/wallet-core/facade/facade'
import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'

const COLUMNS = [
  ...['kind', 'time', 'account', 'from', 'to', 'asset', 'item', 'amount', 'block', 'transaction', 'state', 'proof'],
  ...['warning', 'site'],
] as const
type Row = Partial<Record<(typeof COLUMNS)[number], string | bigint | number | null>>

export function activityTable(
  account: { readonly id: string; readonly address: string },
  activity: readonly ActivityEntry[],
  transfers: readonly TransferView[],
  coverage: readonly CoverageView[],
): string {
  const mine = <T extends { readonly accountId: string }>(all: readonly T[]) =>
    all.filter(({ accountId }) => accountId === account.id)
  const rows: Row[] = [
    ...mine(activity).map((entry) => ofEntry(entry, account.address)),
    ...mine(transfers).map((transfer) => ofTransfer(transfer, account.address)),
    // What the transfers are complete for; of blocks that no such row names nothing is said.
    ...mine(coverage).flatMap(({ ranges }) =>
      ranges.map(
        ({ from, to }): Row => ({
          kind: 'transfers-complete',
          account: account.address,
          block: `${from}-${to}`,
        }),
      ),
    ),
  ]
  return [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(',')), ''].join(
    '\r\n',
  )
}

function ofEntry(entry: ActivityEntry, account: string): Row {
  const { kind, at, to, moves, value, hash, state, receipt, origin } = entry
  return {
    kind,
    time: timeOf(at),
    account,
    from: kind === 'send' ? account : null,
    to: moves?.recipient ?? to,
    asset: moves?.contract ?? 'native',
    item: moves?.id ?? null,
    amount: moves?.amount ?? value,
    block: receipt?.kind === 'proven' ? receipt.value.blockNumber : null,
    transaction: hash,
    state,
    proof: receipt?.kind === 'proven' ? (receipt.final ? 'final' : 'proven') : state === 'final' ? 'earlier' : 'none',
    site: origin && saidOrigin(origin),
  }
}

function ofTransfer({ time, from, to, contract, id, amount, block, hash, bait }: TransferView, account: string): Row {
  return {
    ...{ kind: to === account ? 'transfer-in' : 'transfer-out', time: timeOf(time), account, from, to },
    ...{ asset: contract, item: id, amount, block, transaction: hash, state: 'logged', proof: 'final', warning: bait },
  }
}

const timeOf = (at: number): string => new Date(at).toISOString()

/**
 * Quoted where it has to be. What a spreadsheet would take for a formula gets an apostrophe in front: origins are chosen by
 * others.
 */
export function cell(value: Row[keyof Row]): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const harmless = /^[\s]*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
  return /[",\r\n\t ;']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
