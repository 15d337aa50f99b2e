/** Commands around accounts, devices and fees, made up. */
import type { AccountView, Fees, WalletFacade, WalletState } from '@glowworm/wallet-core/facade/facade'
import { now } from '../infrastructure/clock.ts'
import { fakeAccount, GAS_PRICE } from './fake-objects.ts'
import { fakeAddress, proven } from './fake-values.ts'

type AccountCommands = Pick<
  WalletFacade,
  | 'hideAccount'
  | 'discoverAccounts'
  | 'watchAddress'
  | 'ledgerKeysRequest'
  | 'readDeviceKeys'
  | 'addDeviceAccount'
  | 'feeOptions'
  | 'setFees'
  | 'deviceRequest'
  | 'phoneSignerOffer'
  | 'phoneSignerAccept'
  | 'phoneSignerCancel'
  | 'askPhone'
  | 'checkSignature'
>

export function fakeAccountCommands(world: {
  state: () => WalletState
  set: (change: Partial<WalletState>) => void
  wait: () => Promise<void>
}): AccountCommands {
  const { set, wait } = world
  const add = (account: Partial<AccountView>, name: string) => {
    const { accounts, hiddenAccounts } = world.state()
    const fresh = fakeAccount(accounts.length + hiddenAccounts.length, name, 0n)
    set({ accounts: [...accounts, { ...fresh, ...account }] })
  }
  const fees = (times: bigint): Fees => ({
    maxFeePerGas: (GAS_PRICE * times) / 4n,
    maxPriorityFeePerGas: 250_000_000n * times,
  })
  return {
    async hideAccount({ id, hidden }) {
      await wait()
      const { accounts, hiddenAccounts } = world.state()
      const [from, to] = hidden ? [accounts, hiddenAccounts] : [hiddenAccounts, accounts]
      const found = from.find((account) => account.id === id)
      if (!found) return
      const rest = from.filter((account) => account !== found)
      const next = [...to, found] as AccountView[]
      set(hidden ? { accounts: rest as AccountView[], hiddenAccounts: next } : { accounts: next, hiddenAccounts: rest })
    },
    async discoverAccounts() {
      await wait()
      add({}, 'Account 3')
      return { added: 1, looked: 7 }
    },
    async watchAddress({ name }) {
      await wait()
      add({ kind: 'watched', signer: 'nobody', path: null, didKey: null }, name)
    },
    async ledgerKeysRequest() {
      return { device: 'ledger', commands: [] }
    },
    async readDeviceKeys() {
      await wait()
      const keys = [0, 1, 2].map((i) => ({
        path: `m/44'/60'/0'/0/${i}`,
        address: fakeAddress(i + 20),
        checksummed: fakeAddress(i + 20),
        known: i === 1,
      }))
      return { progress: 1, keys }
    },
    async addDeviceAccount({ answer, path, name }) {
      await wait()
      add({ kind: answer.device, signer: 'device', path }, name)
    },
    async feeOptions() {
      await wait()
      const history = { lowest: GAS_PRICE / 3n, highest: GAS_PRICE, blocks: 20 }
      return { history: proven(history), slow: fees(3n), normal: fees(4n), fast: fees(6n), least: null }
    },
    async setFees({ id, maxFeePerGas, maxPriorityFeePerGas }) {
      await wait()
      set({
        approvals: world.state().approvals.map((approval) =>
          approval.id === id && approval.kind === 'send-transaction'
            ? {
                ...approval,
                revision: approval.revision + 1,
                maxFeePerGas,
                maxPriorityFeePerGas: { kind: 'attested', value: maxPriorityFeePerGas, by: 'you', checkedAt: 0 },
              }
            : approval,
        ),
      })
    },
    async deviceRequest() {
      await wait()
      return { device: 'air-gapped', parts: [`ur:eth-sign-request/${'ae'.repeat(120)}`] }
    },
    async phoneSignerOffer() {
      await wait()
      return { code: `GLOWWORM-PAGE-1:${'A7'.repeat(90)}`, expiresAt: now() + 300_000 }
    },
    async phoneSignerAccept({ name }) {
      await wait()
      add({ kind: 'phone', signer: 'device', path: null, didKey: null }, name)
      return { added: 1 }
    },
    async phoneSignerCancel() {},
    async askPhone() {
      await wait()
      return { device: 'phone', result: `0x${'11'.repeat(65)}` }
    },
    async checkSignature() {
      await wait()
      return { valid: true, how: 'key', proof: proven(true) }
    },
  }
}
