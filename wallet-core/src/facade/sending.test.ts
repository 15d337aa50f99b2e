import { toHex } from '@glowworm/light-client/data/hex'
import { memoryStore } from '@glowworm/light-client/infrastructure/memory-store'
import { parseTransaction, recoverTransactionAddress } from 'viem'
import { expect, test } from 'vitest'
import { fault, headAt, receiptOf } from '../../test/fake-chain.ts'
import { ADDRESS, fundedWallet, PASSWORD, settle, until, utf8 } from '../../test/wallet.ts'
import { signTransaction } from '../signing/transaction.ts'
import { createWallet } from './create-wallet.ts'

const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const password = () => utf8(PASSWORD)

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
  expect(codes.map(({ code }) => code).sort()).toEqual(['NONCE_CLAIM_IGNORED', 'RECIPIENT_IS_CONTRACT', 'TIP_LIMITED'])
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
