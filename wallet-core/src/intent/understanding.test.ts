import type { Answer, CallOutcome, Hex, SimulatedBlock, SimulatedCall } from '@glowworm/light-client'
import { seal } from '@glowworm/light-client/ledgers/verified'
import { describe, expect, test } from 'vitest'
import { fault } from '../../test/fake-chain.ts'
import { ADDRESS, engines, fundedWallet, settle, type TestWallet, until } from '../../test/wallet.ts'
import type { Approval } from '../facade/facade.ts'
import { calldataDigest } from './understanding.ts'

const ORIGIN = 'https://dapp.example'
const CONTRACT: Hex = `0x${'c0'.repeat(20)}`
const SELECTOR: Hex = '0xdeadbeef'

/** What execution gives: how much of the account's coin comes or goes; an error when it cannot be executed. */
interface World {
  change: bigint | Error
  runs: number
}

async function connected(): Promise<{ t: TestWallet; world: World }> {
  const t = await fundedWallet()
  const world: World = { change: -5n, runs: 0 }
  const answer = async <T>(value: T): Promise<Answer<T>> => {
    const { anchor, finality } = (await t.chain.client.baseFee()).verified
    return { verified: seal(value, { anchor, finality, method: 'sealed by a test', checkedAt: 1 }), trail: [] }
  }
  t.chain.accounts.set(CONTRACT, { codeHash: `0x${'07'.repeat(32)}` })
  Object.assign(t.chain.client, {
    code: (address: Hex) => answer<Hex>(address === CONTRACT ? '0x6001' : '0x'),
    storage: () => answer<Hex>(`0x${'00'.repeat(32)}`),
    call: () =>
      answer<CallOutcome>({ status: 'revert', returnData: '0x', halt: null, gasUsed: 0n, logs: [], reads: [] }),
    async simulate([{ calls }]: [{ calls: { data: Hex; gasPrice?: bigint }[] }]) {
      world.runs++
      const { change } = world
      if (change instanceof Error) throw change
      const done = calls.map(({ data, gasPrice = 0n }): SimulatedCall => {
        const own = data === SELECTOR
        const figures = { nonce: 3n, codeHash: `0x${'00'.repeat(32)}` as Hex }
        // The fee leaves the account, too.
        const balance = 10n ** 18n + change - 30_000n * gasPrice
        return {
          status: own ? 'success' : 'revert',
          returnData: '0x',
          halt: null,
          gasUsed: 30_000n,
          logs: [],
          created: null,
          changes: own
            ? [{ address: ADDRESS, before: { ...figures, balance: 10n ** 18n }, after: { ...figures, balance } }]
            : [],
        }
      })
      return answer({ blocks: [{ calls: done } as unknown as SimulatedBlock], reads: [] })
    },
  })
  const accounts = t.wallet.provider.handle({ origin: ORIGIN, id: 'a', method: 'eth_requestAccounts' })
  const question = await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.approve({ id: question.id, revision: question.revision })
  await accounts
  return { t, world }
}

type Sending = Extract<Approval, { kind: 'send-transaction' }>
async function asked(t: TestWallet): Promise<() => Sending> {
  const params = [{ from: ADDRESS, to: CONTRACT, data: SELECTOR }]
  const sent = t.wallet.provider.handle({ origin: ORIGIN, id: 'b', method: 'eth_sendTransaction', params })
  sent.catch(() => undefined)
  await until(() => t.state.approvals[0], 'the transaction')
  return () => t.state.approvals[0] as Sending
}

describe('while a transaction is read', () => {
  test('it is executed, once for each head, and the fee is no part of what it does', async () => {
    const { t, world } = await connected()
    const shown = await asked(t)
    expect(shown()).toMatchObject({
      revision: 1,
      calldataDigest: calldataDigest(SELECTOR, engines.hashes.keccak256),
      understanding: {
        intent: { action: { kind: 'unknown-call', selector: SELECTOR }, contract: { address: CONTRACT } },
        outcome: { kind: 'proven', value: { native: -5n, failure: null } },
        before: null,
      },
    })
    const { runs } = world
    await t.wallet.facade.refresh()
    await settle()
    expect(world.runs).toBe(runs)
    t.chain.advance(11n)
    await until(() => world.runs === 2 * runs, 'the next execution')
    await settle()
    expect(shown()).toMatchObject({ revision: 1, understanding: { outcome: { height: 11n } } })
    await t.wallet.facade.approve({ id: shown().id, revision: 1 })
    await until(() => t.chain.sent.length === 1, 'the sending')
  })

  test('a little less, or more, is what was agreed to', async () => {
    const { t, world } = await connected()
    world.change = 100_000n
    const shown = await asked(t)
    world.change = 99_900n
    t.chain.advance(11n)
    await until(() => shown().understanding.outcome?.kind === 'proven' && world.runs >= 4, 'the second')
    await settle()
    expect(shown()).toMatchObject({
      revision: 1,
      understanding: { outcome: { value: { native: 99_900n } }, before: null },
    })
    world.change = 200_000n
    t.chain.advance(12n)
    await settle()
    expect(shown()).toMatchObject({ revision: 1, understanding: { outcome: { value: { native: 200_000n } } } })
  })

  test('what has got worse by little steps is not signed', async () => {
    const { t, world } = await connected()
    world.change = 100_000n
    const shown = await asked(t)
    for (const [head, change] of [
      [11n, 99_850n],
      [12n, 99_750n],
    ] as const) {
      world.change = change
      t.chain.advance(head)
      await settle()
    }
    await until(() => shown().revision === 2, 'the new revision')
    expect(shown().understanding).toMatchObject({
      before: { value: { native: 100_000n } },
      outcome: { value: { native: 99_750n } },
    })
    await expect(t.wallet.facade.approve({ id: shown().id, revision: 1 })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    expect(t.chain.sent).toEqual([])
  })

  test('a look that fails leaves what was shown; signing insists', async () => {
    const { t, world } = await connected()
    const shown = await asked(t)
    world.change = fault('SOURCE_UNREACHABLE')
    t.chain.advance(11n)
    await settle()
    expect(shown()).toMatchObject({ revision: 1, understanding: { outcome: { kind: 'proven', height: 10n } } })
    await expect(t.wallet.facade.approve({ id: shown().id, revision: 1 })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    expect(shown()).toMatchObject({
      revision: 2,
      understanding: {
        outcome: { kind: 'unproven', problem: { code: 'SOURCE_UNREACHABLE' } },
        before: { kind: 'proven', value: { native: -5n } },
      },
    })
    // That it cannot be executed is shown now, and can be agreed to.
    await t.wallet.facade.approve({ id: shown().id, revision: 2 })
    await until(() => t.chain.sent.length === 1, 'the sending')
  })

  test('what takes long is shown without, and is not signed before it is there', async () => {
    const { t } = await connected()
    const late = Promise.withResolvers<never>()
    Object.assign(t.chain.client, { simulate: () => late.promise })
    const params = [{ from: ADDRESS, to: CONTRACT, data: SELECTOR }]
    t.wallet.provider.handle({ origin: ORIGIN, id: 'b', method: 'eth_sendTransaction', params }).catch(() => undefined)
    await settle()
    expect(t.state.approvals).toEqual([])
    await t.clock.pass(1000)
    const shown = await until(() => t.state.approvals[0] as Sending | undefined, 'the transaction')
    expect(shown.understanding).toMatchObject({ intent: null, outcome: { kind: 'proving' } })
    const early = expect(t.wallet.facade.approve({ id: shown.id, revision: 1 })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    await settle()
    await t.clock.pass(20_000)
    await early
    expect(t.state.approvals[0]).toMatchObject({
      revision: 2,
      understanding: {
        intent: { action: { kind: 'unknown-call' } },
        outcome: { kind: 'unproven', problem: { code: 'LOOK_TOOK_TOO_LONG' } },
      },
    })
  })
})

test('the digest of call data is that of ERC-8213', () => {
  const data: Hex = `0xa9059cbb${'4675c7e5baafbffbca748158becba61ef3b0a263'.padStart(64, '0')}${'de0b6b3a7640000'.padStart(64, '0')}`
  expect(calldataDigest(data, engines.hashes.keccak256)).toBe(
    '0x812cee5d9cc7461c04bbcd7b70af9c28b243ac5d74d3453b008b93b7dac69985',
  )
})

describe('names', () => {
  test('that are sent to are proven again; one that leads elsewhere is refused', async () => {
    const t = await fundedWallet()
    const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    // There is no registry on the fake chain.
    await expect(t.wallet.facade.lookUpName({ text: 'friend.eth' })).resolves.toMatchObject({
      kind: 'unproven',
      problem: { code: 'NO_NAME_SERVICE' },
    })
    await expect(t.wallet.facade.lookUpName({ text: 'no name' })).rejects.toMatchObject({
      problem: { code: 'INVALID_ENS_NAME' },
    })
    const send = { accountId: 'eth-0', to: TO, value: 1n, name: 'friend.eth' }
    await expect(t.wallet.facade.prepareSend(send)).rejects.toMatchObject({ problem: { code: 'NO_NAME_SERVICE' } })
    expect(t.state.approvals).toEqual([])
    await t.wallet.facade.lock()
    await expect(t.wallet.facade.lookUpName({ text: 'friend.eth' })).rejects.toMatchObject({
      problem: { code: 'LOCKED' },
    })
  })
})
