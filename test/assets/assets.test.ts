/** Tokens, items and prices in a whole wallet on a real execution node: proven, sent, and hostile ones. */
import type { Hex } from '@glowworm/light-client'
import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { calldata, deploy, transact } from '../intent/deployed.ts'
import { type DevnetWallet, devnetWallet } from './devnet-wallet.ts'

const RECIPIENT: Hex = '0x00000000000000000000000000000000000cafe1'
const on: { [name: string]: Hex } = {}
let world: DevnetWallet

beforeAll(async () => {
  world = await devnetWallet(async (devnet) => {
    const me = devnet.accounts[0]!.address.toLowerCase() as Hex
    const maker = devnet.accounts[1]!.address.toLowerCase() as Hex
    on.maker = maker
    on.token = await deploy(devnet, maker, 'Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n)
    on.gallery = await deploy(devnet, maker, 'Gallery')
    on.items = await deploy(devnet, maker, 'Items')
    on.feed = await deploy(devnet, maker, 'Feed', 'int256', 250_000_000_000n)
    for (const way of [1, 2, 3, 4, 5, 6]) on[`evil${way}`] = await deploy(devnet, maker, 'Hostile', 'uint256', way)
    const give = (to: Hex | undefined, data: Hex) => transact(devnet, { from: maker, to: to!, data })
    await give(on.token, calldata('transfer(address,uint256)', me, 2_500_000n))
    await give(on.gallery, calldata('mint(address,uint256)', me, 7n))
    await give(on.items, calldata('mint(address,uint256[],uint256[])', me, [3n, 4n], [10n, 1n]))
    await devnet.advance(2)
    return { priceFeeds: [{ of: 'native', feed: on.feed, quote: 'USD' }] }
  })
}, 60_000)
afterAll(() => world?.close())

const facade = () => world.wallet.facade
const assets = () => facade().state.belongings.holdings.assets
const assetOf = (key: string) => assets().find((asset) => asset.key === key)
async function added(address: Hex | undefined, id: bigint | null = null): Promise<string> {
  return (await facade().addAsset({ address: address!, id })).key
}
const amountProven = (key: string, amount: bigint) =>
  world.until(() => {
    const shown = assetOf(key)?.amount
    return shown?.kind === 'proven' && shown.value === amount ? (assetOf(key) as AssetView) : null
  })

describe('what is added', () => {
  it('is looked at first: what it is, what it says of itself, how much there is', async () => {
    const preview = await facade().lookAtAsset({ address: on.token!, id: null })
    expect(preview).toMatchObject({
      standard: 'erc20',
      token: { symbol: { kind: 'proven', value: 'TST' }, decimals: { kind: 'proven', value: 6 } },
      amount: { kind: 'proven', value: 2_500_000n },
      listed: null,
      imitates: null,
    })
    expect(assets()).toEqual([])
  })

  it('stands with its proven amount: a token, an item that exists once, one of several', async () => {
    const token = await added(on.token)
    expect(await amountProven(token, 2_500_000n)).toMatchObject({ standing: 'shown', standard: 'erc20', id: null })
    const painting = await added(on.gallery, 7n)
    expect(await amountProven(painting, 1n)).toMatchObject({ standard: 'erc721', id: 7n })
    const bag = await added(on.items, 3n)
    expect(await amountProven(bag, 10n)).toMatchObject({ standard: 'erc1155', id: 3n })
  })

  it('belongs to nobody else: an item of others is proven not to be ours', async () => {
    const { devnet } = world
    await transact(devnet, { from: on.maker!, to: on.gallery!, data: calldata('mint(address,uint256)', RECIPIENT, 8n) })
    const other = await added(on.gallery, 8n)
    await amountProven(other, 0n)
    const nobodys = await added(on.gallery, 9n)
    await amountProven(nobodys, 0n)
    for (const key of [other, nobodys]) await facade().showAsset({ key, shown: false })
    expect(assetOf(other)).toMatchObject({ standing: 'hidden' })
  })

  it.each([
    ['an account without code', RECIPIENT, null, 'NOT_A_TOKEN'],
    ['a collection without a number', 'gallery', null, 'NOT_A_TOKEN'],
    ['a token with a number', 'token', 1n, 'NOT_A_TOKEN'],
    ['a contract that is none', 'feed', null, 'NOT_A_TOKEN'],
    ['half an address', '0x1234', null, 'INVALID_ADDRESS'],
    ['a number below zero', 'gallery', -1n, 'INVALID_ITEM'],
  ])('is a token: %s is refused', async (_, address, id, code) => {
    const request = { address: on[address] ?? address, id }
    await expect(facade().addAsset(request)).rejects.toMatchObject({ problem: { code } })
  })
})

describe('a hostile contract', () => {
  it.each([
    [1, 'burns all gas'],
    [5, 'reverts with garbage'],
    [6, 'answers with half a word'],
  ])('%i that %s is no token', async (way) => {
    await expect(facade().lookAtAsset({ address: on[`evil${way}`]!, id: null })).rejects.toMatchObject({
      problem: { code: 'NOT_A_TOKEN' },
    })
  })

  it.each([
    [2, 'says too much for a symbol', 'symbol'],
    [3, 'turns the direction of what is read', 'symbol'],
    [4, 'has 255 decimals', 'decimals'],
  ] as const)('%i that %s is shown without that', async (way, _, part) => {
    const { token, amount } = await facade().lookAtAsset({ address: on[`evil${way}`]!, id: null })
    expect(token[part]).toMatchObject({ kind: 'unproven', problem: { code: 'TOKEN_UNREADABLE' } })
    expect(amount).toMatchObject({ kind: 'proven', value: 10n ** 18n })
  })
})

describe('a price', () => {
  it('comes from the feed, with the time it was said', async () => {
    const price = await world.until(() => {
      const { price: shown } = facade().state.belongings.holdings
      return shown?.kind === 'proven' ? shown : null
    })
    expect(price.value).toMatchObject({ amount: 250_000_000_000n, decimals: 8, quote: 'USD', feed: on.feed })
    expect(price.value.updatedAt).toBeLessThanOrEqual(price.time)
  })

  it.each([
    ['a negative answer', -1n, 0n],
    ['an answer of yesterday', 250_000_000_000n, -90_001n],
    ['an answer of tomorrow', 250_000_000_000n, 90_000n],
  ])('is none for %s', async (_, answer, shift) => {
    const { devnet } = world
    const at = BigInt(devnet.time()) + shift
    await transact(devnet, { from: on.maker!, to: on.feed!, data: calldata('set(int256,uint256)', answer, at) })
    const shown = await world.until(() => {
      const { price } = facade().state.belongings.holdings
      return price?.kind === 'unproven' ? price : null
    })
    expect(shown.problem.code).toBe('PRICE_UNREADABLE')
    await transact(devnet, {
      from: on.maker!,
      to: on.feed!,
      data: calldata('set(int256,uint256)', 1n, BigInt(devnet.time())),
    })
    await world.until(() => facade().state.belongings.holdings.price?.kind === 'proven')
  })
})

describe('sending', () => {
  const send = (key: string, amount: bigint, to: string = RECIPIENT) =>
    facade().prepareAssetSend({ accountId: 'eth-0', key, to, amount })

  it('a token: understood, first-time, included, and the proven amount is less', async () => {
    const { approvalId } = await send(on.token!, 500_000n)
    const approval = facade().state.approvals.find(({ id }) => id === approvalId)
    expect(approval).toMatchObject({
      kind: 'send-transaction',
      to: on.token,
      value: 0n,
      firstTimeRecipient: true,
      recipient: { address: RECIPIENT, known: null, warnings: [] },
      blocked: null,
    })
    const entryId = await world.approve(approvalId)
    const entry = facade().state.activity.find(({ id }) => id === entryId)
    expect(entry?.moves).toEqual({ contract: on.token, recipient: RECIPIENT, id: null, amount: 500_000n })
    await amountProven(on.token!, 2_000_000n)
    const again = await send(on.token!, 1n)
    const second = facade().state.approvals.find(({ id }) => id === again.approvalId)
    expect(second).toMatchObject({ firstTimeRecipient: false, recipient: { known: 'used' } })
    await facade().reject({ id: again.approvalId })
  })

  it('an item, and some of several', async () => {
    const painting = `${on.gallery}/7`
    await world.approve((await send(painting, 1n)).approvalId)
    await amountProven(painting, 0n)
    const bag = `${on.items}/3`
    await world.approve((await send(bag, 4n)).approvalId)
    await amountProven(bag, 6n)
  })

  it('more than there is, nothing, or to the token itself, is stopped or told', async () => {
    await expect(send(on.token!, 2_000_001n)).rejects.toMatchObject({ problem: { code: 'TOKEN_ABOVE_BALANCE' } })
    await expect(send(`${on.gallery}/7`, 1n)).rejects.toMatchObject({ problem: { code: 'TOKEN_ABOVE_BALANCE' } })
    await expect(send(on.token!, 0n)).rejects.toMatchObject({ problem: { code: 'INVALID_AMOUNT' } })
    await expect(send('0xnothing', 1n)).rejects.toMatchObject({ problem: { code: 'UNKNOWN_ASSET' } })
    const { approvalId } = await send(on.token!, 1n, on.token)
    const approval = facade().state.approvals.find(({ id }) => id === approvalId)
    expect(approval).toMatchObject({ recipient: { warnings: [{ code: 'token', about: on.token }] } })
    await facade().reject({ id: approvalId })
  })

  it('to a contract is told: many cannot give tokens back', async () => {
    const warned = async (to: string | undefined) => {
      const { approvalId } = await send(on.token!, 1n, to)
      const approval = facade().state.approvals.find(({ id }) => id === approvalId)
      await facade().reject({ id: approvalId })
      return approval?.kind === 'send-transaction' && approval.warnings.map(({ code }) => code)
    }
    expect(await warned(on.feed)).toContain('TOKEN_TO_CONTRACT')
    expect(await warned(RECIPIENT)).not.toContain('TOKEN_TO_CONTRACT')
  })

  it('to an address made to look like one that is known is told, with the one it looks like', async () => {
    const like: Hex = `0x0000${'1'.repeat(32)}afe1`
    const { approvalId } = await send(on.token!, 1n, like)
    const approval = facade().state.approvals.find(({ id }) => id === approvalId)
    expect(approval).toMatchObject({ recipient: { known: null, warnings: [{ code: 'looks-like', about: RECIPIENT }] } })
    await facade().reject({ id: approvalId })
  })
})
