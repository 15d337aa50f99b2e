/** Accounts of every kind through the façade: what is added, shown, hidden, kept apart by site, and what signs. */
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { parseTransaction } from 'viem'
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import {
  ADDRESS,
  engines,
  fundedWallet,
  PASSWORD,
  PHRASE,
  settle,
  type TestWallet,
  testWallet,
  until,
  utf8,
} from '../../test/wallet.ts'
import { decodeCbor, encodeCbor } from '../devices/air-gapped/cbor.ts'
import { mapOf } from '../devices/air-gapped/hd-key.ts'
import { decodeUr, encodeUr } from '../devices/air-gapped/ur.ts'

const OTHER = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC'
const SITE = 'https://dapp.example'
const at = (index: number) => mnemonicToAccount(PHRASE, { addressIndex: index }).address.toLowerCase()
let requests = 0
const ask = (t: TestWallet, method: string, params: unknown[], origin = SITE) =>
  t.wallet.provider.handle({ origin, id: `r${++requests}`, method, params })

describe('accounts', () => {
  test('used ones are found by proof, and nothing is added that was not used', async () => {
    const t = await fundedWallet()
    t.chain.accounts.set(at(2), { nonce: 1n })
    t.chain.accounts.set(at(6), { balance: 1n })
    t.chain.accounts.set(at(12), { balance: 1n }) // behind a gap of five
    expect(await t.wallet.facade.discoverAccounts()).toEqual({ added: 2, looked: 15 })
    expect(t.state.accounts.map(({ address }) => address)).toEqual([ADDRESS, at(2), at(6)])
    expect(t.state.accounts[2]).toMatchObject({ path: "m/44'/60'/0'/0/6", name: 'Account 3', kind: 'derived' })
    expect(await t.wallet.facade.discoverAccounts()).toMatchObject({ added: 0 })
    await t.wallet.facade.addAccount({ name: 'Next' })
    expect(t.state.accounts[3]!.address).toBe(at(7))
  })

  test('nobody is asked before sources were chosen', async () => {
    const t = await testWallet()
    await t.wallet.facade.create({ password: utf8(PASSWORD), words: 12 })
    await expect(t.wallet.facade.discoverAccounts()).rejects.toMatchObject({ problem: { code: 'NO_SOURCES' } })
  })

  test('a watched one is proven like any other, signs nothing, and says so', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    t.chain.accounts.set(OTHER.toLowerCase(), { balance: 7n })
    await expect(facade.watchAddress({ address: OTHER.replace('C4', 'c4'), name: 'X' })).rejects.toMatchObject({
      problem: { code: 'INVALID_ADDRESS' },
    })
    await facade.watchAddress({ address: OTHER, name: ' Grandmother ' })
    const watched = t.state.accounts[1]!
    expect(watched).toMatchObject({ name: 'Grandmother', kind: 'watched', signer: 'nobody', path: null, didKey: null })
    await until(() => t.state.accounts[1]!.balance.kind === 'proven', 'its balance')
    expect(t.state.accounts[1]!.balance).toMatchObject({ value: 7n })
    await expect(facade.watchAddress({ address: OTHER, name: 'Again' })).rejects.toMatchObject({
      problem: { code: 'NOTHING_NEW' },
    })
    await expect(facade.prepareSend({ accountId: watched.id, to: ADDRESS, value: 1n })).rejects.toMatchObject({
      problem: { code: 'WATCH_ONLY', message: expect.stringContaining('Grandmother') },
    })
    await facade.select({ id: watched.id })
    const connected = ask(t, 'eth_requestAccounts', [])
    await until(() => t.state.approvals[0], 'the question')
    await facade.approve({ id: t.state.approvals[0]!.id, revision: 1 })
    expect(await connected).toEqual([OTHER.toLowerCase()])
    for (const [method, params] of [
      ['personal_sign', ['0x00', OTHER]],
      ['eth_sendTransaction', [{ from: OTHER, to: ADDRESS, value: '0x1' }]],
    ] as const)
      await expect(ask(t, method, [...params])).rejects.toMatchObject({ code: 4100, data: { code: 'WATCH_ONLY' } })
    expect(t.state.approvals).toEqual([])
    expect((await t.reborn()).facade.state.accounts[1]).toMatchObject({ name: 'Grandmother', kind: 'watched' })
  })

  test('hidden ones are in no list, are not asked about, and come back', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    await expect(facade.hideAccount({ id: 'eth-0', hidden: true })).rejects.toMatchObject({
      problem: { code: 'LAST_ACCOUNT' },
    })
    await facade.addAccount({ name: 'Second' })
    await settle()
    await facade.hideAccount({ id: 'eth-0', hidden: true })
    expect(t.state).toMatchObject({ selected: 'eth-1', hiddenAccounts: [{ id: 'eth-0', kind: 'derived' }] })
    expect(t.state.accounts.map(({ id }) => id)).toEqual(['eth-1'])
    await until(() => t.chain.apart.length === 1, 'one to keep apart')
    await expect(facade.select({ id: 'eth-0' })).rejects.toMatchObject({ problem: { code: 'HIDDEN_NOW' } })
    await facade.watchAddress({ address: ADDRESS, name: 'Mine' })
    expect(t.state.hiddenAccounts).toEqual([])
    expect(t.state.accounts[0]).toMatchObject({ id: 'eth-0', kind: 'derived' })
  })

  test('a site gets one of its own when that is wanted, and keeps it', async () => {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const connect = async (origin: string, freshAccount?: string) => {
      const answer = ask(t, 'eth_requestAccounts', [], origin)
      const approval = await until(() => t.state.approvals[0], 'the question')
      await facade.approve({ id: approval.id, revision: 1, ...(freshAccount ? { freshAccount } : {}) })
      return { proposed: approval.kind === 'connect' ? approval.accounts : [], seen: await answer }
    }
    const first = await connect(SITE, 'For dapp.example')
    expect(first.seen).toEqual([at(1)])
    expect(t.state.accounts[1]).toMatchObject({ name: 'For dapp.example', site: SITE, address: at(1) })
    await facade.select({ id: 'eth-1' })
    expect((await connect('https://other.example')).proposed).toEqual(['eth-0'])
    await facade.disconnectSite({ origin: SITE })
    await facade.select({ id: 'eth-0' })
    expect(await connect(SITE)).toEqual({ proposed: ['eth-1'], seen: [at(1)] })
  })
})

/** The private key of the phrase's second account: what the device holds. */
const COLD = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const COLD_KEYS =
  'ur:crypto-hdkey/oeaxhdclaordhgeetpylaschcfflcklbkbtbrhurchbtstbnswhssgahvalohncytalrwtispfamtaaddyoeadlecsdwykcsfnykaeykaewkadwkaocycmptfmtigakostfp'

describe('an account in a device', () => {
  async function withDevice() {
    const t = await fundedWallet()
    const { facade } = t.wallet
    const answer = { device: 'air-gapped', parts: [COLD_KEYS] } as const
    const { keys } = await facade.readDeviceKeys({ answer, paths: 'standard' })
    expect(keys).toMatchObject([{ checksummed: COLD.address, known: false }])
    await facade.addDeviceAccount({ answer, paths: 'standard', path: keys![0]!.path, name: 'Cold' })
    t.chain.accounts.set(COLD.address.toLowerCase(), { balance: 10n ** 18n, nonce: 0n })
    return { t, facade, cold: t.state.accounts[1]! }
  }

  test('is added from what the device shows, and signs a transfer with its answer only', async () => {
    const { t, facade, cold } = await withDevice()
    expect(cold).toMatchObject({ kind: 'air-gapped', signer: 'device', path: "m/44'/60'/0'/0/1" })
    const { approvalId: id } = await facade.prepareSend({ accountId: cold.id, to: ADDRESS, value: 5n })
    await expect(facade.approve({ id, revision: 1 })).rejects.toMatchObject({ problem: { code: 'NEEDS_DEVICE' } })
    await expect(facade.deviceRequest({ id, revision: 2 })).rejects.toMatchObject({
      problem: { code: 'APPROVAL_CHANGED' },
    })
    const request = await facade.deviceRequest({ id, revision: 1 })
    const decoded = decodeUr(request.device === 'air-gapped' ? request.parts : [], engines.hashes.sha256)
    const fields = mapOf(decodeCbor(decoded.complete ? decoded.message : new Uint8Array(0)))
    const unsigned = toHex(fields.get(2) as Uint8Array)
    const signed = await COLD.signTransaction(parseTransaction(unsigned as `0x02${string}`) as never)
    const { r, s, yParity } = parseTransaction(signed as `0x02${string}`) as { r: string; s: string; yParity: number }
    const bytes = `0x${r.slice(2).padStart(64, '0')}${s.slice(2).padStart(64, '0')}0${yParity}` as const
    const message = encodeCbor(
      new Map([
        [1, fields.get(1)!],
        [2, fromHex(bytes, 'signature', 65)],
      ]),
    )
    const answer = { device: 'air-gapped', parts: encodeUr('eth-signature', message) } as const
    await facade.approve({ id, revision: 1, answer })
    await until(() => t.chain.sent.length === 1, 'sending')
    expect(t.chain.sent[0]).toBe(signed)
  })

  test('is nobody’s when the device shows none, and is not added twice', async () => {
    const { facade } = await withDevice()
    const answer = { device: 'air-gapped', parts: [COLD_KEYS] } as const
    const add = (path: string) => facade.addDeviceAccount({ answer, paths: 'standard', path, name: 'Again' })
    await expect(add("m/44'/60'/0'/0/1")).rejects.toMatchObject({ problem: { code: 'NOTHING_NEW' } })
    await expect(add("m/44'/60'/0'/0/9")).rejects.toMatchObject({ problem: { code: 'UNREADABLE_DEVICE_ANSWER' } })
    await expect(
      facade.readDeviceKeys({ answer: { device: 'other' } as never, paths: 'standard' }),
    ).rejects.toMatchObject({ problem: { code: 'UNREADABLE_DEVICE_ANSWER' } })
  })
})
