import type { LightClient } from '@glowworm/light-client'
import { describe, expect, test } from 'vitest'
import { fakeChain, fault } from '../../test/fake-chain.ts'
import {
  ADDRESS,
  CHOICES,
  engines,
  fundedWallet,
  PASSWORD,
  PHRASE,
  phraseImport,
  settle,
  testWallet,
  until,
  utf8,
} from '../../test/wallet.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const password = () => utf8(PASSWORD)

describe('another trust root or other sources', () => {
  const ROOT = `0x${'cd'.repeat(32)}` as const

  test('leave nothing of what was proven before on show, and no transfer waiting', async () => {
    const slow = Promise.withResolvers<LightClient>()
    const [first, second] = [fakeChain(engines), fakeChain(engines)]
    first.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 3n })
    second.accounts.set(ADDRESS, { balance: 7n, nonce: 0n })
    let count = 0
    const t = await testWallet({ openChain: () => (count++ === 0 ? first.client : slow.promise) })
    const { facade } = t.wallet
    await facade.importWallet({ password: password(), from: phraseImport(PHRASE) })
    await facade.chooseSources({ choices: CHOICES, checkpoint: null })
    await until(() => t.state.accounts[0]!.balance.kind === 'proven', 'the balance')
    await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    const seen: (string | null)[] = []
    facade.subscribe(({ checkpoint, accounts }) => {
      if (checkpoint !== null) seen.push(accounts[0]!.balance.kind)
    })
    const chosen = facade.chooseSources({ choices: CHOICES, checkpoint: ROOT })
    await until(() => t.state.checkpoint === ROOT, 'the new root')
    await settle()
    expect(t.state.accounts[0]!.balance.kind).toBe('proving')
    expect(t.state.accounts[0]!.finalBalance.kind).toBe('proving')
    expect(t.state.approvals).toEqual([])
    expect(seen.length).toBeGreaterThan(0)
    expect(seen).not.toContain('proven')
    slow.resolve(second.client)
    await chosen
    await until(() => t.state.accounts[0]!.balance.kind === 'proven', 'the new balance')
    expect(t.state.accounts[0]!.balance).toMatchObject({ value: 7n })
    await facade.chooseSources({ choices: CHOICES, checkpoint: null })
    expect(t.state).toMatchObject({ checkpoint: null })
  })

  test('an answer that the old client still owed comes to nothing', async () => {
    const t = await testWallet()
    const owed = Promise.withResolvers<void>()
    let asked = 0
    const { account } = t.chain.client
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n })
    t.chain.client.account = async (address, at) => {
      const answer = await account(address, at)
      // The first round, both heads: the client of the old root.
      if (asked++ < 2) await owed.promise
      return answer
    }
    const { facade } = t.wallet
    await facade.importWallet({ password: password(), from: phraseImport(PHRASE) })
    await facade.chooseSources({ choices: CHOICES, checkpoint: null })
    await until(() => asked === 2, 'the questions')
    t.chain.accounts.set(ADDRESS, { balance: 7n })
    await facade.chooseSources({ choices: CHOICES, checkpoint: ROOT })
    // Nobody waits for the old answers.
    await until(() => t.state.accounts[0]!.balance.kind === 'proven', 'the new balance')
    owed.resolve()
    await settle()
    expect(t.state.accounts[0]!.balance).toMatchObject({ value: 7n })
    expect(t.state.accounts[0]!.finalBalance).toMatchObject({ value: 7n })
  })

  test('the same choice again keeps what was proven from it', async () => {
    const t = await fundedWallet()
    await until(() => t.state.accounts[0]!.balance.kind === 'proven', 'the balance')
    await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await t.wallet.facade.chooseSources({ choices: [...CHOICES].reverse(), checkpoint: null })
    expect(t.state.accounts[0]!.balance.kind).toBe('proven')
    expect(t.state.approvals).toHaveLength(1)
  })

  test('the bundled root and the user’s own are told apart, and there is a way back', async () => {
    const bundled = `0x${'ab'.repeat(32)}` as const
    const plain = await testWallet()
    const t = await testWallet({ network: { ...plain.ports.network, checkpoint: bundled } })
    const choose = (checkpoint: typeof bundled | null) =>
      t.wallet.facade.chooseSources({ choices: CHOICES, checkpoint })
    await choose(ROOT)
    expect(t.state).toMatchObject({ checkpoint: ROOT, network: { checkpoint: bundled } })
    await choose(null)
    expect(t.state).toMatchObject({ checkpoint: null, network: { checkpoint: bundled } })
    await choose(bundled)
    expect(t.state).toMatchObject({ checkpoint: null, network: { checkpoint: bundled } })
    expect(t.opened.map(({ checkpoint }) => checkpoint)).toEqual([ROOT, bundled, bundled])
  })

  test('says to check the root when no source knows it, and only then', async () => {
    const t = await fundedWallet()
    const missing = fault('NOT_AVAILABLE')
    t.chain.setStatus({ state: 'stalled', cause: missing, head: null })
    expect(t.state.pulse).toMatchObject({ problem: { code: 'NOT_AVAILABLE' } })
    await t.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: ROOT })
    const rootless = fakeChain(engines)
    rootless.setStatus({ state: 'starting', step: 'checkpoint', done: 0, of: 1 })
    const other = await testWallet({ openChain: () => rootless.client })
    await other.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: ROOT })
    rootless.setStatus({ state: 'stalled', cause: fault('SOURCE_UNREACHABLE'), head: null })
    expect(other.state.pulse).toMatchObject({ problem: { code: 'SOURCE_UNREACHABLE' } })
    const causes = [fault('SOURCE_UNREACHABLE'), missing]
    rootless.setStatus({
      state: 'stalled',
      cause: Object.assign(fault('NO_SOURCE_COULD_PROVE'), { causes }),
      head: null,
    })
    expect(other.state.pulse).toMatchObject({
      problem: { code: 'ROOT_UNKNOWN', next: expect.stringContaining('Check the block root') },
    })
  })
})
