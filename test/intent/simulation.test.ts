/** The intent engine over the real light client and real contracts: explained, executed, and executed again. */
import type { Hex } from '@glowworm/light-client'
import { createHandles } from '@glowworm/wallet-core/facade/handles'
import { createUnderstanding, type Subject, type Understander } from '@glowworm/wallet-core/intent/understanding'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines, type Following, followDevnet } from '../calls/devnet-client.ts'
import { calldata, deploy, transact } from './deployed.ts'

let following: Following
let me: Hex
let other: Hex
let token: Hex
let collection: Hex
let odd: Hex
let proxy: Hex
let understand: ReturnType<typeof createUnderstanding>

beforeAll(async () => {
  following = await followDevnet({ forks: { electra: 0 }, pastPeriods: 1 })
  const { devnet, client } = following
  me = devnet.accounts[0]!.address.toLowerCase() as Hex
  other = devnet.accounts[1]!.address.toLowerCase() as Hex
  token = await deploy(devnet, me, 'Token', 'string, uint8, uint256', 'TST', 6, 1_000_000n)
  collection = await deploy(devnet, me, 'Collection')
  odd = await deploy(devnet, me, 'Odd')
  proxy = await deploy(devnet, me, 'Proxy', 'address', token)
  await transact(devnet, { from: me, to: collection, data: calldata('mint(address,uint256)', me, 7n) })
  await devnet.advance(2)
  await client.ready()
  await headMoves()
  understand = createUnderstanding({
    client: () => client,
    handles: createHandles(),
    engines,
    // The limit of a look is for networks; here everything is on this machine.
    clock: {
      now: () => devnet.time() * 1000,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    },
    chainId: devnet.profile.chainId,
  })
})
afterAll(() => following?.close())

/** Lets a slot pass and waits until the client has the new head. */
async function headMoves(): Promise<void> {
  const { client, devnet } = following
  const height = () => (client.status.state === 'following' ? client.status.head.optimistic.blockNumber : 0n)
  const node = BigInt(await devnet.execution<Hex>('eth_blockNumber'))
  await devnet.advance(1)
  while (height() < node) await new Promise((resolve) => setTimeout(resolve, 20))
}

const call = (to: Hex | null, data: Hex, value = 0n, gas: bigint | null = null): Subject => ({
  kind: 'call',
  call: { from: me, to, value, data },
  // A block's price, so that the account's coin changes by the fee, which is not shown with the outcome.
  terms: () => ({ gas, price: { perGas: 3_000_000_000n, baseFee: 2_000_000_000n } }),
})
async function looked(subject: Subject): Promise<Understander['view']> {
  const understander = understand(subject)
  expect(await understander.look(false)).toBe(true)
  return understander.view
}
const SYMBOL = { symbol: { kind: 'proven', value: 'TST' }, decimals: { kind: 'proven', value: 6 } }

describe('what a transaction does', () => {
  it('to a plain account follows without executing anything', async () => {
    const { intent, outcome } = await looked(call(other, '0x', 5n))
    expect(intent).toMatchObject({ action: { kind: 'send-native', amount: 5n }, contract: null })
    expect(outcome).toMatchObject({ kind: 'proven', value: { failure: null, native: -5n, gasUsed: 21_000n } })
  })

  it('with a token: its amount leaves, as the balances say', async () => {
    const { intent, outcome } = await looked(call(token, calldata('transfer(address,uint256)', other, 250n)))
    expect(intent).toMatchObject({ action: { kind: 'send-token', amount: 250n, token: SYMBOL } })
    expect(outcome).toMatchObject({
      kind: 'proven',
      value: {
        failure: null,
        native: 0n,
        tokens: [{ token: { address: token, ...SYMBOL }, change: -250n, told: 'balance' }],
        permissions: [],
        contradicted: [],
      },
    })
  })

  it('with a permission: who may take how much from then on', async () => {
    const limited = await looked(call(token, calldata('approve(address,uint256)', odd, 99n)))
    expect(limited.outcome).toMatchObject({
      value: { tokens: [], permissions: [{ kind: 'token', spender: odd, amount: 99n, through: null }] },
    })
    const unlimited = await looked(call(token, calldata('approve(address,uint256)', other, 2n ** 256n - 1n)))
    expect(unlimited.intent?.warnings.map(({ code }) => code).sort()).toEqual(['plain-spender', 'unlimited'])
    expect(unlimited.outcome).toMatchObject({ value: { permissions: [{ spender: other, amount: null }] } })
  })

  it('with single items', async () => {
    const sent = await looked(call(collection, calldata('transferFrom(address,address,uint256)', me, other, 7n)))
    expect(sent.intent).toMatchObject({ action: { kind: 'send-nft', items: [{ id: 7n, amount: null }] } })
    expect(sent.outcome).toMatchObject({ value: { tokens: [], nfts: [{ collection, id: 7n, change: -1n }] } })
    const allowed = await looked(call(collection, calldata('setApprovalForAll(address,bool)', odd, true)))
    expect(allowed.outcome).toMatchObject({ value: { permissions: [{ kind: 'all', spender: odd, allowed: true }] } })
  })

  it('that no log tells: wrapped coin', async () => {
    const { outcome } = await looked(call(token, calldata('deposit()'), 12n))
    expect(outcome).toMatchObject({ value: { native: -12n, tokens: [{ change: 12n, told: 'balance' }] } })
  })

  it('that logs tell and balances do not', async () => {
    const { intent, outcome } = await looked(call(odd, calldata('lie(address)', me)))
    expect(intent?.action).toMatchObject({ kind: 'unknown-call', refused: null })
    expect(outcome).toMatchObject({ value: { tokens: [], contradicted: [odd] } })
  })

  it('through a proxy, whose code is proven', async () => {
    const { intent } = await looked(call(proxy, calldata('approve(address,uint256)', odd, 1n)))
    expect(intent).toMatchObject({
      contract: { proxy: { kind: 'proven', value: { kind: 'eip1967', implementation: token } } },
      warnings: [{ code: 'proxy', about: token }],
    })
  })

  it('that creates a contract', async () => {
    const { outcome } = await looked(call(null, '0x600a600c600039600a6000f3602a60005260206000f3'))
    expect(outcome).toMatchObject({ value: { created: expect.stringMatching(/^0x[0-9a-f]{40}$/) } })
  })
})

describe('why it would fail', () => {
  it.each([
    ['say()', { kind: 'said', text: 'No.\\u{202e}' }],
    ['panic()', { kind: 'panic', code: 0x12n }],
    ['custom()', { kind: 'custom', selector: expect.stringMatching(/^0x[0-9a-f]{8}$/) }],
    ['silent()', { kind: 'silent' }],
  ])('%s', async (signature, failure) => {
    const { outcome } = await looked(call(odd, calldata(signature)))
    expect(outcome).toMatchObject({ kind: 'proven', value: { failure, tokens: [], native: 0n } })
  })

  it('burning gas ends with the gas', async () => {
    const { outcome } = await looked(call(odd, calldata('burn()'), 0n, 200_000n))
    expect(outcome).toMatchObject({
      value: { failure: { kind: 'halt', words: expect.stringMatching(/gas/i) }, gasUsed: 200_000n },
    })
  })

  it('what no block could contain is not simulated, and says why', async () => {
    const { outcome } = await looked(call(odd, calldata('silent()'), 0n, 100n))
    expect(outcome).toMatchObject({ kind: 'unproven', problem: { code: 'CALL_REFUSED' } })
  })
})

it('an outcome that changes while it is read is told, and the one before', async () => {
  const { devnet } = following
  await transact(devnet, { from: me, to: token, data: calldata('approve(address,uint256)', odd, 10_000n) })
  await headMoves()
  const understander = understand(call(odd, calldata('buy(address)', token)))
  await understander.look(false)
  expect(understander.view).toMatchObject({ before: null, outcome: { value: { tokens: [{ change: -100n }] } } })
  expect(await understander.look(true)).toBe(false)
  await headMoves()
  // A new head alone is no change.
  expect(await understander.look(true)).toBe(false)
  await transact(devnet, { from: other, to: odd, data: calldata('setPrice(uint256)', 9_000n) })
  await headMoves()
  expect(await understander.look(false)).toBe(true)
  expect(understander.view).toMatchObject({
    before: { value: { tokens: [{ change: -100n }] } },
    outcome: { value: { tokens: [{ change: -9_000n }], permissions: [] } },
  })
  // A better one is agreed to already.
  await transact(devnet, { from: other, to: odd, data: calldata('setPrice(uint256)', 8_000n) })
  await headMoves()
  expect(await understander.look(false)).toBe(false)
  expect(understander.view.outcome).toMatchObject({ value: { tokens: [{ change: -8_000n }] } })
})
