import type { LightClient } from '@glowworm/light-client'
import { expect, test } from 'vitest'
import { fakeChain, fault, headAt } from '../../test/fake-chain.ts'
import {
  ADDRESS,
  CHOICES,
  engines,
  fundedWallet,
  PASSWORD,
  settle,
  testWallet,
  until,
  utf8,
} from '../../test/wallet.ts'

const password = () => utf8(PASSWORD)

test('nothing is opened before the choice, and the choice is remembered', async () => {
  const t = await testWallet()
  await t.wallet.facade.create({ password: password(), words: 24 })
  await settle()
  expect(t.opened).toEqual([])
  expect(t.state.accounts[0]!.balance).toMatchObject({ kind: 'unproven', problem: { code: 'NO_SOURCES' } })
  await expect(
    t.wallet.facade.chooseSources({ choices: CHOICES.map((c) => ({ ...c, chosen: false })), checkpoint: null }),
  ).rejects.toMatchObject({ problem: { code: 'INVALID_SOURCES' } })
  expect(t.opened).toEqual([])
  const checkpoint = `0x${'ab'.repeat(32)}` as const
  await t.wallet.facade.chooseSources({
    choices: [{ ...CHOICES[0]! }, { ...CHOICES[1]!, chosen: false }],
    checkpoint,
  })
  expect(t.opened).toEqual([{ choices: [CHOICES[0]], checkpoint }])
  expect(t.state).toMatchObject({
    sourcesChosen: true,
    checkpoint,
    network: { checkpoint: null },
    pulse: { state: 'following' },
  })
  const again = await t.reborn()
  await settle()
  expect(t.opened).toHaveLength(2)
  expect(again.facade.state.choices).toHaveLength(2)
})

test('says why the chain could not be opened', async () => {
  const t = await testWallet({
    openChain: async () => {
      throw fault('SOURCES_DISAGREE')
    },
  })
  await t.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  expect(t.state.pulse).toMatchObject({ state: 'stalled', problem: { code: 'SOURCES_DISAGREE' } })
})

test('a choice made while another is being opened wins', async () => {
  const slow = Promise.withResolvers<LightClient>()
  const [first, second] = [fakeChain(engines), fakeChain(engines)]
  let count = 0
  const t = await testWallet({ openChain: () => (count++ === 0 ? slow.promise : second.client) })
  const early = t.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  await until(() => t.state.pulse.state === 'starting', 'the first opening')
  expect(t.state.pulse).toMatchObject({ step: 'sources', of: 2 })
  await t.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  slow.resolve(first.client)
  await early
  await settle()
  expect(first.closed).toBe(true)
  expect(second.closed).toBe(false)
  first.advance(99n)
  expect(t.state.pulse).toMatchObject({ state: 'following', headHeight: 10n })
  await t.wallet.close()
  expect(second.closed).toBe(true)
  expect(t.state.pulse).toEqual({ state: 'idle' })
})

test('keeps a proven balance, with its age, when a newer one cannot be proven', async () => {
  const t = await fundedWallet()
  const balance = () => t.state.accounts[0]!.balance
  await until(() => balance().kind === 'proven', 'the balance')
  expect(balance()).toMatchObject({ value: 10n ** 19n, height: 10n, final: false, time: 120_000 })
  expect(t.state.accounts[0]!.finalBalance).toMatchObject({ kind: 'proven', final: true, height: 8n })
  t.chain.fault = fault('UNREACHABLE')
  t.chain.advance(11n)
  await settle()
  expect(balance()).toMatchObject({ kind: 'proven', height: 10n })
  t.chain.fault = null
  t.chain.accounts.set(ADDRESS, { balance: 5n, nonce: 3n })
  t.chain.advance(12n)
  await until(() => balance().kind === 'proven' && 'height' in balance(), 'the next balance')
  await settle()
  expect(balance()).toMatchObject({ value: 5n, height: 12n })
  t.chain.setStatus({ state: 'stalled', cause: fault('ALL_GONE'), head: headAt(12n) })
  expect(t.state.pulse).toMatchObject({ state: 'stalled', lastHeight: 12n })
})
