import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { encodeFunctionData, parseAbi, parseAbiItem } from 'viem'
import { describe, expect, it } from 'vitest'
import { fakeResolvers, METHODS, TOKEN } from '../../test/fake-resolvers.ts'
import { engines } from '../../test/wallet.ts'
import { explain } from './explain.ts'
import { PERMIT2 } from './functions/permit2-functions.ts'
import { createFunctionTable } from './functions/table.ts'
import type { ExplainedCall, Intent } from './intent.ts'
import { BEACON_SLOT, IMPLEMENTATION_SLOT, ZEPPELINOS_SLOT } from './proxy.ts'

const table = createFunctionTable(engines.hashes.keccak256)
const ME: Hex = `0x${'aa'.repeat(20)}`
const OTHER: Hex = `0x${'bb'.repeat(20)}`
const CONTRACT: Hex = `0x${'cc'.repeat(20)}`
const NFT: Hex = `0x${'dd'.repeat(20)}`
const SAFE: Hex = `0x${'5a'.repeat(20)}`
const MAX = 2n ** 256n - 1n

const chain = () =>
  fakeResolvers({
    code: { [TOKEN]: '0x01', [CONTRACT]: '0x02', [NFT]: '0x03', [PERMIT2]: '0x04', [SAFE]: '0x05' },
    calls: {
      [TOKEN]: METHODS.token('USDC', 6),
      [NFT]: { ...METHODS.symbol('APE'), ...METHODS.supports(['0x80ac58cd']) },
    },
  })

function of(to: Hex | null, signature: string, args: unknown[], more: Partial<ExplainedCall> = {}): Promise<Intent> {
  const abi = [parseAbiItem(`function ${signature}`)] as never
  return explain({ from: ME, to, value: 0n, data: encodeFunctionData({ abi, args } as never), ...more }, table, chain())
}
const codes = ({ warnings }: Intent) => warnings.map(({ code }) => code).sort()

describe('coin', () => {
  it('is sent, to people and to contracts', async () => {
    const plain = { from: ME, to: OTHER, value: 5n, data: '0x' } as const
    expect(await explain(plain, table, chain())).toEqual({
      action: { kind: 'send-native', to: OTHER, amount: 5n },
      value: 5n,
      contract: null,
      warnings: [],
    })
    expect(await explain({ ...plain, to: CONTRACT }, table, chain())).toMatchObject({
      action: { kind: 'send-native' },
      contract: { address: CONTRACT, proxy: { kind: 'proven', value: null } },
    })
    expect(codes(await explain({ ...plain, data: '0xa9059cbb' }, table, chain()))).toEqual(['no-code'])
    expect(await explain({ ...plain, to: null, data: '0x6000' }, table, chain())).toMatchObject({
      action: { kind: 'create', codeBytes: 2 },
    })
  })
})

describe('tokens', () => {
  it('are sent', async () => {
    const intent = await of(TOKEN, 'transfer(address,uint256)', [OTHER, 1_500_000n])
    expect(intent).toMatchObject({
      action: {
        kind: 'send-token',
        from: ME,
        to: OTHER,
        amount: 1_500_000n,
        token: { address: TOKEN, symbol: { kind: 'proven', value: 'USDC' }, decimals: { kind: 'proven', value: 6 } },
      },
      contract: { address: TOKEN },
      warnings: [],
    })
    expect(codes(await of(TOKEN, 'transfer(address,uint256)', [TOKEN, 1n]))).toEqual(['to-token-itself'])
    expect(codes(await of(TOKEN, 'transferFrom(address,address,uint256)', [OTHER, ME, 1n]))).toEqual(['not-own'])
  })

  it('are allowed, without limit and with, and no longer', async () => {
    const unlimited = await of(TOKEN, 'approve(address,uint256)', [CONTRACT, MAX])
    expect(unlimited.action).toMatchObject({
      kind: 'allow-token',
      spender: CONTRACT,
      owner: ME,
      way: 'set',
      allowance: { amount: null, until: null },
      through: null,
    })
    expect(codes(unlimited)).toEqual(['unlimited'])
    const limited = await of(TOKEN, 'approve(address,uint256)', [OTHER, 7n])
    expect(limited.action).toMatchObject({ allowance: { amount: 7n } })
    expect(codes(limited)).toEqual(['plain-spender'])
    expect(codes(await of(TOKEN, 'approve(address,uint256)', [OTHER, 0n]))).toEqual([])
    expect((await of(TOKEN, 'increaseAllowance(address,uint256)', [CONTRACT, 7n])).action).toMatchObject({ way: 'add' })
    expect((await of(TOKEN, 'decreaseAllowance(address,uint256)', [CONTRACT, MAX])).warnings).toEqual([])
    const permit = 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)'
    const word = `0x${'11'.repeat(32)}`
    expect((await of(TOKEN, permit, [OTHER, CONTRACT, MAX, MAX, 27, word, word])).action).toMatchObject({
      kind: 'allow-token',
      owner: OTHER,
      allowance: { amount: null },
    })
    const dai = 'permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)'
    expect((await of(TOKEN, dai, [ME, CONTRACT, 0n, 0n, true, 27, word, word])).action).toMatchObject({
      allowance: { amount: null },
    })
  })

  it('that are collections are told apart by what the contract says', async () => {
    expect((await of(NFT, 'approve(address,uint256)', [CONTRACT, 9n])).action).toEqual({
      kind: 'allow-nft',
      collection: NFT,
      spender: CONTRACT,
      id: 9n,
    })
    expect((await of(NFT, 'transferFrom(address,address,uint256)', [ME, OTHER, 9n])).action).toMatchObject({
      kind: 'send-nft',
      items: [{ id: 9n, amount: null }],
    })
    // Neither a collection nor a token: what the number means is not known.
    expect((await of(CONTRACT, 'approve(address,uint256)', [TOKEN, 9n])).action).toEqual({
      kind: 'token-or-nft',
      contract: CONTRACT,
      act: 'allow',
      from: null,
      to: TOKEN,
      number: 9n,
    })
    expect((await of(NFT, 'safeTransferFrom(address,address,uint256)', [ME, OTHER, 1n])).action.kind).toBe('send-nft')
    expect(
      (
        await of(CONTRACT, 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)', [
          ME,
          OTHER,
          [1n, 2n],
          [3n, 4n],
          '0x',
        ])
      ).action,
    ).toMatchObject({
      items: [
        { id: 1n, amount: 3n },
        { id: 2n, amount: 4n },
      ],
    })
    expect(
      (
        await of(CONTRACT, 'safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)', [
          ME,
          OTHER,
          [1n, 2n],
          [3n],
          '0x',
        ])
      ).action,
    ).toMatchObject({ kind: 'unknown-call', refused: expect.stringContaining('not as many amounts') })
    expect(codes(await of(NFT, 'setApprovalForAll(address,bool)', [CONTRACT, true]))).toEqual(['allow-all'])
    expect((await of(NFT, 'setApprovalForAll(address,bool)', [CONTRACT, false])).warnings).toEqual([])
  })

  it('that are wrapped coin: only at a token', async () => {
    const weth = fakeResolvers({
      code: { [TOKEN]: '0x01', [CONTRACT]: '0x02' },
      calls: { [TOKEN]: METHODS.token('WETH', 18) },
    })
    const deposit = { from: ME, to: TOKEN, value: 3n, data: '0xd0e30db0' } as const
    expect((await explain(deposit, table, weth)).action).toMatchObject({ kind: 'wrap', amount: 3n })
    expect((await explain({ ...deposit, to: CONTRACT }, table, weth)).action).toMatchObject({
      kind: 'unknown-call',
      refused: null,
    })
  })

  it('whose metadata is hostile are not readable, never wrong', async () => {
    const text = (value: string | Uint8Array) => METHODS.symbol(value)
    for (const symbol of [
      text('US\u202eCD'),
      text('USDC\u200b'),
      text('USDC\n'),
      text('U'.repeat(33)),
      text(''),
      text(' USDC'),
      text('U\u0301\u0301\u0301'),
      text(new Uint8Array(1_000_000).fill(65)),
      text(Uint8Array.of(0xff, 0xfe)),
      METHODS.raw('symbol()', '0x'),
      METHODS.raw('symbol()', `0x${'ff'.repeat(64)}`),
    ]) {
      const hostile = fakeResolvers({
        code: { [TOKEN]: '0x01' },
        calls: { [TOKEN]: { ...symbol, ...METHODS.decimals(6n) } },
      })
      const { action } = await explain({ from: ME, to: TOKEN, value: 0n, data: TRANSFER }, table, hostile)
      expect(action).toMatchObject({ token: { symbol: { kind: 'unproven', problem: { code: 'TOKEN_UNREADABLE' } } } })
    }
    for (const decimals of [
      METHODS.decimals(255n),
      METHODS.decimals(78n),
      METHODS.decimals(MAX),
      METHODS.raw('decimals()', '0x06'),
      METHODS.reverts('decimals()'),
    ]) {
      const hostile = fakeResolvers({
        code: { [TOKEN]: '0x01' },
        calls: { [TOKEN]: { ...METHODS.symbol('USDC'), ...decimals } },
      })
      const { action } = await explain({ from: ME, to: TOKEN, value: 0n, data: TRANSFER }, table, hostile)
      expect(action).toMatchObject({ token: { decimals: { kind: 'unproven', problem: { code: 'TOKEN_UNREADABLE' } } } })
    }
    const cyrillic = fakeResolvers({ code: { [TOKEN]: '0x01' }, calls: { [TOKEN]: METHODS.token('USD\u0421', 6) } })
    expect(codes(await explain({ from: ME, to: TOKEN, value: 0n, data: TRANSFER }, table, cyrillic))).toEqual([
      'unusual-symbol',
    ])
    const old = fakeResolvers({
      code: { [TOKEN]: '0x01' },
      calls: { [TOKEN]: { ...METHODS.raw('symbol()', `0x4d4b52${'00'.repeat(29)}`), ...METHODS.decimals(18n) } },
    })
    expect((await explain({ from: ME, to: TOKEN, value: 0n, data: TRANSFER }, table, old)).action).toMatchObject({
      token: { symbol: { value: 'MKR' } },
    })
  })
})

const TRANSFER = encodeFunctionData({
  abi: parseAbi(['function transfer(address,uint256)']),
  args: [`0x${'bb'.repeat(20)}`, 1n],
})

describe('Permit2', () => {
  const approve = 'approve(address,address,uint160,uint48)'
  it('is believed at its own address only', async () => {
    const given = await of(PERMIT2, approve, [TOKEN, CONTRACT, 2n ** 160n - 1n, 1_800_000_000])
    expect(given.action).toMatchObject({
      kind: 'allow-token',
      through: PERMIT2,
      token: { address: TOKEN },
      allowance: { amount: null, until: 1_800_000_000n },
    })
    expect((await of(CONTRACT, approve, [TOKEN, CONTRACT, 1n, 1])).action.kind).toBe('unknown-call')
    expect(
      (await of(PERMIT2, 'lockdown((address token,address spender)[])', [[{ token: TOKEN, spender: CONTRACT }]]))
        .action,
    ).toMatchObject({
      kind: 'batch',
      steps: [{ action: { allowance: { amount: 0n } }, warnings: [] }],
    })
  })
})

describe('calls within calls', () => {
  const inner = (to: Hex = OTHER) =>
    encodeFunctionData({ abi: parseAbi(['function transfer(address,uint256)']), args: [to, 8n] })

  it('of multicalls', async () => {
    expect((await of(TOKEN, 'multicall(bytes[])', [[inner(), '0x12345678']])).action).toMatchObject({
      kind: 'batch',
      steps: [
        { action: { kind: 'send-token', from: ME, amount: 8n } },
        {
          action: { kind: 'unknown-call', selector: '0x12345678' },
          warnings: [{ code: 'unknown-call', about: TOKEN }],
        },
      ],
    })
    const aggregate = 'aggregate3((address target,bool allowFailure,bytes callData)[])'
    expect(
      (await of(CONTRACT, aggregate, [[{ target: TOKEN, allowFailure: false, callData: inner() }]])).action,
    ).toMatchObject({
      steps: [{ action: { kind: 'send-token', from: CONTRACT } }],
    })
  })

  it('of a Safe, with what it does in one go', async () => {
    const exec = 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)'
    const rest = [0n, 0n, 0n, OTHER, OTHER, '0x']
    const plain = await of(SAFE, exec, [TOKEN, 0n, inner(), 0, ...rest])
    expect(plain.action).toMatchObject({
      kind: 'safe',
      safe: SAFE,
      delegated: false,
      step: { action: { kind: 'send-token', from: SAFE, amount: 8n } },
    })
    const part = (to: Hex, data: Hex) =>
      `00${to.slice(2)}${'0'.repeat(64)}${((data.length - 2) / 2).toString(16).padStart(64, '0')}${data.slice(2)}`
    const many = encodeFunctionData({
      abi: parseAbi(['function multiSend(bytes)']),
      args: [`0x${part(TOKEN, inner())}${part(OTHER, '0x')}`],
    })
    const delegated = await of(SAFE, exec, [CONTRACT, 0n, many, 1, ...rest])
    expect(codes(delegated)).toEqual(['delegated-call'])
    expect(delegated.action).toMatchObject({
      kind: 'safe',
      delegated: true,
      step: {
        action: { kind: 'batch', steps: [{ action: { kind: 'send-token' } }, { action: { kind: 'send-native' } }] },
      },
    })
    expect((await of(SAFE, exec, [TOKEN, 0n, inner(), 2, ...rest])).action).toMatchObject({ kind: 'unknown-call' })
  })

  it('end at some depth', async () => {
    let data: Hex = inner()
    const abi = parseAbi(['function multicall(bytes[])'])
    for (let i = 0; i < 9; i++) data = encodeFunctionData({ abi, args: [[data]] })
    const all = JSON.stringify(await explain({ from: ME, to: TOKEN, value: 0n, data }, table, chain()), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(all).toContain('too-deep')
    expect(all).not.toContain('send-token')
    const wide = encodeFunctionData({ abi, args: [new Array<Hex>(200).fill(inner())] })
    const intent = await explain({ from: ME, to: TOKEN, value: 0n, data: wide }, table, chain())
    const steps = intent.action.kind === 'batch' ? intent.action.steps : []
    expect(steps.filter(({ action }) => action.kind === 'send-token')).toHaveLength(127)
    expect(codes(steps.at(-1)!)).toEqual(['too-deep'])
  })
})

describe('what is not known', () => {
  it('is said to be so, with why', async () => {
    const unknown = { from: ME, to: CONTRACT, value: 0n } as const
    expect((await explain({ ...unknown, data: '0xdeadbeef00' }, table, chain())).action).toEqual({
      kind: 'unknown-call',
      selector: '0xdeadbeef',
      bytes: 5,
      refused: null,
    })
    expect((await explain({ ...unknown, data: '0xdead' }, table, chain())).action).toMatchObject({ selector: null })
    // A dirty address: contracts would cut it, people would see another one.
    const dirty = `${TRANSFER.slice(0, 10)}01${TRANSFER.slice(12)}` as Hex
    expect((await explain({ ...unknown, to: TOKEN, data: dirty }, table, chain())).action).toMatchObject({
      kind: 'unknown-call',
      refused: expect.stringContaining('longer than 20 bytes'),
    })
    const behind = await explain({ ...unknown, to: TOKEN, data: `${TRANSFER}00` }, table, chain())
    expect(behind.action.kind).toBe('send-token')
    expect(codes(behind)).toEqual(['data-behind'])
  })

  it('is not made up when the chain cannot be read', async () => {
    const silent = fakeResolvers({ silent: true })
    const { action, contract } = await explain({ from: ME, to: TOKEN, value: 0n, data: TRANSFER }, table, silent)
    expect(action).toMatchObject({ token: { symbol: { kind: 'unproven' }, decimals: { kind: 'unproven' } } })
    expect(contract?.proxy).toMatchObject({ kind: 'unproven', problem: { code: 'UNREACHABLE' } })
  })
})

describe('descriptors', () => {
  it('tell what interfaces mean', async () => {
    const { action } = await of(TOKEN, 'redeem(uint256,address,address)', [5n, OTHER, ME])
    expect(action).toMatchObject({
      kind: 'described',
      function: 'redeem(uint256,address,address)',
      bound: false,
      fields: [
        { value: { kind: 'token-amount', amount: 5n, token: { symbol: { value: 'USDC' } } } },
        { value: { kind: 'address', address: OTHER } },
        { value: { kind: 'address', address: ME } },
      ],
    })
  })

  it('that do not fit the data are refused', async () => {
    const swap = 'swapExactTokensForTokens(uint256,uint256,address[],address,uint256)'
    expect((await of(CONTRACT, swap, [1n, 2n, [], ME, 3n])).action).toMatchObject({
      kind: 'unknown-call',
      refused: expect.stringContaining('fewer items'),
    })
    expect((await of(CONTRACT, swap, [1n, 2n, [TOKEN, OTHER], ME, 3n])).action).toMatchObject({
      fields: [
        { value: { token: { address: TOKEN } } },
        { value: { token: { address: OTHER } } },
        {},
        { value: { time: 3n } },
        { label: 'path', value: { kind: 'text' } },
      ],
    })
  })
})

describe('proxies', () => {
  const word = (address: Hex): Hex => `0x${'0'.repeat(24)}${address.slice(2)}`
  const at = (more: Parameters<typeof fakeResolvers>[0]) =>
    explain(
      { from: ME, to: TOKEN, value: 0n, data: TRANSFER },
      table,
      fakeResolvers({ calls: { [TOKEN]: METHODS.token('USDC', 6) }, ...more }),
    )

  it.each([
    ['eip1967', IMPLEMENTATION_SLOT],
    ['zeppelinos', ZEPPELINOS_SLOT],
  ] as const)('%s: by its slot', async (kind, slot) => {
    const intent = await at({ code: { [TOKEN]: '0x01' }, storage: { [TOKEN]: { [slot]: word(OTHER) } } })
    expect(intent.contract?.proxy).toMatchObject({
      kind: 'proven',
      value: { kind, implementation: OTHER, changeable: true },
    })
    expect(codes(intent)).toEqual(['proxy'])
  })

  it('beacons are asked', async () => {
    const intent = await at({
      code: { [TOKEN]: '0x01' },
      storage: { [TOKEN]: { [BEACON_SLOT]: word(CONTRACT) } },
      calls: { [TOKEN]: METHODS.token('USDC', 6), [CONTRACT]: METHODS.raw('implementation()', word(OTHER)) },
    })
    expect(intent.contract?.proxy).toMatchObject({ value: { kind: 'beacon', implementation: OTHER } })
  })

  it('minimal ones and delegations are their code', async () => {
    const minimal = await at({
      code: { [TOKEN]: `0x363d3d373d3d3d363d73${OTHER.slice(2)}5af43d82803e903d91602b57fd5bf3` },
    })
    expect(minimal.contract?.proxy).toMatchObject({
      value: { kind: 'minimal', implementation: OTHER, changeable: false },
    })
    const delegated = await at({ code: { [TOKEN]: `0xef0100${OTHER.slice(2)}` } })
    expect(delegated.contract?.proxy).toMatchObject({ value: { kind: 'delegation', implementation: OTHER } })
  })
})

describe('delegations', () => {
  it('stand before what they are sent with', async () => {
    const intent = await explain(
      {
        from: ME,
        to: OTHER,
        value: 0n,
        data: '0x',
        authorizations: [
          { chainId: 0n, address: CONTRACT, authority: ME },
          { chainId: 1n, address: `0x${'00'.repeat(20)}`, authority: null },
        ],
      },
      table,
      chain(),
    )
    expect(intent.action).toMatchObject({
      kind: 'batch',
      steps: [
        {
          action: { kind: 'delegate', account: ME, code: CONTRACT, everyChain: true },
          warnings: [{ code: 'delegation' }],
        },
        { action: { kind: 'delegate', code: null, everyChain: false }, warnings: [] },
        { action: { kind: 'send-native' } },
      ],
    })
  })
})

it('whatever the data, an answer comes', async () => {
  const { default: fc } = await import('fast-check')
  const selectors = [
    '0xa9059cbb',
    '0x095ea7b3',
    '0x23b872dd',
    '0xac9650d8',
    '0x6a761202',
    '0x8d80ff0a',
    '0x82ad56cb',
    '0xd0e30db0',
  ]
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...selectors), fc.uint8Array({ maxLength: 300 }), async (selector, bytes) => {
      const data = `${selector}${toHex(bytes).slice(2)}` as Hex
      const { action } = await explain({ from: ME, to: TOKEN, value: 0n, data }, table, chain())
      expect(action.kind).toBeTruthy()
    }),
    { numRuns: 500 },
  )
})
