/** What this wallet knows of an address somebody is about to send to. Pure: everything is in the records. */
import type { Hex } from '@glowworm/light-client'
import { assetsOf } from '../assets/asset.ts'
import { tokenMoveIn } from '../assets/transfer-call.ts'
import type { RecipientView, RecipientWarning } from '../facade/safety-values.ts'
import { baitIn, historyOf } from '../history/history.ts'
import type { Records } from '../vault/content.ts'
import { looksLike } from './look-alike.ts'

export interface KnownAddress {
  readonly address: Hex
  readonly known: 'own' | 'contact' | 'used'
  readonly name: string | null
}

/** Whom a transaction gives something to: the recipient of a token, or of the coin. Null for other calls. */
export function recipientOf(to: Hex | null, data: Hex): Hex | null {
  return data === '0x' ? to : (tokenMoveIn(to, data)?.recipient ?? null)
}

/** Own accounts first, then contacts, then where something was sent to; each address once. Bait is never among them. */
export function knownAddresses(records: Records): readonly KnownAddress[] {
  const all: KnownAddress[] = [
    ...records.accounts.map(({ address, name }) => ({ address, name, known: 'own' as const })),
    ...(records.contacts ?? []).map(({ address, name }) => ({ address, name, known: 'contact' as const })),
    ...sentTo(records).map((address) => ({ address, name: null, known: 'used' as const })),
  ]
  const first = new Map<Hex, KnownAddress>()
  for (const one of all) if (!first.has(one.address)) first.set(one.address, one)
  return [...first.values()]
}

/** Only what was signed here: transfers in the logs may have been made by anybody. */
function sentTo(records: Records): Hex[] {
  return Object.values(records.activity).flatMap((entries) =>
    entries.flatMap(({ kind, to, moves }) => {
      const recipient = moves?.recipient ?? to
      return kind === 'send' && recipient !== null ? [recipient] : []
    }),
  )
}

/** Whether it stands in the history, and only with transfers that are there to deceive. */
function baitAbout(records: Records, network: string, address: Hex, known: readonly KnownAddress[]): boolean {
  const own = new Map(records.accounts.map((account) => [account.id, account.address]))
  const addresses = known.map((one) => one.address)
  const about = historyOf(records, network).transfers.filter(({ from, to }) => from === address || to === address)
  return (
    about.length > 0 &&
    about.every((transfer) => baitIn(transfer, own.get(transfer.accountId) ?? transfer.to, addresses) !== null)
  )
}

/** @param network whose tokens and history count */
export function recipientView(
  records: Records,
  network: string,
  address: Hex,
  checksum: (address: Hex) => string,
): RecipientView {
  const known = knownAddresses(records)
  const own = known.find((one) => one.address === address)
  const warnings: RecipientWarning[] = known
    .filter((one) => looksLike(one.address, address))
    .map((one) => ({ code: 'looks-like', about: one.address, name: one.name }))
  if (assetsOf(records, network).some((asset) => asset.address === address))
    warnings.push({ code: 'token', about: address, name: null })
  const bait = own === undefined && baitAbout(records, network, address, known)
  if (bait) warnings.push({ code: 'bait', about: address, name: null })
  return { address, checksummed: checksum(address), known: own?.known ?? null, name: own?.name ?? null, warnings }
}
