/** What logs tell of an account, on a real execution node: found, complete for what is said, and permissions as they are now. */
import type { Hex } from '@glowworm/light-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calldata, deploy, transact } from '../intent/deployed.ts'
import { type DevnetWallet, devnetWallet } from './devnet-wallet.ts'

const STRANGER: Hex = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const MAX = 2n ** 256n - 1n
const on: { [name: string]: Hex } = {}
let world: DevnetWallet
let me: Hex
let maker: Hex
let before: bigint

beforeAll(async () => {
  world = await devnetWallet(async (devnet) => {
    maker = devnet.accounts[2]!.address.toLowerCase() as Hex
    on.token = await deploy(devnet, maker, 'Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n)
    on.gallery = await deploy(devnet, maker, 'Gallery')
    on.items = await deploy(devnet, maker, 'Items')
    on.evil = await deploy(devnet, maker, 'Hostile', 'uint256', 1)
    return {}
  })
  me = world.me
  const { devnet } = world
  before = BigInt(await devnet.execution<Hex>('eth_blockNumber'))
  const send = (from: Hex, to: Hex | undefined, data: Hex) => transact(devnet, { from, to: to!, data })
  await send(maker, on.token, calldata('transfer(address,uint256)', me, 2_500_000n))
  await send(maker, on.gallery, calldata('mint(address,uint256)', me, 7n))
  await send(maker, on.items, calldata('mint(address,uint256[],uint256[])', me, [3n, 4n], [10n, 1n]))
  await send(me, on.token, calldata('transfer(address,uint256)', STRANGER, 500_000n))
  // Somebody says that this account sent nothing to an address that looks like one it knows.
  const like: Hex = `0x7099${'0'.repeat(32)}79c8`
  await send(maker, on.evil, calldata('claim(address,address,uint256)', me, like, 0n))
  await send(maker, on.evil, calldata('claim(address,address,uint256)', maker, me, 5n))
  await send(me, on.token, calldata('approve(address,uint256)', STRANGER, MAX))
  await send(me, on.token, calldata('approve(address,uint256)', maker, 77n))
  await send(me, on.gallery, calldata('setApprovalForAll(address,bool)', STRANGER, true))
  await send(me, on.gallery, calldata('approve(address,uint256)', STRANGER, 7n))
  await send(me, on.items, calldata('setApprovalForAll(address,bool)', maker, true))
  await send(me, on.token, calldata('approve(address,uint256)', maker, 0n))
  const last = BigInt(await devnet.execution<Hex>('eth_blockNumber'))
  await world.until(() => {
    const { pulse } = world.wallet.facade.state
    return pulse.state === 'following' && pulse.finalizedHeight >= last
  }, 4)
}, 90_000)
afterAll(() => world?.close())

const facade = () => world.wallet.facade
const history = () => facade().state.belongings.history

describe('a search', () => {
  it('finds every transfer of its blocks, and says which blocks those are', async () => {
    expect(await facade().searchHistory({ accountId: 'eth-0', blocks: 65_536 })).toEqual([])
    const { transfers, coverage, search } = history()
    expect(search).toBeNull()
    expect(transfers.map(({ contract, from, to, id, amount }) => ({ contract, from, to, id, amount }))).toEqual([
      { contract: on.evil, from: maker, to: me, id: null, amount: 5n },
      { contract: on.evil, from: me, to: `0x7099${'0'.repeat(32)}79c8`, id: null, amount: 0n },
      { contract: on.token, from: me, to: STRANGER, id: null, amount: 500_000n },
      { contract: on.items, from: `0x${'0'.repeat(40)}`, to: me, id: 4n, amount: 1n },
      { contract: on.items, from: `0x${'0'.repeat(40)}`, to: me, id: 3n, amount: 10n },
      { contract: on.gallery, from: `0x${'0'.repeat(40)}`, to: me, id: 7n, amount: 1n },
      { contract: on.token, from: maker, to: me, id: null, amount: 2_500_000n },
    ])
    const { pulse } = facade().state
    const [range, ...others] = coverage[0]!.ranges
    expect(others).toEqual([])
    expect(range!.from).toBe(0n)
    expect(range!.to).toBeGreaterThan(before + 10n)
    expect(pulse.state === 'following' && range!.to <= pulse.finalizedHeight).toBe(true)
  })

  it('folds away what came unasked, and calls no contract of it', () => {
    const { assets } = facade().state.belongings.holdings
    expect(assets.map(({ address, id, standing }) => ({ address, id, standing }))).toEqual(
      expect.arrayContaining([
        { address: on.token, id: null, standing: 'unasked' },
        { address: on.gallery, id: 7n, standing: 'unasked' },
        { address: on.items, id: 3n, standing: 'unasked' },
        { address: on.evil, id: null, standing: 'unasked' },
      ]),
    )
    expect(assets.every(({ token, amount }) => token === null && amount === null)).toBe(true)
  })

  it('does not search again what it has, and stops when it is told', async () => {
    expect(await facade().searchHistory({ accountId: 'eth-0', blocks: 20 })).toEqual([])
    expect(history().transfers).toHaveLength(7)
    await expect(facade().searchHistory({ accountId: 'eth-0', blocks: 0 })).rejects.toMatchObject({
      problem: { code: 'INVALID_RANGE' },
    })
    await facade().addAccount({ name: 'Second' })
    const second = facade().state.accounts[1]!
    let rival: Promise<unknown> = Promise.reject(new Error('no search was shown'))
    rival.catch(() => undefined)
    const unsubscribe = facade().subscribe(({ belongings }) => {
      if (belongings.history.search?.accountId !== second.id) return
      unsubscribe()
      rival = facade().searchHistory({ accountId: second.id, blocks: 5 })
      rival.catch(() => undefined)
      void facade().stopSearch()
    })
    const searching = facade().searchHistory({ accountId: second.id, blocks: 65_536 })
    await expect(searching).rejects.toMatchObject({ problem: { code: 'SEARCH_STOPPED' } })
    await expect(rival).rejects.toMatchObject({ problem: { code: 'SEARCH_RUNNING' } })
    expect(history().search).toBeNull()
  })

  it('marks bait: nothing moved, to an address that looks like a known one', async () => {
    await facade().addContact({ name: 'Stranger', address: STRANGER, despite: false })
    const bait = history().transfers.filter((transfer) => transfer.bait !== null)
    expect(bait).toMatchObject([{ amount: 0n, bait: 'look-alike' }])
    const view = await facade().lookAtRecipient({ address: bait[0]!.to })
    expect(view.warnings.map(({ code }) => code)).toEqual(['looks-like', 'bait'])
  })
})

describe('permissions', () => {
  const open = () => history().permissions.filter(({ left }) => left?.kind === 'proven' && left.value > 0n)

  it('are listed as they are proven to be now', async () => {
    expect(history().permissions.every(({ left }) => left === null)).toBe(true)
    await facade().checkPermissions({ accountId: 'eth-0' })
    expect(
      open()
        .map(({ kind, contract, spender, id }) => ({ kind, contract, spender, id }))
        .toSorted((a, b) => (a.kind + a.contract < b.kind + b.contract ? -1 : 1)),
    ).toEqual(
      [
        { kind: 'all', contract: on.gallery, spender: STRANGER, id: null },
        { kind: 'all', contract: on.items, spender: maker, id: null },
        { kind: 'item', contract: on.gallery, spender: STRANGER, id: 7n },
        { kind: 'token', contract: on.token, spender: STRANGER, id: null },
      ].toSorted((a, b) => (a.kind + a.contract! < b.kind + b.contract! ? -1 : 1)),
    )
    const token = open().find(({ kind }) => kind === 'token')
    expect(token).toMatchObject({ left: { value: MAX }, token: { symbol: { value: 'TST' } } })
    // Taken back to nothing: known, and proven to be nothing.
    expect(history().permissions).toContainEqual(
      expect.objectContaining({ kind: 'token', spender: maker, left: expect.objectContaining({ value: 0n }) }),
    )
  })

  it('are taken back one after the other, each with a yes of its own', async () => {
    const keys = open().map(({ key }) => key)
    expect(keys).toHaveLength(4)
    const { approvalId } = await facade().prepareRevokes({ keys })
    await world.approve(approvalId)
    for (let i = 1; i < keys.length; i++) {
      const next = await world.until(() => facade().state.approvals[0], 0)
      await world.approve(next.id)
    }
    await facade().checkPermissions({ accountId: 'eth-0' })
    expect(open()).toEqual([])
    await expect(facade().prepareRevokes({ keys: ['nothing'] })).rejects.toMatchObject({
      problem: { code: 'UNKNOWN_PERMISSION' },
    })
  })
})

it('of a transaction there is a proof to take away', async () => {
  const [entry] = facade().state.activity
  const { file } = await facade().exportReceipt({ id: entry!.id })
  expect(file.length).toBeGreaterThan(1000)
})
