/** What the single standards ask for, where `provider.test.ts` does not say it yet. */
import { hashMessage, recoverMessageAddress, verifyTypedData } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, test } from 'vitest'
import { ADDRESS, fundedWallet, type TestWallet, until } from '../../test/wallet.ts'

const ORIGIN = 'https://dapp.example'
const TO = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

let t: TestWallet
let count = 0
const ask = (method: string, params?: unknown, more: { origin?: string; id?: string } = {}) =>
  t.wallet.provider.handle({ origin: ORIGIN, id: `standard:${++count}`, method, params, ...more })

async function approveNext(): Promise<void> {
  const { id, revision } = await until(() => t.state.approvals[0], 'an approval')
  await t.wallet.facade.approve({ id, revision })
}

beforeAll(async () => {
  t = await fundedWallet()
})

describe('CAIP-25 and CAIP-27', () => {
  const OWN = 'eip155:1337'
  const scope = { methods: ['personal_sign'], notifications: ['accountsChanged'] }

  test('a session is the connection: asked for, listed, used, revoked', async () => {
    expect(await ask('wallet_getSession')).toEqual({ sessionScopes: {} })
    await expect(
      ask('wallet_invokeMethod', [{ scope: OWN, request: { method: 'eth_accounts', params: [] } }]),
    ).rejects.toMatchObject({ code: 4100 })
    const opened = ask('wallet_createSession', [{ optionalScopes: { [OWN]: scope, 'eip155:1': scope } }])
    await approveNext()
    const session = await opened
    expect(session).toMatchObject({ sessionScopes: { [OWN]: { accounts: [`${OWN}:${ADDRESS}`] } } })
    expect(Object.keys((session as { sessionScopes: object }).sessionScopes)).toEqual([OWN])
    expect(await ask('wallet_getSession')).toEqual({
      sessionScopes: (session as { sessionScopes: object }).sessionScopes,
    })
    const invoke = (method: string, params: unknown, at = OWN) =>
      ask('wallet_invokeMethod', { scope: at, request: { method, params } })
    expect(await invoke('eth_chainId', [])).toBe('0x539')
    const signed = invoke('personal_sign', ['hello', ADDRESS])
    await approveNext()
    expect(
      (await recoverMessageAddress({ message: 'hello', signature: (await signed) as `0x${string}` })).toLowerCase(),
    ).toBe(ADDRESS)
    await expect(invoke('eth_chainId', [], 'eip155:1')).rejects.toMatchObject({ code: 4100 })
    // No way round: neither a session in a session nor what the wallet withholds.
    for (const method of ['wallet_invokeMethod', 'wallet_createSession', 'eth_sendRawTransaction', 'eth_sign'])
      await expect(invoke(method, [])).rejects.toMatchObject({ code: 4200 })
    expect(await ask('wallet_revokeSession')).toBe(true)
    expect(await ask('eth_accounts')).toEqual([])
    expect(await ask('wallet_getSession')).toEqual({ sessionScopes: {} })
  })

  test('what is required and not here is refused by its number, unasked', async () => {
    for (const [requiredScopes, code] of [
      [{ 'eip155:1': scope }, 5100],
      [{ eip155: { ...scope, references: ['1337', '1'] } }, 5100],
      [{ 'solana:mainnet': scope }, 5100],
      [{ [OWN]: { ...scope, methods: ['eth_sign'] } }, 5101],
      [{ [OWN]: { ...scope, notifications: ['eth_pending'] } }, 5102],
      [{ 'EIP155:1337': scope }, -32602],
      [{ [OWN]: { ...scope, references: ['1337'] } }, -32602],
      [{ [OWN]: { methods: 'personal_sign' } }, -32602],
    ] as const)
      await expect(ask('wallet_createSession', [{ requiredScopes }])).rejects.toMatchObject({ code })
    await expect(ask('wallet_createSession', [{ optionalScopes: { 'eip155:1': scope } }])).rejects.toMatchObject({
      code: 5100,
    })
    expect(t.state.approvals).toEqual([])
  })

  test('a repetition after a reconnection is not asked again', async () => {
    const params = [{ optionalScopes: { [OWN]: scope } }]
    const [first, again] = [0, 1].map(() => ask('wallet_createSession', params, { id: 'page:7' }))
    await approveNext()
    expect(await again).toEqual(await first)
    const call = { scope: OWN, request: { method: 'eth_sendTransaction', params: [{ from: ADDRESS, to: TO }] } }
    const sent = t.chain.sent.length
    const [hash, same] = [0, 1].map(() => ask('wallet_invokeMethod', call, { id: 'page:8' }))
    await approveNext()
    expect(await same).toBe(await hash)
    expect(t.chain.sent).toHaveLength(sent + 1)
  })
})

describe('EIP-2255', () => {
  test('only what there is can be asked for', async () => {
    for (const [permissions, code] of [
      [{}, -32602],
      [{ eth_sign: {} }, -32602],
      [{ eth_accounts: null }, -32602],
      [{ eth_accounts: { caveats: [{ type: 'unheardOf', value: 1 }] } }, -32602],
      [{ 'endowment:permitted-chains': { caveats: [{ type: 'restrictNetworkSwitching', value: ['0x1'] }] } }, 4902],
    ] as const)
      await expect(ask('wallet_requestPermissions', [permissions])).rejects.toMatchObject({ code })
  })
})

describe('EIP-3085 and EIP-3326', () => {
  const good = { chainId: '0x539', chainName: 'fake', rpcUrls: ['https://rpc.example'] }
  test('the own chain is there already; another is not taken, and nobody is contacted', async () => {
    expect(await ask('wallet_addEthereumChain', [good])).toBeNull()
    for (const [change, code] of [
      [{ chainId: '0x1' }, 4902],
      [{ chainId: 1337 }, -32602],
      [{ chainId: '0x0539' }, -32602],
      [{ chainId: '0x0' }, -32602],
      [{ chainId: '0xffffffffffffffff' }, -32602],
      [{ rpcUrls: ['http://rpc.example'] }, -32602],
      [{ rpcUrls: ['javascript:alert(1)'] }, -32602],
      [{ rpcUrls: 'https://rpc.example' }, -32602],
      [{ nativeCurrency: { name: 'Ether', symbol: 'BTC', decimals: 18 } }, -32602],
      [{ nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 6 } }, -32602],
      [{ nativeCurrency: 'ETH' }, -32602],
      [{ chainName: '' }, -32602],
    ] as const)
      await expect(ask('wallet_addEthereumChain', [{ ...good, ...change }])).rejects.toMatchObject({ code })
    expect(t.chain.asked.join()).not.toContain('rpc.example')
  })
})

describe('signatures', () => {
  test('who signed is found as viem finds it', async () => {
    const account = privateKeyToAccount(generatePrivateKey())
    for (const message of ['hello', '', 'ünïcode ☃', '0x', '0x00ff']) {
      const isBytes = /^0x/.test(message)
      const signature = await account.signMessage({ message: isBytes ? { raw: message as '0x' } : message })
      expect(await ask('personal_ecRecover', [message, signature])).toBe(account.address.toLowerCase())
    }
    const zero = `0x${'00'.repeat(64)}1b`
    await expect(ask('personal_ecRecover', ['hello', zero])).rejects.toMatchObject({ code: -32602 })
    expect(hashMessage('hello')).toMatch(/^0x/)
  })

  test('version 3 of typed data is version 4 where there are no lists', async () => {
    const typed = {
      types: { Mail: [{ name: 'text', type: 'string' }] },
      primaryType: 'Mail',
      domain: { chainId: 1337 },
      message: { text: 'hello' },
    } as const
    const answer = ask('eth_signTypedData_v3', [ADDRESS, JSON.stringify(typed)])
    await approveNext()
    expect(await verifyTypedData({ ...typed, address: ADDRESS, signature: (await answer) as `0x${string}` })).toBe(true)
    const listed = { ...typed, types: { Mail: [{ name: 'text', type: 'string[]' }] }, message: { text: ['hello'] } }
    await expect(ask('eth_signTypedData_v3', [ADDRESS, listed])).rejects.toMatchObject({ code: -32602 })
  })
})

describe('the proof of an answer', () => {
  test('how it was proven', async () => {
    expect(await ask('glowworm_answer', ['eth_getBalance', [ADDRESS, 'finalized']])).toMatchObject({
      result: expect.stringMatching(/^0x/),
      provenance: { standing: 'verified', block: { finality: 'final' } },
    })
    for (const method of ['eth_sendRawTransaction', 'eth_unheardOf', 'eth_sign'])
      await expect(ask('glowworm_answer', [method, []])).rejects.toMatchObject({ code: 4200 })
  })

  test('a receipt, where the shell makes them', async () => {
    await expect(ask('glowworm_prove', [['eth_getBalance', [ADDRESS]]])).rejects.toMatchObject({ code: 4200 })
    const asked: unknown[] = []
    const proving = await fundedWallet({
      async prove(questions) {
        asked.push(...questions)
        return { file: Uint8Array.of(1, 2, 3), answers: ['0x1'] }
      },
    })
    const prove = (params: unknown) =>
      proving.wallet.provider.handle({ origin: ORIGIN, id: `prove:${++count}`, method: 'glowworm_prove', params })
    await expect(prove([['eth_getBalance', [ADDRESS]]])).rejects.toMatchObject({ code: 4100 })
    expect(asked).toEqual([])
    const accounts = proving.wallet.provider.handle({ origin: ORIGIN, id: 'in', method: 'eth_requestAccounts' })
    const { id, revision } = await until(() => proving.state.approvals[0], 'an approval')
    await proving.wallet.facade.approve({ id, revision })
    await accounts
    expect(await prove([['eth_getBalance', [ADDRESS]]])).toEqual({ receipt: 'AQID', answers: ['0x1'] })
    expect(asked).toEqual([{ method: 'eth_getBalance', params: [ADDRESS] }])
    const question = ['eth_getBalance', [ADDRESS]]
    for (const params of [[], [null], [['eth_getBalance']], [[1, []]], Array.from({ length: 17 }, () => question)])
      await expect(prove(params)).rejects.toMatchObject({ code: -32602 })
  })
})
