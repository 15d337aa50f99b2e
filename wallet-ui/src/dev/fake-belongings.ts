/** Tokens, contacts and limits, made up. */
import type {
  AssetView,
  BelongingsCommands,
  BelongingsView,
  PermissionView,
  Price,
  SafetyCommands,
  SearchView,
  TransferView,
  WalletState,
} from '@glowworm/wallet-core/facade/facade'
import { now } from '../infrastructure/clock.ts'
import { fakeTransfer } from './fake-objects.ts'
import { fakeAddress, HASH, proven, unproven } from './fake-values.ts'

export const NO_BELONGINGS: BelongingsView = {
  holdings: { assets: [], price: null },
  history: { transfers: [], coverage: [], search: null, permissions: [] },
  lists: { taken: true, packs: [], warnedSites: [], forks: [] },
}

const UNREADABLE = {
  code: 'TOKEN_UNREADABLE',
  kind: 'unprovable',
  message: 'The token’s symbol is not readable: it holds characters that hide or move others.',
  next: null,
}
const price = (amount: bigint, minutesAgo: number): Price => ({
  amount,
  decimals: 8,
  quote: 'USD',
  updatedAt: now() - minutesAgo * 60_000,
  feed: fakeAddress(40),
})

function fakeAsset(index: number, given: Partial<AssetView>, symbol?: string, decimals = 18): AssetView {
  const address = given.address ?? fakeAddress(index)
  return {
    key: given.id === undefined || given.id === null ? address : `${address}/${given.id}`,
    standard: 'erc20',
    id: null,
    standing: 'shown',
    listed: null,
    token: { address, symbol: symbol ? proven(symbol) : unproven(UNREADABLE), decimals: proven(decimals) },
    amount: proven(0n),
    price: null,
    ...given,
    address,
  }
}

const STRANGER = fakeAddress(60)
const transfer = (index: number, given: Partial<TransferView>): TransferView => ({
  key: `t${index}`,
  accountId: 'a0',
  contract: fakeAddress(41),
  from: STRANGER,
  to: fakeAddress(0),
  id: null,
  amount: 25_000_000n,
  block: 24_784_000n - BigInt(index),
  time: now() - index * 7_200_000,
  hash: HASH,
  bait: null,
  ...given,
})
const permission = (index: number, given: Partial<PermissionView>): PermissionView => ({
  key: `p${index}`,
  accountId: 'a0',
  kind: 'token',
  contract: fakeAddress(41),
  spender: fakeAddress(70 + index),
  id: null,
  token: { address: fakeAddress(41), symbol: proven('USDC'), decimals: proven(6) },
  left: proven(2n ** 256n - 1n),
  ...given,
})

export const HELD_ASSETS: BelongingsView = {
  lists: {
    taken: true,
    packs: [
      {
        kind: 'phishing',
        version: 41,
        issuedAt: now() - 86_400_000,
        expiresAt: now() + 29 * 86_400_000,
        entries: 81_204,
      },
      {
        kind: 'tokens',
        version: 7,
        issuedAt: now() - 60 * 86_400_000,
        expiresAt: now() - 30 * 86_400_000,
        entries: 912,
      },
    ],
    warnedSites: ['https://app.rnarket.example'],
    forks: [],
  },
  history: {
    transfers: [
      transfer(1, {}),
      transfer(2, { from: fakeAddress(0), to: STRANGER, amount: 5_000_000n }),
      transfer(3, { contract: fakeAddress(43), id: 7n, amount: 1n }),
      transfer(4, { from: fakeAddress(0), to: fakeAddress(61), amount: 0n, bait: 'look-alike' }),
    ],
    coverage: [{ accountId: 'a0', ranges: [{ from: 24_776_964n, to: 24_784_163n }] }],
    search: null,
    permissions: [
      permission(0, {}),
      permission(1, { left: proven(120_000_000n) }),
      permission(2, { kind: 'all', contract: fakeAddress(43), left: proven(1n), token: null }),
      permission(3, { kind: 'item', contract: fakeAddress(43), id: 7n, left: proven(1n), token: null }),
      permission(4, { left: proven(0n) }),
      permission(5, { left: unproven({ ...UNREADABLE, code: 'AMOUNT_UNREADABLE' }) }),
      permission(6, { left: null, token: null }),
      permission(7, { kind: 'permit2', left: proven(2n ** 160n - 1n) }),
    ],
  },
  holdings: {
    price: proven(price(264_120_500_000n, 12)),
    assets: [
      fakeAsset(
        41,
        { listed: 'USDC', amount: proven(1_250_450_000n), price: proven(price(99_990_000n, 300)) },
        'USDC',
        6,
      ),
      fakeAsset(42, { amount: proven(31_400_000_000_000_000_000n) }, 'GLOW'),
      fakeAsset(43, { standard: 'erc721', id: 7n, amount: proven(1n) }, 'ART', 0),
      fakeAsset(44, { standard: 'erc1155', id: 3n, amount: proven(6n) }, 'BAG', 0),
      fakeAsset(45, { amount: unproven({ ...UNREADABLE, code: 'AMOUNT_UNREADABLE' }) }),
      fakeAsset(46, { standing: 'unasked', amount: null, token: null }),
      fakeAsset(47, { standing: 'unasked', amount: null, token: null }),
      fakeAsset(48, { standing: 'hidden', amount: null, token: null, listed: 'DAI' }),
    ],
  },
}

export const CONTACTS: WalletState['contacts'] = [
  {
    id: 'c0',
    name: 'Grandmother',
    address: fakeAddress(30),
    checksummed: fakeAddress(30),
    addedAt: now() - 86_400_000,
  },
]

export function fakeBelongings(world: {
  state: () => WalletState
  set: (change: Partial<WalletState>) => void
  wait: () => Promise<void>
  check: (password: Uint8Array) => void
}): BelongingsCommands & SafetyCommands {
  const { state, set, wait } = world
  const setAssets = (assets: readonly AssetView[]) => {
    const { belongings } = state()
    set({ belongings: { ...belongings, holdings: { ...belongings.holdings, assets } } })
  }
  const assets = () => state().belongings.holdings.assets
  return {
    async lookAtAsset({ address, id }) {
      await wait()
      const asset = fakeAsset(0, { address: address as `0x${string}`, id }, 'USDC', 6)
      const { token, standard } = asset
      return {
        ...{ standard: id === null ? standard : 'erc721', address: asset.address, checksummed: address, id },
        ...{ token: token!, amount: proven(25_000_000n), listed: null, imitates: fakeAddress(41) },
      }
    },
    async addAsset({ address, id }) {
      await wait()
      const asset = fakeAsset(0, { address: address as `0x${string}`, id }, 'USDC', 6)
      setAssets([...assets(), asset])
      return { key: asset.key }
    },
    async showAsset({ key, shown }) {
      await wait()
      const standing = shown ? 'shown' : 'hidden'
      setAssets(assets().map((asset) => (asset.key === key ? { ...asset, standing } : asset)))
    },
    async prepareAssetSend({ accountId, key }) {
      await wait()
      const account = state().accounts.find(({ id }) => id === accountId)!
      const approval = fakeTransfer('a1', account, { to: key.slice(0, 42), value: 0n, data: '0xa9059cbb' })
      set({ approvals: [...state().approvals, approval] })
      return { approvalId: approval.id }
    },
    async searchHistory({ accountId, blocks }) {
      const show = (search: SearchView | null) => {
        const { belongings } = state()
        set({ belongings: { ...belongings, history: { ...belongings.history, search } } })
      }
      for (let done = 0; done < blocks; done += Math.ceil(blocks / 8)) {
        show({ accountId, done, of: blocks })
        await wait()
      }
      show(null)
      return []
    },
    async stopSearch() {
      await wait()
    },
    allTransfers: async () => state().belongings.history.transfers,
    async checkPermissions() {
      await wait()
    },
    async prepareRevokes({ keys }) {
      await wait()
      const { accounts, approvals } = state()
      const approval = fakeTransfer('r1', accounts[0]!, { to: fakeAddress(41), value: 0n, data: '0x095ea7b3' })
      set({ approvals: [...approvals, approval] })
      return { approvalId: keys.length > 0 ? approval.id : '' }
    },
    exportLog: async () => ({ file: new TextEncoder().encode('{"format":"glowworm.log.1"}') }),
    async compareLog() {
      await wait()
      return { entries: 12, at: now() - 86_400_000, signedBy: fakeAddress(0), found: 'contained' }
    },
    async installPack() {
      await wait()
      const { belongings } = state()
      const dates = { issuedAt: now(), expiresAt: now() + 30 * 86_400_000 }
      const pack = { kind: 'phishing', version: 42, ...dates, entries: 81_300 } as const
      set({ belongings: { ...belongings, lists: { ...belongings.lists, packs: [pack] } } })
      return { kind: pack.kind, version: pack.version }
    },
    exportReceipt: async () => ({ file: new TextEncoder().encode('a proof, made up') }),
    async addContact({ name, address }) {
      await wait()
      const contact = {
        id: `c${state().contacts.length}`,
        name,
        address: address as `0x${string}`,
        checksummed: address,
      }
      set({ contacts: [...state().contacts, { ...contact, addedAt: now() }] })
    },
    async renameContact({ id, name }) {
      await wait()
      set({ contacts: state().contacts.map((contact) => (contact.id === id ? { ...contact, name } : contact)) })
    },
    async removeContact({ id }) {
      await wait()
      set({ contacts: state().contacts.filter((contact) => contact.id !== id) })
    },
    async lookAtRecipient({ address }) {
      const contact = state().contacts.find((one) => one.address === address.toLowerCase())
      const known = contact ? 'contact' : null
      return {
        ...{ address: address as `0x${string}`, checksummed: address, known, name: contact?.name ?? null },
        warnings: address.endsWith('9EE7') ? [{ code: 'looks-like', about: fakeAddress(30), name: 'Grandmother' }] : [],
      }
    },
    async setSpendingLimits({ limits, password }) {
      await wait()
      world.check(password)
      set({ spendingLimits: limits })
    },
  }
}
