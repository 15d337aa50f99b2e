/** Connection and permissions (EIP-1102, EIP-2255). */
import type { Hex } from '@glowworm/light-client'
import { listParam, quantityParam, record } from '@glowworm/light-client/application/rpc/parameters'
import { toQuantity } from '@glowworm/light-client/data/hex'
import { nextAccount } from '../accounts/next-account.ts'
import type { Core } from '../facade/core.ts'
import type { Approval } from '../facade/facade.ts'
import { MOST_ACCOUNTS, TooManyAccounts } from '../imports/read-import.ts'
import { isShut } from '../sites/site-rules.ts'
import { accountsOfSite, proposedFor, withSite } from '../sites/sites.ts'
import type { AccountRecord } from '../vault/content.ts'
import { Locked, NoWallet } from '../vault/errors.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

/** The accounts a site may see now; none while the wallet is locked. */
export function visibleAccounts(core: Core, origin: string): Hex[] {
  const { records } = core.keyring
  if (records === null || isShut(records, origin, core.ports.clock.now())) return []
  return accountsOfSite(records, origin).map(({ address }) => address)
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

/** As EIP-2255 has them; the second is the name MetaMask gave to the chains a site may use. */
export function permissionsOf(core: Core, origin: string): unknown[] {
  const accounts = visibleAccounts(core, origin)
  if (accounts.length === 0) return []
  const chains = [toQuantity(core.ports.network.chainId)]
  return [
    permission(origin, 'eth_accounts', 'restrictReturnedAccounts', accounts),
    permission(origin, PERMITTED_CHAINS, 'restrictNetworkSwitching', chains),
  ]
}

const PERMITTED_CHAINS = 'endowment:permitted-chains'

const permission = (invoker: string, parentCapability: string, type: string, value: readonly Hex[]) => ({
  invoker,
  parentCapability,
  caveats: [{ type, value }],
})

export async function requestPermissions(core: Core, origin: string, [wanted]: Params): Promise<unknown[]> {
  checkPermissions(core, wanted)
  await requestAccounts(core, origin)
  return permissionsOf(core, origin)
}

export async function revokePermissions(core: Core, origin: string, [wanted]: Params): Promise<null> {
  checkPermissions(core, wanted)
  await takeBack(core, origin)
  return null
}

/**
 * Ends what the site was allowed. While locked nobody can: what was allowed stands in the vault. A site that is told so,
 * connected or not, does not say to its user that it was done.
 * @throws {Locked}
 */
export async function takeBack(core: Core, origin: string): Promise<void> {
  if (core.keyring.phase === 'locked') throw new Locked()
  if (core.keyring.phase === 'unlocked') await core.disconnect(origin)
}

/** @throws {RpcError} -32602 for what is no permission here, 4902 for another chain */
function checkPermissions(core: Core, wanted: unknown): void {
  const permissions = record(wanted, 'permissions')
  const names = Object.keys(permissions)
  const strange = names.find((name) => name !== 'eth_accounts' && name !== PERMITTED_CHAINS)
  if (strange !== undefined) throw invalidParams(`permissions: there is no permission ${strange.slice(0, 64)}`)
  if (names.length === 0) throw invalidParams('permissions: expected eth_accounts')
  for (const name of names) {
    const { caveats } = record(permissions[name], name)
    if (caveats === undefined || caveats === null) continue
    for (const caveat of listParam(caveats, `${name}.caveats`, 8)) {
      const { type, value } = record(caveat, `${name}.caveats`)
      if (name === PERMITTED_CHAINS && type === 'restrictNetworkSwitching') checkChains(core, value)
      else if (name !== 'eth_accounts' || type !== 'restrictReturnedAccounts')
        throw invalidParams(`${name}.caveats: there is no such caveat`)
    }
  }
}

function checkChains(core: Core, value: unknown): void {
  for (const chain of listParam(value, `${PERMITTED_CHAINS}.caveats`, 64)) {
    const chainId = quantityParam(chain, 'chainId', 53)
    if (chainId !== BigInt(core.ports.network.chainId))
      throw new RpcError(RPC.unrecognizedChain, `This wallet is on chain ${core.ports.network.chainId} only.`)
  }
}
