/** `wallet_watchAsset` (EIP-747): what a site says of a token is compared with what the contract says, by proof. */
import type { Hex } from '@glowworm/light-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { calldata, deploy, transact } from '../intent/deployed.ts'
import { type DevnetWallet, devnetWallet } from './devnet-wallet.ts'

const ORIGIN = 'https://site.example'
const NOBODY = '0x00000000000000000000000000000000000cafe1'
const on: { [name: string]: Hex } = {}
let world: DevnetWallet
let count = 0

beforeAll(async () => {
  world = await devnetWallet(async (devnet) => {
    const me = devnet.accounts[0]!.address.toLowerCase() as Hex
    const maker = devnet.accounts[1]!.address.toLowerCase() as Hex
    on.token = await deploy(devnet, maker, 'Token', 'string, uint8, uint256', 'TST', 6, 10_000_000n)
    on.other = await deploy(devnet, maker, 'Token', 'string, uint8, uint256', 'OTH', 0, 10n)
    on.gallery = await deploy(devnet, maker, 'Gallery')
    await transact(devnet, { from: maker, to: on.gallery, data: calldata('mint(address,uint256)', me, 7n) })
    await devnet.advance(2)
    return {}
  })
}, 60_000)
afterAll(() => world?.close())

const state = () => world.wallet.facade.state
const ask = (method: string, params: unknown, origin = ORIGIN) =>
  world.wallet.provider.handle({ origin, id: `watch:${++count}`, method, params })
const watch = (type: unknown, options: unknown, origin = ORIGIN) => ask('wallet_watchAsset', { type, options }, origin)
const asked = () => world.until(() => state().approvals[0])
async function approve(): Promise<void> {
  const { id, revision } = await asked()
  await world.wallet.facade.approve({ id, revision })
}

it('is for sites that were let in', async () => {
  await expect(watch('ERC20', { address: on.token })).rejects.toMatchObject({ code: 4100 })
  const connected = ask('eth_requestAccounts', [])
  await approve()
  await connected
})

it.each([
  ['no type', undefined, { address: NOBODY }],
  ['a type that is none', 'ERC777', { address: NOBODY }],
  ['a name of the prototype', 'constructor', { address: NOBODY }],
  ['no options', 'ERC20', undefined],
  ['no address', 'ERC20', { symbol: 'TST' }],
  ['half an address', 'ERC20', { address: '0x1234' }],
  ['an address with a wrong checksum', 'ERC20', { address: '0x70997970C51812dc3A010C7d01b50e0d17dc79c8' }],
  ['an account without code', 'ERC20', { address: NOBODY }],
  ['an empty symbol', 'ERC20', { address: 'token', symbol: '' }],
  ['a symbol without end', 'ERC20', { address: 'token', symbol: 'T'.repeat(33) }],
  ['another symbol than the contract’s', 'ERC20', { address: 'token', symbol: 'USDC', decimals: 6 }],
  ['other decimals than the contract’s', 'ERC20', { address: 'token', symbol: 'TST', decimals: 18 }],
  ['decimals that are no number', 'ERC20', { address: 'token', decimals: 6.5 }],
  ['too many decimals', 'ERC20', { address: 'token', decimals: 256 }],
  ['an image that is no text', 'ERC20', { address: 'token', image: {} }],
  ['a collection as a token', 'ERC20', { address: 'gallery' }],
  ['a token as a collection', 'ERC721', { address: 'token', tokenId: '1' }],
  ['an item without a number', 'ERC721', { address: 'gallery' }],
  ['an item with half a number', 'ERC721', { address: 'gallery', tokenId: '1.5' }],
  ['a collection of the other kind', 'ERC1155', { address: 'gallery', tokenId: '7' }],
])('%s is -32602, and nobody is asked', async (_, type, options) => {
  const given = options && {
    ...options,
    ...('address' in options ? { address: on[options.address] ?? options.address } : {}),
  }
  await expect(watch(type, given)).rejects.toMatchObject({ code: -32602 })
  expect(state().approvals).toEqual([])
})

it('the person sees what is proven, says yes, and the wallet looks after it; asked again it is known', async () => {
  const answer = watch('ERC20', {
    address: on.token,
    symbol: 'TST',
    decimals: '6',
    image: 'https://site.example/t.svg',
  })
  expect(await asked()).toMatchObject({
    kind: 'watch-asset',
    origin: ORIGIN,
    asset: { address: on.token, token: { symbol: { kind: 'proven', value: 'TST' } } },
  })
  await approve()
  expect(await answer).toBe(true)
  expect(state().belongings.holdings.assets).toMatchObject([{ key: on.token, standing: 'shown' }])
  expect(await watch('ERC20', { address: on.token })).toBe(true)
  expect(state().approvals).toEqual([])
})

it('a no is 4001 and changes nothing; an item goes by its number, as text or as a quantity', async () => {
  const refused = watch('ERC20', { address: on.other })
  refused.catch(() => undefined)
  await world.wallet.facade.reject({ id: (await asked()).id })
  await expect(refused).rejects.toMatchObject({ code: 4001 })
  const item = watch('ERC721', { address: on.gallery, tokenId: '7' })
  await approve()
  expect(await item).toBe(true)
  expect(await watch('ERC721', { address: on.gallery, tokenId: '0x7' })).toBe(true)
  expect(state().belongings.holdings.assets.map(({ key }) => key)).toEqual([on.token, `${on.gallery}/7`])
})

it('the same wish twice is one decision for both', async () => {
  const wishes = [watch('ERC20', { address: on.other }), watch('ERC20', { address: on.other })]
  await world.until(() => state().approvals.length === 2)
  await approve()
  await world.until(() => state().approvals.length === 0)
  expect(await Promise.all(wishes)).toEqual([true, true])
})
