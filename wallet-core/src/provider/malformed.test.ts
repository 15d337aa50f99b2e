/** Requests that are wrong in every field: the right error, nothing shown, nothing signed, nothing polluted. */
import { METHODS as READS } from '@glowworm/light-client/application/rpc/methods'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { ADDRESS, fundedWallet, type TestWallet, until } from '../../test/wallet.ts'
import { RpcError } from './errors.ts'
import { METHODS } from './provider.ts'

const ORIGIN = 'https://dapp.example'
const TO = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const TYPED = {
  types: { Mail: [{ name: 'text', type: 'string' }], EIP712Domain: [{ name: 'chainId', type: 'uint256' }] },
  primaryType: 'Mail',
  domain: { chainId: 1337 },
  message: { text: 'hello' },
}

let t: TestWallet
let count = 0
const ask = (method: string, params?: unknown) =>
  t.wallet.provider.handle({ origin: ORIGIN, id: `malformed:${++count}`, method, params })

beforeAll(async () => {
  t = await fundedWallet()
  const accounts = ask('eth_requestAccounts')
  const { id, revision } = await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.approve({ id, revision })
  await accounts
})

/** The code a request is refused with; null when it was answered. What it made wait is withdrawn. */
async function codeOf(method: string, params: unknown): Promise<number | null> {
  const answer = ask(method, params).then(
    () => null,
    (error: unknown) => {
      expect(error, method).toBeInstanceOf(RpcError)
      return (error as RpcError).code
    },
  )
  let code: number | null | undefined
  void answer.then((given) => {
    code = given
  })
  while (code === undefined) {
    for (const { id } of t.state.approvals) await t.wallet.facade.reject({ id }).catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return code
}

/** Good requests; every place in them is replaced, one at a time. */
const GOOD: Readonly<Record<string, unknown[]>> = {
  personal_sign: ['0x68656c6c6f', ADDRESS],
  personal_ecRecover: ['hello', `0x${'11'.repeat(64)}1b`],
  eth_signTypedData_v3: [ADDRESS, TYPED],
  eth_signTypedData_v4: [ADDRESS, TYPED],
  eth_sendTransaction: [
    {
      from: ADDRESS,
      to: TO,
      value: '0x1',
      data: '0x1234',
      gas: '0x7530',
      maxFeePerGas: '0x77359400',
      maxPriorityFeePerGas: '0x1',
      chainId: '0x539',
    },
  ],
  wallet_requestPermissions: [{ eth_accounts: { caveats: [{ type: 'restrictReturnedAccounts', value: [ADDRESS] }] } }],
  wallet_revokePermissions: [{ eth_accounts: { caveats: [] } }],
  wallet_switchEthereumChain: [{ chainId: '0x539' }],
  wallet_addEthereumChain: [
    {
      chainId: '0x539',
      chainName: 'fake',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: ['https://rpc.example'],
    },
  ],
  wallet_createSession: [
    {
      requiredScopes: { 'eip155:1337': { methods: ['personal_sign'], notifications: ['accountsChanged'] } },
      optionalScopes: { eip155: { references: ['1'], methods: [], notifications: [] } },
    },
  ],
  wallet_invokeMethod: [{ scope: 'eip155:1337', request: { method: 'eth_chainId', params: [] } }],
  wallet_sendCalls: [
    {
      version: '2.0.0',
      id: 'batch',
      from: ADDRESS,
      chainId: '0x539',
      atomicRequired: false,
      calls: [{ to: TO, value: '0x1', data: '0x1234' }],
    },
  ],
  wallet_getCallsStatus: ['batch'],
  wallet_getCapabilities: [ADDRESS, ['0x539']],
  glowworm_prove: [['eth_getBalance', [ADDRESS, 'finalized']]],
  glowworm_answer: ['eth_getBalance', [ADDRESS, 'finalized']],
  web3_sha3: ['0x00'],
  eth_getBalance: [ADDRESS, 'latest'],
  eth_getStorageAt: [ADDRESS, '0x0', 'latest'],
}

const NASTY: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  Number.MAX_SAFE_INTEGER,
  '',
  '0x',
  '0x0g',
  '0x'.padEnd(67, 'f'),
  'x'.repeat(100_000),
  '\u202e\u0000',
  [],
  [[]],
  {},
  { __proto__: null },
  JSON.parse('{"__proto__": {"from": "0x0", "polluted": true}}'),
  { constructor: { prototype: { polluted: true } } },
  { length: 2 ** 32 },
]

/** Every copy of `value` in which one place holds something else. */
function* replaced(value: unknown, by: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++)
      for (const inner of [by, ...replaced(value[i], by)]) yield value.with(i, inner)
  } else if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value))
      for (const inner of [by, ...replaced((value as Record<string, unknown>)[key], by)])
        yield { ...value, [key]: inner }
}

/** Refusals of what is malformed, not understood, or not this wallet's. */
const REFUSALS = new Set([
  -32602, -32000, 4001, 4100, 4200, 4901, 4902, 5100, 5101, 5102, 5700, 5710, 5720, 5730, 5740, 5760,
])

describe('wrong in one place', () => {
  test.each(Object.keys(GOOD))('%s', async (method) => {
    const before = t.chain.sent.length
    for (const nasty of NASTY)
      for (const params of replaced(GOOD[method], nasty)) {
        const code = await codeOf(method, params)
        if (code !== null)
          expect(REFUSALS.has(code), `${method} ${JSON.stringify(params).slice(0, 300)}: ${code}`).toBe(true)
        if (method === 'wallet_revokePermissions' && code === null) await reconnect()
      }
    expect(t.chain.sent).toHaveLength(before)
    expect(t.state.approvals).toEqual([])
    expect('polluted' in {}).toBe(false)
  })
})

async function reconnect(): Promise<void> {
  const accounts = ask('eth_requestAccounts')
  const asked = await until(() => t.state.approvals[0], 'the question')
  await t.wallet.facade.approve({ id: asked.id, revision: asked.revision })
  await accounts
}

describe('anything at all', () => {
  const names = [
    ...Object.keys(METHODS),
    ...Object.keys(READS),
    'eth_sign',
    'wallet_watchAsset',
    '__proto__',
    'constructor',
    '',
  ]
  test('only errors of the provider come back, and none is a fault of the program', async () => {
    // What would take the site's own permission away is tested above.
    const method = fc.constantFrom(...names.filter((name) => !/revoke/i.test(name)))
    const leaf = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(ADDRESS, TO, '0x0', 'latest', '0x539', ...NASTY),
    )
    await fc.assert(
      fc.asyncProperty(method, fc.oneof(fc.array(leaf, { maxLength: 3 }), leaf), async (name, params) => {
        expect(await codeOf(name, params)).not.toBe(-32603)
        expect(t.state.approvals).toEqual([])
      }),
      { numRuns: 300 },
    )
    expect(t.chain.sent).toEqual([])
  })

  test('what is nested without end, or longer than anybody reads', async () => {
    let deep: unknown = []
    for (let i = 0; i < 10_000; i++) deep = [deep]
    for (const name of names) expect(await codeOf(name, deep), name).toBe(-32602)
    const long = `0x${'00'.repeat(1024 * 1024)}`
    expect(await codeOf('personal_sign', [long, ADDRESS])).toBe(-32602)
    expect(await codeOf('eth_sendTransaction', [{ from: ADDRESS, to: TO, data: long }])).toBe(-32602)
  })
})

test('a page that floods is held back, and others are not', async () => {
  const flood = Array.from({ length: 300 }, () => ask('eth_getBalance', [ADDRESS, 'latest']))
  const elsewhere = t.wallet.provider.handle({ origin: 'https://calm.example', id: 'calm', method: 'eth_chainId' })
  const outcomes = await Promise.allSettled(flood)
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
  expect(refused).toEqual(Array.from({ length: 44 }, () => -32005))
  expect(await elsewhere).toBe('0x539')
  expect(await ask('eth_chainId')).toBe('0x539')
})
