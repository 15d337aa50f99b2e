/** The commands around accounts: adding them from phrases, devices and addresses, naming and hiding them. @module */
import type { Hex } from '@glowworm/light-client'
import { checksummed, parseAddress } from '../accounts/address.ts'
import { accountsAhead, nextAccount } from '../accounts/next-account.ts'
import { airGappedKeys } from '../devices/air-gapped/air-gapped.ts'
import type { DeviceKey } from '../devices/device-key.ts'
import { UnreadableAnswer } from '../devices/errors.ts'
import { ledgerAddressCommands, ledgerKeys } from '../devices/ledger/ledger.ts'
import { WalletError } from '../errors.ts'
import { MOST_ACCOUNTS, TooManyAccounts } from '../imports/read-import.ts'
import { accountRecord } from '../sites/sites.ts'
import type { AccountRecord, Records } from '../vault/content.ts'
import { Locked } from '../vault/errors.ts'
import type { Core } from './core.ts'
import type { DeviceKeysAnswer, LedgerPaths, WalletFacade } from './facade.ts'
import { unlessStopped } from './stopped.ts'
import { NothingNew } from './vault-commands.ts'

type AccountCommands = Pick<
  WalletFacade,
  | 'addAccount'
  | 'renameAccount'
  | 'hideAccount'
  | 'select'
  | 'discoverAccounts'
  | 'watchAddress'
  | 'ledgerKeysRequest'
  | 'readDeviceKeys'
  | 'addDeviceAccount'
>

const MOST_NAME = 64
/** Unused accounts in a row after which no further one is looked at. */
const GAP = 5

export function createAccountCommands({ keyring, ports, connection, freshId, refresh }: Core): AccountCommands {
  const { engines } = ports
  const { keccak256 } = engines.hashes

  function records(): Records {
    if (keyring.records === null) throw new Locked()
    return keyring.records
  }

  async function add(accounts: readonly AccountRecord[]): Promise<void> {
    if (records().accounts.length + accounts.length > MOST_ACCOUNTS) throw new TooManyAccounts()
    await keyring.update((all) => ({ ...all, accounts: [...all.accounts, ...accounts] }))
    void refresh()
  }

  const isKnown = (address: Hex) => records().accounts.some((account) => account.address === address)

  /** One that is known already may be hidden: then it comes back instead of standing there twice. */
  async function addOrShow(account: AccountRecord): Promise<void> {
    const known = records().accounts.find(({ address }) => address === account.address)
    if (!known) return add([account])
    if (!known.hidden) throw new NothingNew()
    await change(known.id, { hidden: false })
    void refresh()
  }

  const change = (id: string, what: Partial<AccountRecord>) =>
    keyring.update((all) => ({
      ...all,
      accounts: all.accounts.map((account) => (account.id === id ? { ...account, ...what } : account)),
    }))

  function keysOf({ answer, paths }: DeviceKeysAnswer): { progress: number; keys: DeviceKey[] | null } {
    if (answer?.device === 'ledger')
      return { progress: 1, keys: ledgerKeys(answer.answers, checkPaths(paths), engines.hashes) }
    if (answer?.device === 'air-gapped') return airGappedKeys(answer.parts, engines.hashes)
    throw new UnreadableAnswer('it is from a device of an unknown kind')
  }

  async function isUsed(address: Hex): Promise<boolean> {
    const { value } = (await connection.client().account(address, 'optimistic')).verified
    return value.nonce > 0n || value.balance > 0n
  }

  /** The used ones of a row of accounts, up to the first gap. */
  async function usedOf(row: readonly AccountRecord[]): Promise<{ used: AccountRecord[]; looked: number }> {
    const used: AccountRecord[] = []
    let unused = 0
    let looked = 0
    for (const account of row) {
      if (unused === GAP) break
      looked++
      if (await isUsed(account.address)) {
        used.push(account)
        unused = 0
      } else unused++
    }
    return { used, looked }
  }

  return {
    async addAccount({ name }) {
      await keyring.touch()
      checkName(name)
      const { accounts } = records()
      if (accounts.length >= MOST_ACCOUNTS) throw new TooManyAccounts()
      await add([await keyring.withSecrets((secrets) => nextAccount(secrets, accounts, name.trim(), engines))])
    },
    async renameAccount({ id, name }) {
      await keyring.touch()
      checkName(name)
      accountRecord(records(), id)
      await change(id, { name: name.trim() })
    },
    async hideAccount({ id, hidden }) {
      await keyring.touch()
      accountRecord(records(), id)
      await keyring.update((all) => withHidden(all, id, hidden === true))
      void refresh()
    },
    async select({ id }) {
      await keyring.touch()
      if (accountRecord(records(), id).hidden) throw new HiddenNow()
      if (records().selected === id) return
      await keyring.update((all) => ({ ...all, selected: id }))
      void refresh()
    },
    async discoverAccounts(_, stop) {
      await keyring.touch()
      connection.client()
      let [added, looked] = [0, 0]
      // As far as accounts were used, so far the next ones are looked at too.
      for (;;) {
        const { accounts } = records()
        const rows = await keyring.withSecrets((secrets) => accountsAhead(secrets, accounts, GAP, engines))
        const found = await unlessStopped(Promise.all(rows.map(usedOf)), stop)
        looked += found.reduce((sum, row) => sum + row.looked, 0)
        const fresh = found.flatMap(({ used }) => used).filter(({ address }) => !isKnown(address))
        if (fresh.length === 0) return { added, looked }
        const first = accounts.length + 1
        await add(fresh.map((account, i) => ({ ...account, name: `Account ${first + i}` })))
        added += fresh.length
      }
    },
    async watchAddress({ address, name }) {
      await keyring.touch()
      checkName(name)
      await addOrShow({
        id: `watched-${freshId()}`,
        name: name.trim(),
        key: { kind: 'watched' },
        address: parseAddress(String(address), keccak256),
        publicKey: null,
        hidden: false,
        site: null,
      })
    },
    async ledgerKeysRequest({ paths }) {
      return { device: 'ledger', commands: ledgerAddressCommands(checkPaths(paths)) }
    },
    async readDeviceKeys(request) {
      await keyring.touch()
      const { progress, keys } = keysOf(request)
      const views = keys?.map(({ key: { path }, address }) => ({
        path,
        address,
        checksummed: checksummed(address, keccak256),
        known: isKnown(address),
      }))
      return { progress, keys: views ?? null }
    },
    async addDeviceAccount({ path, name, ...request }) {
      await keyring.touch()
      checkName(name)
      const found = keysOf(request).keys?.find(({ key }) => key.path === path)
      if (!found) throw new UnreadableAnswer('it holds no key at this path')
      await addOrShow({
        ...found,
        id: `${found.key.kind}-${freshId()}`,
        name: name.trim(),
        hidden: false,
        site: null,
      })
    },
  }
}

function withHidden(records: Records, id: string, hidden: boolean): Records {
  const accounts = records.accounts.map((account) => (account.id === id ? { ...account, hidden } : account))
  const left = accounts.filter((account) => !account.hidden)
  if (left.length === 0) throw new LastAccount()
  const selected = left.some((account) => account.id === records.selected) ? records.selected : left[0]!.id
  return { ...records, accounts, selected }
}

export function checkName(name: string): void {
  const length = typeof name === 'string' ? name.trim().length : 0
  if (length === 0 || length > MOST_NAME || /\p{Cc}/u.test(name)) throw new InvalidName()
}

function checkPaths(paths: LedgerPaths): LedgerPaths {
  if (paths !== 'live' && paths !== 'standard') throw new UnreadableAnswer('its paths are of an unknown kind')
  return paths
}

export class InvalidName extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.InvalidName', code: 'INVALID_NAME', kind: 'usage' },
      `A name has 1 to ${MOST_NAME} characters and no control characters.`,
    )
  }
}

export class LastAccount extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.LastAccount', code: 'LAST_ACCOUNT', kind: 'usage' },
      'This is the only account that is shown: it cannot be hidden.',
      { next: 'Add or show another one first.' },
    )
  }
}

export class HiddenNow extends WalletError {
  constructor() {
    super({ name: 'Wallet.HiddenNow', code: 'HIDDEN_NOW', kind: 'usage' }, 'This account is hidden.', {
      next: 'Show it again first.',
    })
  }
}
