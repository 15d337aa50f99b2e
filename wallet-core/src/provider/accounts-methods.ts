/** Connection and permissions (EIP-1102, EIP-2255). */
import type { Hex } from '@glowworm/light-client'
import { record } from '@glowworm/light-client/application/rpc/parameters'
import { nextAccount } from '../accounts/next-account.ts'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { MOST_ACCOUNTS, TooManyAccounts } from '../imports/read-import.ts'
import { accountsOfSite, proposedFor, withSite } from '../sites/sites.ts'
import type { AccountRecord } from '../vault/content.ts'
import { Locked, NoWallet } from '../vault/errors.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

/** The accounts a site may see now; none while the wallet is locked. */
export function visibleAccounts(core: Core, origin: string): Hex[] {
  const { records } = core.keyring
  return records === null ? [] : accountsOfSite(records, origin).map(({ address }) => address)
}

/** Asks the user, unless the site is connected already. While locked, the question waits behind the unlocking. */
export async function requestAccounts(core: Core, origin: string): Promise<Hex[]> {
  const { keyring, approvals, ports } = core
  const known = visibleAccounts(core, origin)
  if (known.length > 0) return known
  if (keyring.phase === 'no-wallet') {
    ports.attention?.()
    throw new NoWallet()
  }
  if (approvals.has((approval) => approval.kind === 'connect' && approval.origin === origin))
    throw new RpcError(RPC.alreadyPending, 'A request to connect is waiting already.')
  const answer = Promise.withResolvers<Hex[]>()
  const proposed = () => (keyring.records ? proposedFor(keyring.records, origin) : [])
  let approval: Approval = { id: core.freshId(), revision: 1, kind: 'connect', origin, accounts: proposed() }
  approvals.add({
    approval,
    async renew() {
      const accounts = visibleAccounts(core, origin)
      if (accounts.length > 0) {
        answer.resolve(accounts)
        return null
      }
      if (approval.kind === 'connect' && approval.accounts.length === 0 && proposed().length > 0)
        approval = { ...approval, revision: approval.revision + 1, accounts: proposed() }
      return approval
    },
    async approve({ accounts, freshAccount }) {
      const fresh = freshAccount === undefined ? null : await accountFor(core, origin, freshAccount)
      await keyring.update((records) => {
        const now = ports.clock.now()
        if (fresh === null) return withSite(records, origin, accounts ?? proposed(), now)
        return withSite({ ...records, accounts: [...records.accounts, fresh] }, origin, [fresh.id], now)
      })
      if (fresh !== null) void core.refresh()
      answer.resolve(visibleAccounts(core, origin))
    },
    rejected: (error) => answer.reject(error),
  })
  ports.attention?.()
  return answer.promise
}

/** A new account that this site alone sees: nobody can tell from the ledger whose others are. */
async function accountFor({ keyring, ports }: Core, origin: string, name: string): Promise<AccountRecord> {
  const { records } = keyring
  if (records === null) throw new Locked()
  const { accounts } = records
  if (accounts.length >= MOST_ACCOUNTS) throw new TooManyAccounts()
  const account = await keyring.withSecrets((secrets) => nextAccount(secrets, accounts, name.trim(), ports.engines))
  return { ...account, site: origin }
}

export function permissionsOf(core: Core, origin: string): unknown[] {
  const accounts = visibleAccounts(core, origin)
  return accounts.length === 0
    ? []
    : [
        {
          invoker: origin,
          parentCapability: 'eth_accounts',
          caveats: [{ type: 'restrictReturnedAccounts', value: accounts }],
        },
      ]
}

export async function requestPermissions(core: Core, origin: string, [wanted]: Params): Promise<unknown[]> {
  onlyAccounts(wanted)
  await requestAccounts(core, origin)
  return permissionsOf(core, origin)
}

export async function revokePermissions(core: Core, origin: string, [wanted]: Params): Promise<null> {
  onlyAccounts(wanted)
  if (core.keyring.phase === 'unlocked') await core.disconnect(origin)
  return null
}

function onlyAccounts(wanted: unknown): void {
  const names = Object.keys(record(wanted, 'permissions'))
  if (names.length !== 1 || names[0] !== 'eth_accounts')
    throw invalidParams('permissions: eth_accounts is the only permission there is')
}
