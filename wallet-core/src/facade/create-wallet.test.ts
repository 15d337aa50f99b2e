import type { LightClient } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { parseTransaction, recoverTransactionAddress } from 'viem'
import { describe, expect, test } from 'vitest'
import { fakeChain, fault, headAt, receiptOf } from '../../test/fake-chain.ts'
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
import { signTransaction } from '../signing/transaction.ts'
import { createWallet } from './create-wallet.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const password = () => utf8(PASSWORD)

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('the life of a wallet', () => {
  test('create, back up, lock, unlock', async () => {
    let forgotten = 0
    const t = await testWallet({
      async forgetEvidence() {
        forgotten++
      },
    })
    expect(t.state.phase).toBe('no-wallet')
    const typed = password()
    const { phrase } = await t.wallet.facade.create({ password: typed, words: 12 })
    expect(typed.every((byte) => byte === 0)).toBe(true)
    expect(t.state.phase).toBe('unlocked')
    expect(t.state.accounts[0]).toMatchObject({ path: "m/44'/60'/0'/0/0", name: 'Account 1' })
    const words = text(phrase).split(' ')
    expect(words).toHaveLength(12)
    expect(t.state.backedUp).toBe(false)
    const positions = [0, 5, 11]
    const drill = (...typed: (string | undefined)[]) => {
      const lent = typed.map((word) => utf8(word ?? ''))
      const answer = t.wallet.facade.confirmBackup({ positions, words: lent })
      return answer.finally(() => expect(lent.every((word) => word.every((byte) => byte === 0))).toBe(true))
    }
    for (const wrong of ['zebra!', '', `${words[11]} ${words[11]}`, `${words[11]}\0`, words[11]?.slice(0, -1)])
      expect(await drill(words[0], words[5], wrong)).toBe(words[11] === wrong)
    await expect(drill(words[0], words[5])).rejects.toMatchObject({ problem: { code: 'INVALID_DRILL' } })
    expect(t.state.backedUp).toBe(false)
    expect(await drill(words[0], ` ${words[5]}\n`, words[11]?.toUpperCase())).toBe(true)
    expect(t.state.backedUp).toBe(true)
    await t.wallet.facade.lock()
    expect(t.state).toMatchObject({ phase: 'locked', accounts: [], activity: [], sites: [], selected: null })
    await expect(t.wallet.facade.unlock({ password: utf8('wrong password') })).rejects.toMatchObject({
      problem: { code: 'WRONG_PASSWORD' },
    })
    await t.wallet.facade.unlock({ password: password() })
    expect(t.state.backedUp).toBe(true)
    await expect(t.wallet.facade.create({ password: password(), words: 12 })).rejects.toMatchObject({
      problem: { code: 'WALLET_EXISTS' },
    })
    expect(await t.wallet.facade.revealPhrase({ password: password() })).toEqual({ phrase })
    expect(forgotten).toBe(0)
    await t.wallet.facade.erase()
    // Whose accounts they were stands in what was kept of them.
    expect(forgotten).toBe(1)
    expect(t.state).toMatchObject({ phase: 'no-wallet', sourcesChosen: false })
  })

  test('a malformed phrase is refused and leaves nothing behind', async () => {
    const t = await testWallet()
    const phrase = PHRASE.replace('junk', 'test')
    await expect(
      t.wallet.facade.importWallet({ password: password(), from: phraseImport(phrase) }),
    ).rejects.toMatchObject({
      problem: { code: 'INVALID_PHRASE', message: expect.stringContaining('checksum') },
    })
    expect(t.state.phase).toBe('no-wallet')
    await expect(
      t.wallet.facade.importWallet({ password: utf8('short'), from: phraseImport(PHRASE) }),
    ).rejects.toMatchObject({
      problem: { code: 'WEAK_PASSWORD' },
    })
    expect(t.state.phase).toBe('no-wallet')
  })

  test('the password can be changed', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    await expect(
      facade.changePassword({ current: utf8('wrong password'), next: utf8('another one') }),
    ).rejects.toMatchObject({ problem: { code: 'WRONG_PASSWORD' } })
    await facade.changePassword({ current: password(), next: utf8('another one') })
    await facade.addAccount({ name: 'Second' })
    expect((await t.reborn()).facade.state.accounts).toHaveLength(2)
    await facade.lock()
    await expect(facade.unlock({ password: password() })).rejects.toMatchObject({ problem: { code: 'WRONG_PASSWORD' } })
    await facade.unlock({ password: utf8('another one') })
    expect(t.state.accounts.map(({ name }) => name)).toEqual(['Account 1', 'Second'])
    expect(await facade.revealPhrase({ password: utf8('another one') })).toEqual({ phrase: utf8(PHRASE) })
  })

  test('accounts are added, renamed and selected', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    await facade.addAccount({ name: ' Savings ' })
    const second = t.state.accounts[1]!
    expect(second).toMatchObject({ name: 'Savings', checksummed: TO, path: "m/44'/60'/0'/0/1" })
    await facade.select({ id: second.id })
    expect(t.state.selected).toBe(second.id)
    await facade.renameAccount({ id: second.id, name: 'Rainy days' })
    expect(t.state.accounts[1]!.name).toBe('Rainy days')
    await expect(facade.select({ id: 'eth-9' })).rejects.toMatchObject({ problem: { code: 'UNKNOWN_ACCOUNT' } })
    await expect(facade.addAccount({ name: '   ' })).rejects.toMatchObject({ problem: { code: 'INVALID_NAME' } })
  })

  test('tells the light client which addresses to keep apart, and how to ask', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    await facade.addAccount({ name: 'Second' })
    await until(() => t.chain.apart.length === 2, 'two to keep apart')
    expect(t.chain.apart).toEqual(t.state.accounts.map(({ address }) => address))
    expect([t.state.padding, t.chain.padding]).toEqual(['off', 'off'])
    await facade.setPadding({ on: true })
    expect([t.state.padding, t.chain.padding]).toEqual(['on', 'on'])
    t.chain.padding = 'off'
    // another client, the same wish
    const again = await t.reborn()
    await until(() => again.facade.state.padding === 'on', 'the wish')
    await facade.erase()
    expect(t.state.padding).toBe('off')
  })

  test('says in whose one hand all news was, and nothing when there were several', async () => {
    const t = await fundedWallet()
    expect(t.state.diversity).toEqual({ state: 'several' })
    const seen = (origin: string) => {
      t.chain.diversity = { state: 'single', origin }
      t.chain.advance(20n)
      return t.state.diversity
    }
    expect(seen('bridge:12D3KooWQYhT')).toEqual({ state: 'single', hand: 'bridge', name: '12D3…QYhT' })
    expect(seen('ip6:2001:db8:1::/48')).toEqual({ state: 'single', hand: 'network', name: '2001:db8:1::/48' })
    expect(seen('name:example.org')).toEqual({ state: 'single', hand: 'operator', name: 'example.org' })
    expect(seen('unknown')).toEqual({ state: 'single', hand: 'unplaced', name: '' })
  })

  test('locks by itself when nobody uses it, and not before', async () => {
    const t = await fundedWallet()
    await t.wallet.facade.setAutoLock({ minutes: 5 })
    await t.clock.pass(4 * 60_000)
    await t.wallet.facade.select({ id: 'eth-0' })
    await t.clock.pass(4 * 60_000)
    expect(t.state.phase).toBe('unlocked')
    await t.clock.pass(61_000)
    await until(() => t.state.phase === 'locked', 'the lock')
    await expect(t.wallet.facade.setAutoLock({ minutes: 0 })).rejects.toMatchObject({
      problem: { code: 'LOCKED' },
    })
  })

  test('survives the death of its worker, not the lock or the deadline', async () => {
    const t = await fundedWallet()
    const second = await t.reborn()
    expect(second.facade.state.phase).toBe('unlocked')
    expect(second.facade.state.accounts[0]!.address).toBe(ADDRESS)
    await second.facade.lock()
    expect((await t.reborn()).facade.state.phase).toBe('locked')
    const again = await t.reborn()
    await again.facade.unlock({ password: password() })
    await t.clock.pass(15 * 60_000)
    expect((await t.reborn()).facade.state.phase).toBe('locked')
  })
})

describe('sources', () => {
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
})

describe('sending', () => {
  test('prepare, approve, send, include, final', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const { approvalId } = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 10n ** 18n })
    const approval = t.state.approvals[0]!
    expect(approval).toMatchObject({
      id: approvalId,
      kind: 'send-transaction',
      origin: null,
      toChecksummed: TO,
      value: 10n ** 18n,
      gasLimit: { kind: 'proven', value: 21_000n },
      baseFeePerGas: { kind: 'proven', value: 10n ** 9n },
      maxPriorityFeePerGas: { kind: 'attested', value: 100_000_000n, by: 'a test' },
      maxFeePerGas: 2_100_000_000n,
      nonce: { kind: 'proven', value: 3n },
      mostThatLeaves: 10n ** 18n + 21_000n * 2_100_000_000n,
      firstTimeRecipient: true,
      warnings: [],
      blocked: null,
    })
    await facade.approve({ id: approvalId, revision: approval.revision })
    await until(() => t.state.activity[0]?.state === 'sent', 'sending')
    expect(t.state.approvals).toEqual([])
    const raw = t.chain.sent[0]!
    expect(parseTransaction(raw)).toMatchObject({ to: TO.toLowerCase(), value: 10n ** 18n, nonce: 3, chainId: 1337 })
    expect((await recoverTransactionAddress({ serializedTransaction: raw as `0x02${string}` })).toLowerCase()).toBe(
      ADDRESS,
    )
    const { hash } = t.state.activity[0]!
    const receipt = receiptOf(hash!, 11n)
    t.chain.receipts.set(hash!, { receipt, final: false })
    t.chain.advance(11n)
    await until(() => t.state.activity[0]!.state === 'included', 'inclusion')
    expect(t.state.activity[0]!.receipt).toMatchObject({ kind: 'proven', final: false, value: { gasUsed: 21_000n } })
    const asked = t.chain.asked.filter((what) => what.startsWith('receipt')).length
    t.chain.advance(12n)
    await settle()
    expect(t.chain.asked.filter((what) => what.startsWith('receipt'))).toHaveLength(asked)
    t.chain.receipts.set(hash!, { receipt, final: true })
    t.chain.advance(13n)
    await until(() => t.state.activity[0]!.state === 'final', 'finality')
    const second = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    expect(t.state.approvals.find(({ id }) => id === second.approvalId)).toMatchObject({ firstTimeRecipient: false })
  })

  test('refuses what cannot be sent', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const send = (to: string, value: bigint) => facade.prepareSend({ accountId: 'eth-0', to, value })
    await expect(send('0x123', 1n)).rejects.toMatchObject({ problem: { code: 'INVALID_ADDRESS' } })
    await expect(send(TO.replace('C5', 'c5'), 1n)).rejects.toMatchObject({
      problem: { code: 'INVALID_ADDRESS', message: expect.stringContaining('checksum') },
    })
    await expect(send(TO, 10n ** 19n + 1n)).rejects.toMatchObject({ problem: { code: 'AMOUNT_ABOVE_BALANCE' } })
    await expect(send(TO, -1n)).rejects.toMatchObject({ problem: { code: 'INVALID_AMOUNT' } })
    t.chain.fault = fault('UNREACHABLE')
    await expect(send(TO, 1n)).rejects.toMatchObject({ problem: { code: 'NOT_PROVEN' } })
    expect(t.state.approvals).toEqual([])
    t.chain.fault = null
    const { approvalId: id } = await send(TO, 10n ** 19n)
    expect(t.state.approvals[0]).toMatchObject({ blocked: { code: 'FEE_ABOVE_BALANCE' } })
    await expect(facade.approve({ id, revision: 1 })).rejects.toMatchObject({ problem: { code: 'BLOCKED' } })
    await facade.reject({ id })
    await expect(facade.approve({ id, revision: 1 })).rejects.toMatchObject({ problem: { code: 'APPROVAL_GONE' } })
    expect(t.chain.sent).toEqual([])
  })

  test('does not sign what changed while it was shown', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const { approvalId: id } = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    const shown = t.state.approvals[0]!.revision
    t.chain.advance(11n)
    await settle()
    expect(t.state.approvals[0]).toMatchObject({ revision: shown, nonce: { height: 11n } })
    t.chain.baseFee = 9_000_000_000n
    await expect(facade.approve({ id, revision: shown })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    expect(t.state.approvals[0]).toMatchObject({ revision: shown + 1, maxFeePerGas: 18_100_000_000n })
    expect(t.chain.sent).toEqual([])
    t.chain.accounts.set(ADDRESS, { balance: 5n, nonce: 3n })
    t.chain.advance(12n)
    await until(() => t.state.approvals[0]!.revision === shown + 2, 'the new outcome')
    expect(t.state.approvals[0]).toMatchObject({ blocked: { code: 'FEE_ABOVE_BALANCE' } })
  })

  test('two sends in a row take two nonces; a double click signs once', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const first = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    const second = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 2n })
    const outcomes = await Promise.allSettled([
      facade.approve({ id: first.approvalId, revision: 1 }),
      facade.approve({ id: first.approvalId, revision: 1 }),
    ])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(facade.approve({ id: second.approvalId, revision: 1 })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    expect(t.state.approvals[0]).toMatchObject({ revision: 2, nonce: { kind: 'attested', value: 4n } })
    await facade.approve({ id: second.approvalId, revision: 2 })
    await until(() => t.chain.sent.length === 2, 'both')
    expect(t.chain.sent.map((raw) => parseTransaction(raw).nonce)).toEqual([3, 4])
  })

  test('hearsay moves figures only within bounds', async () => {
    const t = await fundedWallet()
    const contract = `0x${'c0'.repeat(20)}` as const
    t.chain.accounts.set(contract, { codeHash: toHex(new Uint8Array(32).fill(7)) })
    t.chain.tip = 10n ** 15n
    t.chain.gas = 10n ** 12n
    t.chain.pendingNonce = 1_000_000n
    t.chain.executionFault = fault('UNKNOWN_FORK_RULES') // else the gas would be proven
    await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: contract, value: 1n })
    expect(t.state.approvals[0]).toMatchObject({
      gasLimit: { kind: 'attested', value: 16_777_216n },
      maxPriorityFeePerGas: { value: 5_000_000_000n },
      nonce: { kind: 'proven', value: 3n },
    })
    const codes = t.state.approvals[0]!.kind === 'send-transaction' ? t.state.approvals[0]!.warnings : []
    expect(codes.map(({ code }) => code).sort()).toEqual([
      'NONCE_CLAIM_IGNORED',
      'RECIPIENT_IS_CONTRACT',
      'TIP_LIMITED',
    ])
  })

  test('what no source takes is kept and can be sent again', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    t.chain.sendFault = fault('UNREACHABLE')
    const { approvalId: id } = await facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await facade.approve({ id, revision: 1 })
    await until(() => t.state.activity[0]?.state === 'unsent', 'the failure')
    expect(t.state.activity[0]).toMatchObject({ problem: { code: 'UNREACHABLE' } })
    const entry = t.state.activity[0]!.id
    await expect(facade.resend({ id: entry })).rejects.toMatchObject({ problem: { code: 'UNREACHABLE' } })
    t.chain.sendFault = null
    await facade.resend({ id: entry })
    expect(t.state.activity[0]).toMatchObject({ state: 'sent', problem: null })
    expect(t.chain.sent).toHaveLength(1)
    await facade.lock()
    await facade.unlock({ password: password() })
    expect(t.state.activity[0]).toMatchObject({ id: entry, state: 'sent' })
  })

  test('sends nothing that could not be stored', async () => {
    const store = memoryStore()
    let broken = false
    const t = await fundedWallet({
      store: {
        ...store,
        write: async (key, value) => {
          if (broken) throw new Error('the disk is full')
          await store.write(key, value)
        },
      },
    })
    const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    broken = true
    await expect(t.wallet.facade.approve({ id, revision: 1 })).rejects.toMatchObject({
      problem: { code: 'VAULT_NOT_WRITTEN' },
    })
    await settle()
    expect(t.chain.sent).toEqual([])
    expect(t.state.activity).toEqual([])
    broken = false
    await t.wallet.facade.approve({ id, revision: 1 })
    await until(() => t.chain.sent.length === 1, 'sending')
  })

  test('what was signed before the worker died is found again, and handed over', async () => {
    const t = await fundedWallet()
    const hang = new Promise<never>(() => undefined)
    const dead = { ...t.chain.client, sendTransaction: () => hang }
    let opened = 0
    const ports = { ...t.ports, openChain: () => (opened++ === 0 ? dead : t.chain.client) }
    const first = await createWallet(ports)
    await until(() => first.facade.state.pulse.state === 'following', 'the chain')
    const { approvalId: id } = await first.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await first.facade.approve({ id, revision: 1 })
    expect(first.facade.state.activity[0]).toMatchObject({ state: 'signed' })
    const second = await createWallet(ports)
    await until(() => second.facade.state.activity[0]?.state === 'sent', 'sending')
    expect(t.chain.sent).toHaveLength(1)
    expect(second.facade.state.activity[0]).toMatchObject({
      problem: null,
      takenBy: 'a test',
      nonce: 3n,
      queue: 'next',
    })
  })

  test('says when its number was used up by something else, and follows a reorganisation back', async () => {
    const t = await fundedWallet()
    const { approvalId: id } = await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
    await t.wallet.facade.approve({ id, revision: 1 })
    const { hash } = await until(() => t.state.activity.find(({ state }) => state === 'sent'), 'sending')
    const receipt = {
      transactionHash: hash!,
      blockHash: headAt(11n).optimistic.blockHash,
      blockNumber: 11n,
      transactionIndex: 0,
      type: 2,
      success: false,
      gasUsed: 21_000n,
      cumulativeGasUsed: 21_000n,
      firstLogIndex: 0,
      baseFeePerGas: 7n,
      logs: [],
    }
    t.chain.receipts.set(hash!, { receipt, final: false })
    t.chain.advance(11n)
    await until(() => t.state.activity[0]!.state === 'failed', 'the failure')
    t.chain.receipts.clear()
    t.chain.advance(13n)
    await until(() => t.state.activity[0]!.state === 'sent', 'the way back')
    expect(t.state.activity[0]).toMatchObject({ receipt: null, problem: null })
    t.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 4n })
    t.chain.advance(14n)
    await until(() => t.state.activity[0]!.problem?.code === 'PROBABLY_REPLACED', 'the suspicion')
    t.chain.receipts.set(hash!, { receipt: { ...receipt, success: true }, final: true })
    t.chain.advance(15n)
    await until(() => t.state.activity[0]!.state === 'final', 'the receipt after all')
    expect(t.state.activity[0]!.problem).toBeNull()
  })

  test('the faucet is asked through its port; what it gave is read from the proven transaction', async () => {
    const hash = `0x${'fa'.repeat(32)}` as const
    const asked: string[] = []
    const t = await fundedWallet({
      faucet: async (address) => {
        asked.push(address)
        return hash
      },
    })
    await t.wallet.facade.requestFaucet({ accountId: 'eth-0' })
    expect(asked).toEqual([ADDRESS])
    expect(t.state.activity[0]).toMatchObject({ kind: 'faucet', value: null, hash, state: 'sent', to: ADDRESS })
    const gift = {
      type: 'eip1559' as const,
      chainId: 1337,
      nonce: 0n,
      maxFeePerGas: 1n,
      maxPriorityFeePerGas: 1n,
      gasLimit: 21_000n,
    }
    const { raw } = signTransaction(
      { ...gift, to: ADDRESS, value: 7n, data: '0x' },
      new Uint8Array(32).fill(5),
      t.ports.engines,
    )
    const receipt = receiptOf(hash, 11n)
    t.chain.receipts.set(hash, { receipt, final: true, raw })
    t.chain.advance(13n)
    await until(() => t.state.activity[0]!.state === 'final', 'the gift')
    expect(t.state.activity[0]).toMatchObject({ value: 7n })
    const without = await fundedWallet()
    await expect(without.wallet.facade.requestFaucet({ accountId: 'eth-0' })).rejects.toMatchObject({
      problem: { code: 'NO_FAUCET' },
    })
  })
})
