import type { Hex } from '@glowworm/light-client'
import { encodeAbiParameters, encodeErrorResult, encodeEventTopics, parseAbi, parseAbiParameters } from 'viem'
import { describe, expect, it } from 'vitest'
import { engines } from '../../../test/wallet.ts'
import { PERMIT2 } from '../functions/permit2-functions.ts'
import { failureOf } from './failure.ts'
import { createLogReader } from './logs.ts'
import { agreesWith, NOTHING, type Outcome } from './outcome.ts'

const ME: Hex = `0x${'aa'.repeat(20)}`
const OTHER: Hex = `0x${'bb'.repeat(20)}`
const TOKEN: Hex = `0x${'cc'.repeat(20)}`
const EVENTS = parseAbi([
  'event Transfer(address indexed, address indexed, uint256)',
  'event TransferSingle(address indexed, address indexed, address indexed, uint256, uint256)',
  'event TransferBatch(address indexed, address indexed, address indexed, uint256[], uint256[])',
  'event Approval(address indexed, address indexed, uint256)',
  'event ApprovalForAll(address indexed, address indexed, bool)',
])
const NFT = parseAbi([
  'event Transfer(address indexed, address indexed, uint256 indexed)',
  'event Approval(address indexed, address indexed, uint256 indexed)',
])
const IN_PERMIT2 = parseAbi([
  'event Approval(address indexed, address indexed, address indexed, uint160, uint48)',
  'event Permit(address indexed, address indexed, address indexed, uint160, uint48, uint48)',
])
const log = (
  abi: unknown,
  eventName: string,
  args: unknown[],
  types = '',
  values: unknown[] = [],
  address = TOKEN,
) => ({
  address,
  topics: encodeEventTopics({ abi, eventName, args } as never) as Hex[],
  data: types === '' ? ('0x' as Hex) : encodeAbiParameters(parseAbiParameters(types), values as never),
})
const read = createLogReader(engines.hashes.keccak256)

describe('logs', () => {
  it('tell what comes and goes', () => {
    const told = read(
      [
        log(EVENTS, 'Transfer', [ME, OTHER], 'uint256', [5n]),
        log(EVENTS, 'Transfer', [OTHER, ME], 'uint256', [7n]),
        log(EVENTS, 'Transfer', [OTHER, OTHER], 'uint256', [100n]),
        log(EVENTS, 'Transfer', [ME, ME], 'uint256', [100n]),
        log(NFT, 'Transfer', [OTHER, ME, 9n], '', [], OTHER),
        log(EVENTS, 'TransferSingle', [OTHER, ME, OTHER], 'uint256, uint256', [1n, 3n], PERMIT2),
        log(
          EVENTS,
          'TransferBatch',
          [OTHER, OTHER, ME],
          'uint256[], uint256[]',
          [
            [1n, 2n],
            [3n, 4n],
          ],
          PERMIT2,
        ),
      ],
      ME,
    )
    expect([...told.tokens]).toEqual([[TOKEN, 2n]])
    expect(told.nfts).toEqual([
      { collection: OTHER, id: 9n, change: 1n },
      { collection: PERMIT2, id: 2n, change: 4n },
    ])
    expect([...told.collections]).toEqual([OTHER, PERMIT2])
  })

  it('tell the last of each permission, and only the account’s own', () => {
    const { permissions } = read(
      [
        log(EVENTS, 'Approval', [ME, OTHER], 'uint256', [5n]),
        log(EVENTS, 'Approval', [ME, OTHER], 'uint256', [6n]),
        log(EVENTS, 'Approval', [OTHER, ME], 'uint256', [6n]),
        log(NFT, 'Approval', [ME, OTHER, 1n]),
        log(NFT, 'Approval', [ME, `0x${'00'.repeat(20)}`, 2n]),
        log(EVENTS, 'ApprovalForAll', [ME, OTHER], 'bool', [true]),
        log(IN_PERMIT2, 'Approval', [ME, TOKEN, OTHER], 'uint160, uint48', [8n, 9], PERMIT2),
        log(IN_PERMIT2, 'Permit', [ME, OTHER, OTHER], 'uint160, uint48, uint48', [8n, 9, 0], PERMIT2),
        log(IN_PERMIT2, 'Approval', [ME, TOKEN, OTHER], 'uint160, uint48', [8n, 9], OTHER),
      ],
      ME,
    )
    expect(permissions).toEqual([
      { kind: 'token', token: TOKEN, spender: OTHER, amount: 6n },
      { kind: 'nft', collection: TOKEN, spender: OTHER, id: 1n },
      { kind: 'all', collection: TOKEN, spender: OTHER, allowed: true },
      { kind: 'permit2', token: TOKEN, spender: OTHER, amount: 8n, until: 9n },
      { kind: 'permit2', token: OTHER, spender: OTHER, amount: 8n, until: 9n },
    ])
  })

  it('that are not what their topic says are no transfers', () => {
    const odd = [
      { ...log(EVENTS, 'Transfer', [OTHER, ME], 'uint256', [5n]), data: '0x05' as Hex },
      { ...log(EVENTS, 'TransferBatch', [OTHER, OTHER, ME], 'uint256[], uint256[]', [[1n], [1n, 2n]]) },
      { address: TOKEN, topics: [], data: '0x' as Hex },
    ]
    expect(read(odd, ME)).toMatchObject({ nfts: [], permissions: [] })
    expect(read(odd, ME).tokens.size).toBe(0)
  })
})

describe('failures', () => {
  const reverting = (returnData: Hex) => failureOf({ status: 'revert', returnData, halt: null })
  const said = (text: string) =>
    encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [text] })
  it('are told in the contract’s words, without what could deceive', () => {
    expect(failureOf({ status: 'success', returnData: '0x', halt: null })).toBeNull()
    expect(reverting(said('no'))).toEqual({ kind: 'said', text: 'no' })
    expect(reverting(said('a\u202eb\n'))).toEqual({ kind: 'said', text: 'a\\u{202e}b\\u{a}' })
    expect(reverting(said('x'.repeat(1500)))).toEqual({ kind: 'said', text: `${'x'.repeat(200)}…` })
    expect(reverting(`0x4e487b71${'11'.padStart(64, '0')}`)).toEqual({ kind: 'panic', code: 17n })
    expect(reverting('0x')).toEqual({ kind: 'silent' })
    expect(reverting('0xdeadbeef')).toEqual({ kind: 'custom', selector: '0xdeadbeef' })
    for (const garbage of [
      '0x08c379a0',
      `0x08c379a0${'ff'.repeat(64)}`,
      `0x08c379a0${'00'.repeat(2_000_000)}`,
    ] as Hex[])
      expect(reverting(garbage)).toMatchObject({ kind: expect.stringMatching(/custom|said/) })
    expect(failureOf({ status: 'halt', returnData: '0x', halt: 'out of gas' })).toEqual({
      kind: 'halt',
      words: 'out of gas',
    })
  })
})

describe('agreement', () => {
  const unproven = { kind: 'unproven', problem: { code: 'X', kind: 'x', message: '', next: null } } as const
  const token = { address: TOKEN, symbol: unproven, decimals: unproven }
  const of = (native: bigint, change: bigint, more: Partial<Outcome> = {}): Outcome => ({
    ...NOTHING,
    native,
    tokens: [{ token, change, told: 'balance' }],
    ...more,
  })
  it('covers what is as good or better, and a little less', () => {
    expect(agreesWith(of(-10n, 1000n), of(-10n, 1000n))).toBe(true)
    expect(agreesWith(of(-10n, 1000n), of(-9n, 1000n))).toBe(true)
    expect(agreesWith(of(-10n, 1000n), of(-10n, 2000n))).toBe(true)
    expect(agreesWith(of(-10n, 1000n), of(-10n, 998n))).toBe(true)
    expect(agreesWith(of(-10n, 1000n), of(-10n, 997n))).toBe(false)
    expect(agreesWith(of(-10n, 1000n), of(-11n, 1000n))).toBe(false)
    expect(agreesWith(of(-10n, 1000n, { gasUsed: 1n }), of(-10n, 1000n, { gasUsed: 2n }))).toBe(true)
  })
  it('ends with anything else', () => {
    const agreed = of(-10n, 1000n)
    const permission = { kind: 'token', token, spender: OTHER, amount: 1n, until: null, through: null } as const
    for (const other of [
      of(-10n, -1000n),
      of(0n, 1000n),
      of(-10n, 1000n, { failure: { kind: 'silent' } }),
      of(-10n, 1000n, { tokens: [] }),
      of(-10n, 1000n, { permissions: [permission] }),
      of(-10n, 1000n, { ownCode: true }),
      of(-10n, 1000n, { contradicted: [TOKEN] }),
      of(-10n, 1000n, { nfts: [{ collection: TOKEN, id: 1n, change: -1n }] }),
    ]) {
      expect(agreesWith(agreed, other)).toBe(false)
      expect(agreesWith(other, agreed)).toBe(false)
    }
  })
})
