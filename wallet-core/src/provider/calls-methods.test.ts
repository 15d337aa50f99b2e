import type { Receipt } from '@glowworm/light-client'
import { parseTransaction } from 'viem'
import { describe, expect, test } from 'vitest'
import { headAt } from '../../test/fake-chain.ts'
import { ADDRESS, fundedWallet, settle, type TestWallet, until } from '../../test/wallet.ts'
import type { Wallet } from '../index.ts'

const SITE = 'https://dapp.example'
const TO = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
let requests = 0

async function connected() {
  const t = await fundedWallet()
  const answer = ask(t, 'eth_requestAccounts', [])
  await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.approve({ id: t.state.approvals[0]!.id, revision: 1 })
  await answer
  return t
}

function ask(t: TestWallet, method: string, params: unknown[], origin = SITE, id = `r${++requests}`): Promise<unknown> {
  return t.wallet.provider.handle({ origin, id, method, params })
}

const batch = (more: object = {}, values = ['0x1', '0x2', '0x3']) => [
  {
    version: '2.0.0',
    chainId: '0x539',
    from: ADDRESS,
    atomicRequired: false,
    calls: values.map((value) => ({ to: TO, value })),
    ...more,
  },
]

async function approveNext(t: TestWallet, waiting: number): Promise<void> {
  const sent = t.chain.sent.length
  await until(() => t.state.approvals.length === waiting, 'the next call')
  const { id, revision } = t.state.approvals[0]!
  await t.wallet.facade.approve({ id, revision })
  await until(() => t.chain.sent.length > sent, 'sending')
}

function include(t: TestWallet, index: number, success: boolean, block: bigint): void {
  const entries = t.state.activity
  const { hash } = entries[entries.length - 1 - index]!
  const receipt: Receipt = {
    transactionHash: hash!,
    blockHash: headAt(block).optimistic.blockHash,
    blockNumber: block,
    transactionIndex: 0,
    type: 2,
    success,
    gasUsed: 21_000n,
    cumulativeGasUsed: 21_000n,
    firstLogIndex: 0,
    baseFeePerGas: 7n,
    logs: [{ address: TO, topics: [], data: '0x01' }],
  }
  t.chain.receipts.set(hash!, { receipt, final: true })
}

const status = (t: TestWallet, id: string) =>
  ask(t, 'wallet_getCallsStatus', [id]) as Promise<{ status: number; receipts: object[] }>

describe('calls of a site', () => {
  test('are put up one after the other, each with its own yes, and their receipts are proven', async () => {
    const t = await connected()
    const answer = ask(t, 'wallet_sendCalls', batch({ id: 'mine' }))
    await approveNext(t, 1)
    expect(await answer).toEqual({ id: 'mine' })
    expect(await status(t, 'mine')).toMatchObject({ status: 100, atomic: false, receipts: [], chainId: '0x539' })
    await approveNext(t, 1)
    await approveNext(t, 1)
    expect(t.chain.sent.map((raw) => parseTransaction(raw)).map(({ nonce, value }) => [nonce, value])).toEqual([
      [3, 1n],
      [4, 2n],
      [5, 3n],
    ])
    for (const index of [0, 1, 2]) include(t, index, true, 11n)
    t.chain.advance(13n)
    await until(() => t.state.activity.every(({ state }) => state === 'final'), 'all of them')
    const done = await status(t, 'mine')
    expect(done).toMatchObject({ status: 200, version: '2.0.0', id: 'mine' })
    expect(done.receipts).toHaveLength(3)
    expect(done.receipts[0]).toMatchObject({
      status: '0x1',
      gasUsed: '0x5208',
      blockNumber: '0xb',
      transactionHash: t.state.activity[2]!.hash,
      logs: [{ address: TO, data: '0x01' }],
    })
    expect((await t.reborn()).facade.state.activity).toHaveLength(3)
  })

  test('that were partly rejected or failed say so', async () => {
    const t = await connected()
    const answer = ask(t, 'wallet_sendCalls', batch({}, ['0x1', '0x2']))
    await approveNext(t, 1)
    const { id } = (await answer) as { id: string }
    await until(() => t.state.approvals.length === 1, 'the second')
    await t.wallet.facade.reject({ id: t.state.approvals[0]!.id })
    await settle()
    expect(await status(t, id)).toMatchObject({ status: 100 })
    include(t, 0, true, 11n)
    t.chain.advance(13n)
    await until(() => t.state.activity[0]!.state === 'final', 'the first')
    expect(await status(t, id)).toMatchObject({ status: 600, receipts: [{ status: '0x1' }] })
    const single = ask(t, 'wallet_sendCalls', batch({}, ['0x1']))
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    await approveNext(t, 1)
    const { id: other } = (await single) as { id: string }
    const { hash } = t.state.activity[0]!
    include(t, 1, false, 15n)
    expect(t.chain.receipts.has(hash!)).toBe(true)
    t.chain.advance(17n)
    await until(() => t.state.activity[0]!.state === 'failed', 'the failure')
    expect(await status(t, other)).toMatchObject({ status: 500, receipts: [{ status: '0x0' }] })
  })

  test('rejected from the start leave nothing behind', async () => {
    const t = await connected()
    const answer = ask(t, 'wallet_sendCalls', batch({ id: 'no' }))
    const refused = expect(answer).rejects.toMatchObject({ code: 4001 })
    await until(() => t.state.approvals.length === 1, 'the first')
    await t.wallet.facade.reject({ id: t.state.approvals[0]!.id })
    await refused
    await expect(status(t, 'no')).rejects.toMatchObject({ code: 5730 })
    expect(t.chain.sent).toEqual([])
  })

  test('sent again with the same request are one batch; of another site they are unknown', async () => {
    const t = await connected()
    const send = () => ask(t, 'wallet_sendCalls', batch({ id: 'one' }, ['0x1']), SITE, 'same')
    const answers = [send(), send()]
    await approveNext(t, 1)
    expect(await Promise.all(answers)).toEqual([{ id: 'one' }, { id: 'one' }])
    const again = await t.reborn()
    const request = { origin: SITE, id: 'same', method: 'wallet_sendCalls', params: batch({ id: 'one' }, ['0x1']) }
    expect(await again.provider.handle(request)).toEqual({ id: 'one' })
    await expect(ask(t, 'wallet_sendCalls', batch({ id: 'one' }))).rejects.toMatchObject({ code: 5720 })
    await expect(ask(t, 'wallet_getCallsStatus', ['one'], 'https://other.example')).rejects.toMatchObject({
      code: 5730,
    })
  })

  test('when the wallet dies before a yes, what was not signed is asked again by the same request', async () => {
    const t = await connected()
    const params = batch({ id: 'one' }, ['0x1', '0x2'])
    const asked = (wallet: Wallet) =>
      wallet.provider.handle({ origin: SITE, id: 'same', method: 'wallet_sendCalls', params })
    asked(t.wallet).catch(() => {})
    await until(() => t.state.approvals.length === 1, 'the first call')
    const first = await t.reborn()
    const answer = asked(first)
    await until(() => first.facade.state.approvals.length === 1, 'the first call again')
    expect(t.chain.sent).toEqual([])
    await first.facade.approve({ id: first.facade.state.approvals[0]!.id, revision: 1 })
    expect(await answer).toEqual({ id: 'one' })
    await until(() => first.facade.state.approvals.length === 1, 'the second call')
    const second = await t.reborn()
    expect(await asked(second)).toEqual({ id: 'one' })
    await until(() => second.facade.state.approvals.length === 1, 'the second call again')
    await second.facade.approve({ id: second.facade.state.approvals[0]!.id, revision: 1 })
    // a wallet that is reborn hands over again what is under way
    await until(() => new Set(t.chain.sent).size === 2, 'both are sent')
    expect([...new Set(t.chain.sent)].map((raw) => parseTransaction(raw).value)).toEqual([1n, 2n])
    expect(await asked(second)).toEqual({ id: 'one' })
    expect(second.facade.state.approvals).toEqual([])
  })

  test('the wallet promises nothing it does not do', async () => {
    const t = await connected()
    expect(await ask(t, 'wallet_getCapabilities', [ADDRESS])).toEqual({
      '0x539': { atomic: { status: 'unsupported' } },
    })
    expect(await ask(t, 'wallet_getCapabilities', [ADDRESS, ['0x1']])).toEqual({})
    await expect(ask(t, 'wallet_getCapabilities', [TO])).rejects.toMatchObject({ code: 4100 })
    const cases: [object, number][] = [
      [{ atomicRequired: true }, 5760],
      [{ chainId: '0x1' }, 5710],
      [{ capabilities: { paymasterService: { url: 'x' } } }, 5700],
      [{ calls: [{ to: TO, capabilities: { flow: {} } }] }, 5700],
      [{ calls: Array.from({ length: 11 }, () => ({ to: TO })) }, 5740],
      [{ version: '1.0' }, -32602],
      [{ calls: [] }, -32602],
      [{ calls: [{ to: '0x1' }] }, -32602],
      [{ atomicRequired: undefined }, -32602],
      [{ id: 5 }, -32602],
      [{ from: TO }, 4100],
    ]
    for (const [change, code] of cases)
      await expect(ask(t, 'wallet_sendCalls', batch(change)), JSON.stringify(change)).rejects.toMatchObject({ code })
    await expect(ask(t, 'wallet_showCallsStatus', ['x'])).rejects.toMatchObject({ code: 4200 })
    const optional = ask(t, 'wallet_sendCalls', batch({ capabilities: { flow: { optional: true } }, from: undefined }))
    await until(() => t.state.approvals.length === 1, 'the first')
    const refused = expect(optional).rejects.toMatchObject({ code: 4001 })
    await t.wallet.facade.reject({ id: t.state.approvals[0]!.id })
    await refused
  })
})
