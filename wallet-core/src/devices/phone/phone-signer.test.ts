/** Two whole wallets: the one with the accounts, and the one on the phone that has their keys. */

import { parseTransaction, recoverMessageAddress, recoverTransactionAddress } from 'viem'
import { expect, it } from 'vitest'
import {
  ADDRESS,
  CHOICES,
  fundedWallet,
  PASSWORD,
  phraseImport,
  settle,
  testWallet,
  until,
  utf8,
} from '../../../test/wallet.ts'
import { channelPair } from '../../facade/channel.ts'
import { claimedSite } from '../../provider/claimed-site.ts'
import { RpcError } from '../../provider/errors.ts'
import { remotePhoneSession, servePhoneSession } from './phone-carriage.ts'
import type { PhoneOutcome } from './phone-session.ts'

const PHONE_SITE = claimedSite({
  origin: `chrome-extension://${'abcdefghijklmnop'.repeat(2)}`,
  id: '0123456789abcdef0123456789abcdef',
})!
const SITE = 'https://dapp.example'
const TO = `0x${'22'.repeat(20)}` as const

async function setUp() {
  const phone = await fundedWallet()
  let count = 0
  const world = {
    connected: true,
    /** What a phone that lies makes of its answers. */
    forge: (result: unknown): unknown => result,
    asked: [] as { method: string; params: unknown }[],
  }
  async function ask(method: string, params: unknown): Promise<PhoneOutcome> {
    if (!world.connected) return { away: true }
    world.asked.push({ method, params })
    try {
      const result = await phone.wallet.provider.handle({ origin: PHONE_SITE, id: `${++count}`, method, params })
      return { result: world.forge(result) }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error
      return { refused: { code: error.code, message: error.message } }
    }
  }
  const [worker, document] = channelPair()
  servePhoneSession(document, async () => ({
    open: true,
    offer: async () => ({ code: 'GLOWWORM-PAGE-1:A', expiresAt: 1 }),
    accept: async () => {},
    ask,
    cancel() {},
    end() {
      world.connected = false
    },
  }))
  const desk = await testWallet({ phoneSigner: remotePhoneSession(worker, 'first') })
  desk.chain.accounts.set(ADDRESS, { balance: 10n ** 19n, nonce: 3n })
  // Another phrase: what is signed by that address was signed on the phone.
  const phrase = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
  await desk.wallet.facade.importWallet({ password: utf8(PASSWORD), from: phraseImport(phrase) })
  await desk.wallet.facade.chooseSources({ choices: CHOICES, checkpoint: null })
  await settle()

  const onPhone = async (kind: string) => {
    const asked = await until(() => phone.state.approvals.find((one) => one.kind === kind), `${kind} on the phone`)
    return asked
  }
  const yesOnPhone = async (kind: string) => {
    const { id, revision } = await onPhone(kind)
    await phone.wallet.facade.approve({ id, revision })
  }
  const pair = async () => {
    await desk.wallet.facade.phoneSignerOffer()
    const added = desk.wallet.facade.phoneSignerAccept({ code: 'answer', name: 'Phone' })
    await yesOnPhone('connect')
    return added
  }
  /** A site is let in to the phone's account on the desk. */
  const letIn = async () => {
    const { id: account } = desk.state.accounts.find(({ kind }) => kind === 'phone')!
    const connected = desk.wallet.provider.handle({ origin: SITE, id: 'in', method: 'eth_requestAccounts' })
    const { id, revision } = await until(() => desk.state.approvals[0], 'the question')
    await desk.wallet.facade.approve({ id, revision, accounts: [account] })
    expect(await connected).toEqual([ADDRESS])
  }
  const request = (method: string, params: unknown, id = method) => {
    const answer = desk.wallet.provider.handle({ origin: SITE, id, method, params })
    answer.catch(() => undefined)
    return answer
  }
  const onDesk = () => until(() => desk.state.approvals[0], 'the question on the desk')
  return { phone, desk, world, onPhone, yesOnPhone, pair, letIn, request, onDesk }
}

const MESSAGE = '0x68656c6c6f'
const TYPED = {
  types: { Note: [{ name: 'text', type: 'string' }] },
  primaryType: 'Note',
  domain: { name: 'desk' },
  message: { text: 'typed' },
}

it('accounts of the phone are added once, and come back when it is connected again', async () => {
  const { desk, pair } = await setUp()
  expect(desk.state.asksPhones).toBe(true)
  expect(await pair()).toEqual({ added: 1 })
  expect(desk.state.accounts.at(-1)).toMatchObject({ kind: 'phone', signer: 'device', address: ADDRESS, name: 'Phone' })
  await desk.wallet.facade.hideAccount({ id: desk.state.accounts.at(-1)!.id, hidden: true })
  // The phone knows who asks by now, and does not ask its owner again.
  expect(await desk.wallet.facade.phoneSignerAccept({ code: 'answer', name: 'Phone' })).toEqual({ added: 0 })
  expect(desk.state.accounts.filter(({ kind }) => kind === 'phone')).toHaveLength(1)
})

it('a message and typed data are signed on the phone, by that account', async () => {
  const { desk, pair, letIn, request, onDesk, yesOnPhone } = await setUp()
  await pair()
  await letIn()
  for (const [method, params, kind] of [
    ['personal_sign', [MESSAGE, ADDRESS], 'sign-message'],
    ['eth_signTypedData_v4', [ADDRESS, TYPED], 'sign-typed-data'],
  ] as const) {
    const signature = request(method, params)
    const { id, revision } = await onDesk()
    await expect(desk.wallet.facade.approve({ id, revision })).rejects.toMatchObject({
      problem: { code: 'NEEDS_DEVICE' },
    })
    const asked = desk.wallet.facade.askPhone({ id, revision })
    await yesOnPhone(kind)
    await desk.wallet.facade.approve({ id, revision, answer: await asked })
    const given = (await signature) as `0x${string}`
    expect(given).toMatch(/^0x[0-9a-f]{130}$/)
    if (method === 'personal_sign')
      expect((await recoverMessageAddress({ message: { raw: MESSAGE }, signature: given })).toLowerCase()).toBe(ADDRESS)
  }
})

it('a transaction: the phone shows every figure as the desk does, signs exactly that, and does not send it', async () => {
  const { desk, phone, pair, letIn, request, onDesk, onPhone, yesOnPhone } = await setUp()
  await pair()
  await letIn()
  const sent = request('eth_sendTransaction', [{ from: ADDRESS, to: TO, value: '0x10' }])
  const shown = await onDesk()
  if (shown.kind !== 'send-transaction') throw new Error(shown.kind)
  expect(shown.signedOnly).toBe(false)
  const asked = desk.wallet.facade.askPhone({ id: shown.id, revision: shown.revision })
  const there = await onPhone('send-transaction')
  if (there.kind !== 'send-transaction') throw new Error(there.kind)
  expect(there).toMatchObject({
    signedOnly: true,
    to: TO,
    value: 16n,
    maxFeePerGas: shown.maxFeePerGas,
    mostThatLeaves: shown.mostThatLeaves,
    blocked: null,
  })
  for (const field of ['nonce', 'gasLimit', 'maxPriorityFeePerGas'] as const)
    expect(there[field]).toMatchObject({ kind: 'attested', value: (shown[field] as { value: bigint }).value })
  const fees = { maxFeePerGas: 9n, maxPriorityFeePerGas: 1n }
  await expect(phone.wallet.facade.setFees({ id: there.id, ...fees })).rejects.toMatchObject({
    problem: { code: 'APPROVAL_GONE' },
  })
  await yesOnPhone('send-transaction')
  const answer = await asked
  if (answer.device !== 'phone') throw new Error(answer.device)
  // What is under way is handed over again with the next head; this is not.
  phone.chain.advance(40n)
  await settle()
  expect(phone.chain.sent).toEqual([])
  expect(phone.state.activity[0]).toMatchObject({ state: 'signed', nonce: 3n })
  const raw = answer.result as `0x02${string}`
  expect(parseTransaction(raw)).toMatchObject({ chainId: 1337, nonce: 3, to: TO, value: 16n })
  expect((await recoverTransactionAddress({ serializedTransaction: raw })).toLowerCase()).toBe(ADDRESS)

  await desk.wallet.facade.approve({ id: shown.id, revision: shown.revision, answer })
  expect(await sent).toMatch(/^0x[0-9a-f]{64}$/)
  expect(desk.chain.sent).toEqual([raw])
})

it.each([
  ['of another message', (result: unknown) => result, [`${MESSAGE}00`, ADDRESS], 'WRONG_DEVICE'],
  ['of nobody', () => `0x${'11'.repeat(65)}`, null, 'WRONG_DEVICE'],
  ['that is too short', () => '0x1122', null, 'UNREADABLE_DEVICE_ANSWER'],
  ['that is no text', () => ({}), null, 'UNREADABLE_DEVICE_ANSWER'],
])('a signature %s is refused', async (_, forge, other, code) => {
  const { desk, world, pair, letIn, request, onDesk, yesOnPhone, phone } = await setUp()
  await pair()
  await letIn()
  void request('personal_sign', [MESSAGE, ADDRESS])
  const { id, revision } = await onDesk()
  world.forge = forge
  let answer: Awaited<ReturnType<typeof desk.wallet.facade.askPhone>>
  if (other) {
    const result = phone.wallet.provider.handle({ origin: PHONE_SITE, id: 'o', method: 'personal_sign', params: other })
    await yesOnPhone('sign-message')
    answer = { device: 'phone', result: await result }
  } else {
    const asked = desk.wallet.facade.askPhone({ id, revision })
    await yesOnPhone('sign-message')
    answer = await asked
  }
  await expect(desk.wallet.facade.approve({ id, revision, answer })).rejects.toMatchObject({ problem: { code } })
  expect(desk.state.approvals).toHaveLength(1)
})

it('another transaction than was asked is refused, whoever signed it, and nothing is sent', async () => {
  const { desk, phone, pair, letIn, request, onDesk, yesOnPhone } = await setUp()
  await pair()
  await letIn()
  void request('eth_sendTransaction', [{ from: ADDRESS, to: TO, value: '0x10' }])
  const { id, revision } = await onDesk()
  const asked = desk.wallet.facade.askPhone({ id, revision })
  await yesOnPhone('send-transaction')
  const good = (await asked) as { device: 'phone'; result: `0x${string}` }
  const other = await signedOnPhone({ value: '0x11' })
  for (const result of [
    other,
    `${good.result}00`,
    '0x02c0',
    '0x02',
    good.result.replace('22'.repeat(20), '33'.repeat(20)),
  ])
    await expect(
      desk.wallet.facade.approve({ id, revision, answer: { device: 'phone', result } }),
    ).rejects.toMatchObject({ problem: { code: expect.stringMatching(/^(WRONG_DEVICE|UNREADABLE_DEVICE_ANSWER)$/) } })
  await settle()
  expect(desk.chain.sent).toEqual([])
  expect(desk.state.activity).toEqual([])

  async function signedOnPhone(changes: object) {
    const fields = { ...FIELDS, nonce: '0x4', ...changes }
    const params = [fields]
    const signed = phone.wallet.provider.handle({ origin: PHONE_SITE, id: 'x', method: 'eth_signTransaction', params })
    await yesOnPhone('send-transaction')
    return signed
  }
})

const FIELDS = {
  type: '0x2',
  chainId: '0x539',
  from: ADDRESS,
  to: TO,
  nonce: '0x3',
  gas: '0x5208',
  maxFeePerGas: '0x77359400',
  maxPriorityFeePerGas: '0x1',
  value: '0x10',
  data: '0x',
}

it('eth_signTransaction is for other wallets alone, whole transactions, and this chain', async () => {
  const { phone, pair } = await setUp()
  await pair()
  const sign = (fields: object, origin = PHONE_SITE) =>
    phone.wallet.provider.handle({
      origin,
      id: JSON.stringify(fields),
      method: 'eth_signTransaction',
      params: [fields],
    })
  const page = claimedSite({ origin: SITE, id: '0123456789abcdef0123456789abcdef' })!
  for (const origin of [SITE, page]) await expect(sign(FIELDS, origin)).rejects.toMatchObject({ code: 4200 })
  await expect(sign({ ...FIELDS, chainId: '0x1' })).rejects.toMatchObject({ code: 4901 })
  for (const missing of ['type', 'chainId', 'nonce', 'gas', 'maxFeePerGas', 'maxPriorityFeePerGas'] as const) {
    const { [missing]: _, ...fields } = FIELDS
    await expect(sign(fields), missing).rejects.toMatchObject({ code: -32602 })
  }
  await expect(sign({ ...FIELDS, from: TO })).rejects.toMatchObject({ code: 4100 })
  expect(phone.state.approvals).toEqual([])

  // A number that was used up can be in no block: it is said instead of signed.
  const spent = sign({ ...FIELDS, nonce: '0x2' })
  spent.catch(() => undefined)
  const shown = await until(() => phone.state.approvals[0], 'the question')
  expect(shown).toMatchObject({ blocked: { code: 'NUMBER_USED' } })
  await phone.wallet.facade.reject({ id: shown.id })
  await expect(spent).rejects.toMatchObject({ code: 4001 })
})

it('a no on the phone, a locked phone, a phone that is away: each says so, and the request stays', async () => {
  const { desk, phone, world, pair, letIn, request, onDesk, onPhone } = await setUp()
  await pair()
  await letIn()
  void request('personal_sign', [MESSAGE, ADDRESS])
  const { id, revision } = await onDesk()
  const refused = desk.wallet.facade.askPhone({ id, revision })
  refused.catch(() => undefined)
  await phone.wallet.facade.reject({ id: (await onPhone('sign-message')).id })
  await expect(refused).rejects.toMatchObject({ problem: { code: 'DEVICE_REJECTED' } })

  await phone.wallet.facade.lock()
  await expect(desk.wallet.facade.askPhone({ id, revision })).rejects.toMatchObject({
    problem: { code: 'PHONE_REFUSED' },
  })
  world.connected = false
  await expect(desk.wallet.facade.askPhone({ id, revision })).rejects.toMatchObject({
    problem: { code: 'PHONE_AWAY', next: expect.stringContaining('Connect it again') },
  })
  expect(desk.state.approvals).toHaveLength(1)
  expect(desk.state.accounts.some(({ kind }) => kind === 'phone')).toBe(true)
})

it('a phone that never answers is waited for until the person has had enough', async () => {
  const { desk, pair, letIn, request, onDesk, onPhone } = await setUp()
  await pair()
  await letIn()
  void request('personal_sign', [MESSAGE, ADDRESS])
  const { id, revision } = await onDesk()
  const enough = new AbortController()
  const asked = desk.wallet.facade.askPhone({ id, revision }, enough.signal)
  await onPhone('sign-message')
  enough.abort()
  await expect(asked).rejects.toMatchObject({ problem: { code: 'STOPPED' } })
  expect(desk.state.approvals).toHaveLength(1)
})

it('a wallet without such sessions says so, and one that is erased ends its own', async () => {
  const alone = await fundedWallet()
  expect(alone.state.asksPhones).toBe(false)
  await expect(alone.wallet.facade.phoneSignerOffer()).rejects.toMatchObject({ problem: { code: 'CANNOT_PAIR' } })
  const { desk, world, pair } = await setUp()
  await pair()
  await desk.wallet.facade.erase()
  await settle()
  expect(world.connected).toBe(false)
})
