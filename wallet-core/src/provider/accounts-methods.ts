/** Connection and permissions (EIP-1102, EIP-2255). */
import type { Hex } from '@glowworm/light-client'
import { record } from '@glowworm/light-client/application/rpc/parameters'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { accountsOfSite, withSite } from '../sites/sites.ts'
import { NoWallet } from '../vault/errors.ts'
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
  const proposed = () => (keyring.records?.selected ? [keyring.records.selected] : [])
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
    async approve(accounts) {
      await keyring.update((records) => withSite(records, origin, accounts ?? proposed(), ports.clock.now()))
      answer.resolve(visibleAccounts(core, origin))
    },
    rejected: (error) => answer.reject(error),
  })
  ports.attention?.()
  return answer.promise
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
