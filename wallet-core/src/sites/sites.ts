/** Which site may see which accounts: pure changes to the records. */
import type { Hex } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'
import type { AccountRecord, Records } from '../vault/content.ts'

/** @throws {UnknownAccount} */
export function accountRecord(records: Records, id: string): AccountRecord {
  const account = records.accounts.find((candidate) => candidate.id === id)
  if (!account) throw new UnknownAccount()
  return account
}

/** The accounts a site may see, the selected one first (EIP-1193 sites take the first). */
export function accountsOfSite(records: Records, origin: string): readonly AccountRecord[] {
  const site = records.sites.find((candidate) => candidate.origin === origin)
  if (!site) return []
  const visible = records.accounts.filter(({ id, hidden }) => !hidden && site.accounts.includes(id))
  return [
    ...visible.filter(({ id }) => id === records.selected),
    ...visible.filter(({ id }) => id !== records.selected),
  ]
}

/** The account a site names, if it may see it. */
export function accountOfSite(records: Records, origin: string, address: Hex): AccountRecord | null {
  return accountsOfSite(records, origin).find((account) => account.address === address) ?? null
}

/** @throws {UnknownAccount} {@link NoAccounts} */
export function withSite(records: Records, origin: string, accounts: readonly string[], now: number): Records {
  if (accounts.length === 0) throw new NoAccounts()
  for (const id of accounts) accountRecord(records, id)
  const others = records.sites.filter((site) => site.origin !== origin)
  return { ...records, sites: [...others, { origin, accounts: [...new Set(accounts)], connectedAt: now }] }
}

/**
 * What a site that asks to connect is offered: the account that was made for it, else the selected one, unless that was
 * made for another site, which must not meet this one.
 */
export function proposedFor(records: Records, origin: string): readonly string[] {
  const shown = records.accounts.filter(({ hidden }) => !hidden)
  const own = shown.find(({ site }) => site === origin)
  const free = shown.filter(({ site }) => site === null)
  const chosen = own ?? free.find(({ id }) => id === records.selected) ?? free[0]
  return chosen ? [chosen.id] : []
}

export function withoutSite(records: Records, origin: string): Records {
  const rest = records.sites.filter((site) => site.origin !== origin)
  return rest.length === records.sites.length ? records : { ...records, sites: rest }
}

export class UnknownAccount extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.UnknownAccount', code: 'UNKNOWN_ACCOUNT', kind: 'usage' },
      'There is no such account in this wallet.',
    )
  }
}

/** A site asks for something of an account it was not given, or was given no longer. */
export class NotPermitted extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NotPermitted', code: 'NOT_PERMITTED', kind: 'refused' },
      'The user has not let this site use that account.',
    )
  }
}

export class NoAccounts extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NoAccounts', code: 'NO_ACCOUNTS', kind: 'usage' },
      'A connection needs at least one account.',
      { next: 'Choose one, or reject the request.' },
    )
  }
}
