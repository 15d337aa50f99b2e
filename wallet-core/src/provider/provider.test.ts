import { toHex } from '@glowworm/light-client/data/hex'
import { BrowserProvider } from 'ethers'
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  parseTransaction,
  verifyMessage,
  verifyTypedData,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { fault, receiptOf } from '../../test/fake-chain.ts'
import {
  ADDRESS,
  engines,
  fundedWallet,
  PASSWORD,
  settle,
  type TestWallet,
  testWallet,
  until,
  utf8,
} from '../../test/wallet.ts'
import { createWallet, type Wallet } from '../facade/create-wallet.ts'
import { ProviderRpcError } from './injected.ts'

const ORIGIN = 'https://dapp.example'
const MIXED = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

let count = 0
const ask = (wallet: Wallet, method: string, params?: unknown, more: { origin?: string; id?: string } = {}) =>
  wallet.provider.handle({ origin: ORIGIN, id: `test:${++count}`, method, params, ...more })

async function approveNext(wallet: Wallet): Promise<void> {
  const approval = await until(() => wallet.facade.state.approvals[0], 'an approval')
  await wallet.facade.approve({ id: approval.id, revision: approval.revision })
}
async function rejectNext(wallet: Wallet): Promise<void> {
  const approval = await until(() => wallet.facade.state.approvals[0], 'an approval')
  await wallet.facade.reject({ id: approval.id })
}

async function connected(changes: Parameters<typeof fundedWallet>[0] = {}): Promise<TestWallet> {
  const t = await fundedWallet(changes)
  const accounts = ask(t.wallet, 'eth_requestAccounts')
  await approveNext(t.wallet)
  expect(await accounts).toEqual([ADDRESS])
  return t
}

function signIn(changes: Record<string, string> = {}): string {
  const f = { domain: 'dapp.example', address: MIXED, uri: 'https://dapp.example/login', nonce: '32891757', ...changes }
  return `${f.domain} wants you to sign in with your Ethereum account:\n${f.address}\n\nHello.\n\nURI: ${f.uri}\nVersion: 1\nChain ID: 1337\nNonce: ${f.nonce}\nIssued At: 2023-11-14T22:13:20Z`
}

describe('connecting', () => {
  test('asks once, remembers, tells, forgets', async () => {
    const t = await fundedWallet()
    const events: unknown[] = []
    t.wallet.provider.subscribe(ORIGIN, (event) => events.push(event))
    t.wallet.provider.subscribe('https://other.example', (event) => events.push(event))
    expect(await ask(t.wallet, 'eth_accounts')).toEqual([])
    expect(await ask(t.wallet, 'wallet_getPermissions')).toEqual([])
    const refused = ask(t.wallet, 'eth_requestAccounts')
    await expect(ask(t.wallet, 'eth_requestAccounts')).rejects.toMatchObject({ code: -32002 })
    await rejectNext(t.wallet)
    await expect(refused).rejects.toMatchObject({ code: 4001 })
    expect(events).toEqual([])
    const accepted = ask(t.wallet, 'wallet_requestPermissions', [{ eth_accounts: {} }])
    await approveNext(t.wallet)
    expect(await accepted).toEqual([
      {
        invoker: ORIGIN,
        parentCapability: 'eth_accounts',
        caveats: [{ type: 'restrictReturnedAccounts', value: [ADDRESS] }],
      },
      {
        invoker: ORIGIN,
        parentCapability: 'endowment:permitted-chains',
        caveats: [{ type: 'restrictNetworkSwitching', value: ['0x539'] }],
      },
    ])
    expect(await ask(t.wallet, 'eth_accounts')).toEqual([ADDRESS])
    expect(await ask(t.wallet, 'eth_accounts', [], { origin: 'https://other.example' })).toEqual([])
    expect(t.state.sites).toMatchObject([{ origin: ORIGIN, accounts: ['eth-0'] }])
    await settle()
    expect(events).toEqual([{ event: 'accountsChanged', data: [ADDRESS] }])
    await t.wallet.facade.lock()
    await settle()
    expect(await ask(t.wallet, 'eth_accounts')).toEqual([])
    for (const [method, params] of [
      ['wallet_revokePermissions', [{ eth_accounts: {} }]],
      ['wallet_revokeSession', []],
    ] as const)
      await expect(ask(t.wallet, method, params)).rejects.toMatchObject({ code: 4100, data: { code: 'LOCKED' } })
    await t.wallet.facade.unlock({ password: utf8(PASSWORD) })
    await settle()
    expect(await ask(t.wallet, 'wallet_revokePermissions', [{ eth_accounts: {} }])).toBeNull()
    await settle()
    expect(events.slice(1)).toEqual([[], [ADDRESS], []].map((data) => ({ event: 'accountsChanged', data })))
  })

  test('the user chooses the accounts; the selected one comes first', async () => {
    const t = await fundedWallet()
    await t.wallet.facade.addAccount({ name: 'Second' })
    const accounts = ask(t.wallet, 'eth_requestAccounts')
    const approval = await until(() => t.state.approvals[0], 'the question')
    await expect(t.wallet.facade.approve({ id: approval.id, revision: 1, accounts: [] })).rejects.toMatchObject({
      problem: { code: 'NO_ACCOUNTS' },
    })
    await t.wallet.facade.approve({ id: approval.id, revision: 1, accounts: ['eth-0', 'eth-1'] })
    expect(await accounts).toEqual([ADDRESS, TO.toLowerCase()])
    await t.wallet.facade.select({ id: 'eth-1' })
    expect(await ask(t.wallet, 'eth_accounts')).toEqual([TO.toLowerCase(), ADDRESS])
  })

  test('waits for the unlocking, and does not ask twice', async () => {
    let raised = 0
    const t = await connected({ attention: () => raised++ })
    await t.wallet.facade.lock()
    await expect(ask(t.wallet, 'personal_sign', ['0x00', ADDRESS])).rejects.toMatchObject({ code: 4100 })
    const before = raised
    const known = ask(t.wallet, 'eth_requestAccounts')
    const fresh = ask(t.wallet, 'eth_requestAccounts', [], { origin: 'https://new.example' })
    expect(raised).toBe(before + 2)
    expect(t.state.approvals).toMatchObject([{ accounts: [] }, { accounts: [] }])
    await t.wallet.facade.unlock({ password: utf8(PASSWORD) })
    expect(await known).toEqual([ADDRESS])
    await until(() => t.state.approvals[0]?.revision === 2, 'the accounts to choose from')
    await approveNext(t.wallet)
    expect(await fresh).toEqual([ADDRESS])
  })

  test('no wallet, insecure pages, foreign frames', async () => {
    const t = await testWallet()
    await expect(ask(t.wallet, 'eth_requestAccounts')).rejects.toMatchObject({ code: 4100 })
    const page = (origin: string, topOrigin?: string) =>
      t.wallet.provider.handle({ origin, ...(topOrigin ? { topOrigin } : {}), id: 'x', method: 'eth_chainId' })
    expect(await page('http://localhost:3000')).toBe('0x539')
    expect(await page('http://127.0.0.1:3000', 'http://127.0.0.1:3000')).toBe('0x539')
    for (const origin of ['http://dapp.example', 'null', '', 'file:///x', 'http://localhost.evil.example'])
      await expect(page(origin)).rejects.toMatchObject({ code: 4100 })
    await expect(page(ORIGIN, 'https://top.example')).rejects.toMatchObject({ code: 4100 })
  })
})

describe('signing', () => {
  test('a message, checked by viem', async () => {
    const t = await connected()
    for (const [params, text] of [
      [[toHex(utf8('hello')), ADDRESS], 'hello'],
      [['hello', MIXED], 'hello'],
      [[ADDRESS, toHex(utf8('hello'))], 'hello'],
      [['0xff00', ADDRESS], null],
    ] as const) {
      const signature = ask(t.wallet, 'personal_sign', params)
      const approval = await until(() => t.state.approvals[0], 'the question')
      expect(approval).toMatchObject({ kind: 'sign-message', text, signIn: null, origin: ORIGIN })
      await approveNext(t.wallet)
      const message = { raw: text === null ? '0xff00' : toHex(utf8(text)) } as const
      expect(await verifyMessage({ address: ADDRESS, message, signature: (await signature) as `0x${string}` })).toBe(
        true,
      )
    }
    const rejected = ask(t.wallet, 'personal_sign', ['0x00', ADDRESS])
    await rejectNext(t.wallet)
    await expect(rejected).rejects.toMatchObject({ code: 4001 })
    const interrupted = ask(t.wallet, 'personal_sign', ['0x00', ADDRESS])
    await until(() => t.state.approvals[0], 'the question')
    await t.wallet.facade.lock()
    await expect(interrupted).rejects.toMatchObject({ code: 4001 })
  })

  test('typed data, every line shown, checked by viem', async () => {
    const t = await connected()
    const typed = {
      types: {
        Permit: [
          { name: 'spender', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'tags', type: 'string[]' },
        ],
      },
      primaryType: 'Permit',
      domain: { name: 'Token', chainId: 1337, verifyingContract: TO },
      message: { spender: TO, value: String(2n ** 256n - 1n), tags: ['a'], note: 'not signed' },
    } as const
    const answer = ask(t.wallet, 'eth_signTypedData_v4', [ADDRESS, JSON.stringify(typed)])
    expect(await until(() => t.state.approvals[0], 'the question')).toMatchObject({
      kind: 'sign-typed-data',
      origin: ORIGIN,
      primaryType: 'Permit',
      domain: [
        { name: 'name', value: 'Token' },
        { name: 'chainId', value: 1337n },
        { name: 'verifyingContract', value: TO.toLowerCase() },
      ],
      message: [
        { depth: 0, name: 'spender', value: TO.toLowerCase() },
        { depth: 0, name: 'value', value: 2n ** 256n - 1n },
        { depth: 0, name: 'tags', value: null },
        { depth: 1, name: '0', value: 'a' },
      ],
    })
    await approveNext(t.wallet)
    const signature = (await answer) as `0x${string}`
    const { note: _unsigned, ...message } = typed.message
    expect(await verifyTypedData({ ...typed, message, address: ADDRESS, signature } as never)).toBe(true)

    const foreign = { ...typed, domain: { ...typed.domain, chainId: 1 } }
    await expect(ask(t.wallet, 'eth_signTypedData_v4', [ADDRESS, foreign])).rejects.toMatchObject({ code: 4901 })
    const long = { ...typed, message: { ...typed.message, tags: Array.from({ length: 1000 }, () => 'x') } }
    await expect(ask(t.wallet, 'eth_signTypedData_v4', [ADDRESS, long])).rejects.toMatchObject({ code: -32602 })
    await expect(ask(t.wallet, 'eth_signTypedData_v4', [ADDRESS, '{'])).rejects.toMatchObject({ code: -32602 })
    await expect(ask(t.wallet, 'eth_signTypedData_v4', [TO, typed])).rejects.toMatchObject({ code: 4100 })
    expect(t.state.approvals).toEqual([])
  })

  test('a sign-in only for the site itself', async () => {
    const t = await connected()
    const answer = ask(t.wallet, 'personal_sign', [signIn(), ADDRESS])
    expect(await until(() => t.state.approvals[0], 'the question')).toMatchObject({
      signIn: { domain: 'dapp.example', statement: 'Hello.', nonce: '32891757', chainId: 1337, expirationTime: null },
    })
    await approveNext(t.wallet)
    expect(await answer).toMatch(/^0x[0-9a-f]{130}$/)
    for (const [message, code] of [
      [signIn({ domain: 'bank.example' }), 'FOREIGN_SIGN_IN'],
      [signIn({ domain: 'evil@dapp.example' }), 'FOREIGN_SIGN_IN'],
      [signIn({ domain: 'dapp.example:444' }), 'FOREIGN_SIGN_IN'],
      [signIn({ domain: 'http://dapp.example' }), 'FOREIGN_SIGN_IN'],
      [signIn({ address: TO }), 'SIGN_IN_FOR_OTHER_ACCOUNT'],
      [signIn({ nonce: 'short' }), 'MALFORMED_SIGN_IN'],
      [`${signIn()}\nExpiration Time: 2023-11-14T22:13:19Z`, 'SIGN_IN_OUT_OF_TIME'],
      [`${signIn()}\nNot Before: 2023-11-15T00:00:00Z`, 'SIGN_IN_OUT_OF_TIME'],
      [signIn({ domain: 'bank.example' }).replace('Ethereum', 'ethereum'), 'MALFORMED_SIGN_IN'],
      [` ${signIn()}`, 'MALFORMED_SIGN_IN'],
    ] as const)
      await expect(ask(t.wallet, 'personal_sign', [message, ADDRESS])).rejects.toMatchObject({
        code: -32602,
        data: { code },
      })
    expect(t.state.approvals).toEqual([])
  })

  test('only for accounts the site may use', async () => {
    const t = await connected()
    await expect(ask(t.wallet, 'personal_sign', ['0x00', TO])).rejects.toMatchObject({ code: 4100 })
    const origin = 'https://other.example'
    await expect(ask(t.wallet, 'personal_sign', ['0x00', ADDRESS], { origin })).rejects.toMatchObject({ code: 4100 })
    const send = ask(t.wallet, 'eth_sendTransaction', [{ from: ADDRESS, to: TO }], { origin })
    await expect(send).rejects.toMatchObject({ code: 4100 })
    const pending = ask(t.wallet, 'personal_sign', ['0x00', ADDRESS])
    await until(() => t.state.approvals[0], 'the question')
    await t.wallet.facade.disconnectSite({ origin: ORIGIN })
    expect(t.state.approvals).toEqual([])
    await expect(pending).rejects.toMatchObject({ code: 4100 })
  })
})

test('a site cannot fill the queue, nor keep the user from sending', async () => {
  const t = await connected()
  const flood = Array.from({ length: 12 }, () => ask(t.wallet, 'personal_sign', ['0x00', ADDRESS]))
  const outcomes = Promise.allSettled(flood)
  await until(() => t.state.approvals.length === 10, 'the queue')
  await t.wallet.facade.prepareSend({ accountId: 'eth-0', to: TO, value: 1n })
  expect(t.state.approvals).toHaveLength(11)
  await t.wallet.facade.lock()
  const codes = (await outcomes).map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 0))
  expect(codes.filter((code) => code === -32005)).toHaveLength(2)
  expect(codes.filter((code) => code === 4001)).toHaveLength(10)
})

describe('sending', () => {
  test('signs what was approved and names its hash; a repeated request is not carried out again', async () => {
    const t = await connected()
    const call = { from: MIXED, to: TO, value: '0xde0b6b3a7640000', data: '0x1234', gas: '0x7530' }
    const id = 'page:1'
    const [first, again] = [0, 1].map(() => ask(t.wallet, 'eth_sendTransaction', [call], { id }))
    const approval = await until(() => t.state.approvals[0], 'the question')
    expect(t.state.approvals).toHaveLength(1)
    expect(approval).toMatchObject({
      kind: 'send-transaction',
      origin: ORIGIN,
      toChecksummed: TO,
      data: '0x1234',
      gasLimit: { kind: 'attested', value: 30_000n, by: 'dapp.example' },
      warnings: [{ code: 'DATA_TO_PLAIN_ADDRESS' }],
    })
    await approveNext(t.wallet)
    const hash = await first
    expect(await again).toBe(hash)
    expect(hash).toBe(toHex(engines.hashes.keccak256(Uint8Array.from(Buffer.from(t.chain.sent[0]!.slice(2), 'hex')))))
    expect(parseTransaction(t.chain.sent[0]!)).toMatchObject({ value: 10n ** 18n, data: '0x1234', gas: 30_000n })
    const reborn = await createWallet(t.ports)
    await until(() => reborn.facade.state.pulse.state === 'following', 'the chain')
    // The one that was reborn hands it over again, for all it knows.
    expect(await ask(reborn, 'eth_sendTransaction', [call], { id })).toBe(hash)
    expect(new Set(t.chain.sent).size).toBe(1)
    expect(await ask(t.wallet, 'eth_getTransactionByHash', [hash])).toMatchObject({
      hash,
      from: ADDRESS,
      to: TO.toLowerCase(),
      blockHash: null,
    })
    const elsewhere = { origin: 'https://other.example' }
    expect(await ask(t.wallet, 'eth_getTransactionByHash', [hash], elsewhere)).toBeNull()
  })

  test('says when no source took it; it is kept', async () => {
    const t = await connected()
    t.chain.sendFault = fault('UNREACHABLE')
    const hash = ask(t.wallet, 'eth_sendTransaction', [{ from: ADDRESS, to: TO, value: '0x1' }])
    hash.catch(() => undefined)
    await approveNext(t.wallet)
    await expect(hash).rejects.toMatchObject({ code: -32000, data: { code: 'UNREACHABLE' } })
    expect(t.state.activity[0]).toMatchObject({ state: 'unsent', origin: ORIGIN })
  })

  test('malformed transactions are named and never shown', async () => {
    const t = await connected()
    const good = { from: ADDRESS, to: TO, value: '0x1' }
    for (const [change, code] of [
      [{ value: '1' }, -32602],
      [{ value: `0x1${'0'.repeat(64)}` }, -32602],
      [{ to: '0x1234' }, -32602],
      [{ to: TO.replace('C5', 'c5') }, -32602],
      [{ to: undefined }, -32602],
      [{ data: '0x123' }, -32602],
      [{ data: '0x12', input: '0x34' }, -32602],
      [{ gas: 'lots' }, -32602],
      [{ gas: '0x10000000000000000' }, -32602],
      [{ maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x2' }, -32602],
      [{ gasPrice: '0x1', maxFeePerGas: '0x1' }, -32602],
      [{ accessList: [{ address: TO, storageKeys: [] }] }, -32602],
      [{ chainId: '0x1' }, 4901],
      [{ from: undefined }, -32602],
    ] as const)
      await expect(ask(t.wallet, 'eth_sendTransaction', [{ ...good, ...change }])).rejects.toMatchObject({ code })
    for (const params of [undefined, [], ['x'], [null]])
      await expect(ask(t.wallet, 'eth_sendTransaction', params)).rejects.toMatchObject({ code: -32602 })
    expect(t.state.approvals).toEqual([])
    const pending = ask(t.wallet, 'eth_sendTransaction', [
      { ...good, value: toHex(Uint8Array.of(1, ...new Uint8Array(9))) },
    ])
    expect(await until(() => t.state.approvals[0], 'the question')).toMatchObject({
      blocked: { code: 'AMOUNT_ABOVE_BALANCE' },
    })
    await rejectNext(t.wallet)
    await expect(pending).rejects.toMatchObject({ code: 4001 })
  })
})

describe('reading', () => {
  test('only what is proven', async () => {
    const t = await connected()
    t.chain.accounts.set(TO.toLowerCase(), { balance: 255n, nonce: 16n })
    expect(await ask(t.wallet, 'eth_getBalance', [TO, 'latest'])).toBe('0xff')
    expect(await ask(t.wallet, 'eth_getTransactionCount', [TO, 'finalized'])).toBe('0x10')
    expect(await ask(t.wallet, 'eth_getBalance', [TO, '0xa'])).toBe('0xff')
    expect(await ask(t.wallet, 'eth_getCode', [TO])).toBe('0x')
    expect(await ask(t.wallet, 'eth_getStorageAt', [TO, '0x5', 'latest'])).toBe(`0x${'0'.repeat(63)}5`)
    expect(await ask(t.wallet, 'eth_blockNumber')).toBe('0xa')
    expect(await ask(t.wallet, 'net_version')).toBe('1337')
    expect(await ask(t.wallet, 'eth_gasPrice')).toBe('0x77359400')
    expect(await ask(t.wallet, 'eth_estimateGas', [{ from: ADDRESS, to: TO, value: '0x1' }])).toBe('0x5208')
    expect(await ask(t.wallet, 'eth_estimateGas', [{ from: ADDRESS, to: TO, data: '0x12' }])).toBe('0xc350')
    for (const block of ['earliest', '0x1'])
      await expect(ask(t.wallet, 'eth_getBalance', [TO, block])).rejects.toMatchObject({ code: -32000 })
    for (const block of ['pending', 7])
      await expect(ask(t.wallet, 'eth_getBalance', [TO, block])).rejects.toMatchObject({ code: -32602 })
    for (const method of [
      'eth_sendRawTransaction',
      'eth_subscribe',
      'debug_traceTransaction',
      'eth_sign',
      'eth_unheardOf',
      'constructor',
      '__proto__',
      'toString',
    ])
      await expect(ask(t.wallet, method, [])).rejects.toMatchObject({ code: 4200 })
    expect(await ask(t.wallet, 'wallet_switchEthereumChain', [{ chainId: '0x539' }])).toBeNull()
    await expect(ask(t.wallet, 'wallet_switchEthereumChain', [{ chainId: '0x1' }])).rejects.toMatchObject({
      code: 4902,
    })
    t.chain.fault = fault('NO_PROOF')
    await expect(ask(t.wallet, 'eth_getBalance', [TO])).rejects.toMatchObject({
      code: -32000,
      data: { code: 'NO_PROOF' },
    })
    t.chain.fault = null
    expect(await ask(t.wallet, 'eth_getTransactionReceipt', [`0x${'11'.repeat(32)}`])).toBeNull()
    await expect(ask(await testWallet().then(({ wallet }) => wallet), 'eth_blockNumber')).rejects.toMatchObject({
      code: 4900,
    })
  })

  test('works under viem and ethers', async () => {
    const t = await connected()
    const ethereum = {
      request: ({ method, params }: { method: string; params?: unknown }) =>
        ask(t.wallet, method, params).catch((error) => {
          throw new ProviderRpcError(error.code, error.message, error.data)
        }),
    }
    const chain = defineChain({
      id: 1337,
      name: 'fake',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [] } },
    })
    const transport = custom(ethereum)
    const reader = createPublicClient({ chain, transport, pollingInterval: 10 })
    const writer = createWalletClient({ chain, transport, account: ADDRESS })
    expect(await reader.getBalance({ address: ADDRESS })).toBe(10n ** 19n)
    expect(await writer.getAddresses()).toEqual([MIXED])
    const sending = writer.sendTransaction({ to: TO, value: 1n })
    await approveNext(t.wallet)
    const hash = await sending
    await include(t, hash, 11n)
    const receipt = await reader.waitForTransactionReceipt({ hash })
    expect(receipt).toMatchObject({ status: 'success', from: ADDRESS, to: TO.toLowerCase(), gasUsed: 21_000n })
    expect(await reader.getTransaction({ hash })).toMatchObject({
      value: 1n,
      nonce: 3,
      typeHex: '0x2',
      blockNumber: 11n,
    })

    const browser = new BrowserProvider(ethereum, 1337, { cacheTimeout: -1, polling: true, pollingInterval: 10 })
    const signer = await browser.getSigner()
    expect(await signer.getAddress()).toBe(MIXED)
    expect(await browser.getBalance(MIXED)).toBe(10n ** 19n)
    const sent = signer.sendTransaction({ to: TO, value: 2n })
    await approveNext(t.wallet)
    const response = await sent
    expect(response).toMatchObject({ from: MIXED, to: TO, value: 2n })
    await include(t, response.hash as `0x${string}`, 12n)
    expect(await browser.getTransactionReceipt(response.hash)).toMatchObject({ status: 1, gasUsed: 21_000n })
    const message = signer.signMessage('hello')
    await approveNext(t.wallet)
    expect(
      await verifyMessage({ address: ADDRESS, message: 'hello', signature: (await message) as `0x${string}` }),
    ).toBe(true)
  })
})

async function include(t: TestWallet, hash: `0x${string}`, block: bigint): Promise<void> {
  const receipt = receiptOf(hash, block)
  t.chain.receipts.set(hash, { receipt, final: false, raw: t.chain.sent.at(-1)! })
  t.chain.advance(block)
  await settle()
}
