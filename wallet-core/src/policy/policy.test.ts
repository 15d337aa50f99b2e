import type { Hex } from '@glowworm/light-client'
import fc from 'fast-check'
import { encodeFunctionData, parseAbi } from 'viem'
import { describe, expect, test } from 'vitest'
import { type Act, judge, type Past } from './judge.ts'
import { DAYS, InvalidPolicy, readPolicy, writePolicy } from './policy.ts'

const TOKEN = '0x00000000000000000000000000000000000000aa'
const OTHER = '0x00000000000000000000000000000000000000bb'
const ME = '0x00000000000000000000000000000000000000cc'
/** A Wednesday, 22:13:20 UTC. */
const NOW = Date.UTC(2023, 10, 15, 22, 13, 20)
const HOUR = 3_600_000
const ERC20 = parseAbi([
  'function transfer(address to, uint256 amount)',
  'function approve(address spender, uint256 amount)',
  'function transferFrom(address from, address to, uint256 amount)',
  'function increaseAllowance(address spender, uint256 amount)',
  'function decreaseAllowance(address spender, uint256 amount)',
  'function permit(address owner, address spender, uint256 amount)',
])

const send = (to: Hex | null, mostThatLeaves: bigint, data: Hex = '0x'): Act => ({
  method: 'eth_sendTransaction',
  chainId: 1337,
  account: ME,
  transaction: { to, data, mostThatLeaves },
  verifyingContract: null,
})
const sign = (method: string, verifyingContract: Hex | null = null): Act => ({
  method,
  chainId: 1337,
  account: ME,
  transaction: null,
  verifyingContract,
})
const verdict = (policy: object, act: Act, past: readonly Past[] = [], now = NOW) =>
  judge(readPolicy({ version: 1, ...policy }), act, past, now).verdict

describe('the file', () => {
  test('is read whole or not at all, and written back', () => {
    const json = {
      version: 1,
      methods: ['eth_sendTransaction'],
      chains: [1, 1337],
      accounts: [ME],
      contracts: [{ address: TOKEN, selectors: ['0xa9059cbb', '0x'] }, { address: OTHER }],
      limits: [
        { asset: 'native', most: '1000000000000000000', per: 86400 },
        { asset: TOKEN, most: '5', per: 'transaction' },
      ],
      windows: [{ days: ['mon', 'fri'], from: '08:00', to: '17:30' }],
      secondApproval: { methods: ['personal_sign'], above: [{ asset: 'native', most: '7' }] },
      expiresAt: '2026-12-31T00:00:00.000Z',
    }
    const policy = readPolicy(json)
    expect(writePolicy(policy)).toEqual(json)
    expect(readPolicy(writePolicy(policy))).toEqual(policy)
    expect(readPolicy({ version: 1, contracts: [{ address: TOKEN.toUpperCase().replace('0X', '0x') }] })).toEqual({
      version: 1,
      contracts: [{ address: TOKEN }],
    })
  })

  test('a misspelt or malformed rule is named', () => {
    for (const [change, where] of [
      [{ version: 2 }, 'version'],
      [{ method: [] }, '"method"'],
      [{ methods: 'all' }, 'methods'],
      [{ methods: [''] }, 'methods[0]'],
      [{ chains: ['0x1'] }, 'chains[0]'],
      [{ contracts: [{ address: '0x12' }] }, 'contracts[0].address'],
      [{ contracts: [{ address: TOKEN, selector: ['0x'] }] }, '"selector"'],
      [{ contracts: [{ address: TOKEN, selectors: ['0x12'] }] }, 'contracts[0].selectors[0]'],
      [{ limits: [{ asset: 'ETH', most: '1', per: 1 }] }, 'limits[0].asset'],
      [{ limits: [{ asset: 'native', most: 1, per: 1 }] }, 'limits[0].most'],
      [{ limits: [{ asset: 'native', most: '-1', per: 1 }] }, 'limits[0].most'],
      [{ limits: [{ asset: 'native', most: '1', per: 0 }] }, 'limits[0].per'],
      [{ limits: [{ asset: 'native', most: '1' }] }, 'limits[0].per'],
      [{ windows: [{ from: '8:00', to: '17:00' }] }, 'windows[0].from'],
      [{ windows: [{ days: ['someday'], from: '08:00', to: '17:00' }] }, 'windows[0].days[0]'],
      [{ secondApproval: { above: [{ asset: 'native' }] } }, 'secondApproval.above[0].most'],
      [{ expiresAt: 'tomorrow' }, 'expiresAt'],
      [{ expiresAt: '2026-13-01T00:00:00Z' }, 'expiresAt'],
    ] as const)
      expect(() => readPolicy({ version: 1, ...change }), where).toThrow(where)
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        try {
          return readPolicy(json).version === 1
        } catch (error) {
          return error instanceof InvalidPolicy
        }
      }),
    )
  })
})

describe('what it allows', () => {
  test('an empty one everything, an expired one nothing', () => {
    expect(verdict({}, send(null, 1n))).toBe('allow')
    expect(verdict({ expiresAt: new Date(NOW + 1).toISOString() }, send(null, 1n))).toBe('allow')
    expect(verdict({ expiresAt: new Date(NOW).toISOString() }, send(null, 1n))).toBe('refuse')
  })

  test('methods, chains, accounts', () => {
    expect(verdict({ methods: ['personal_sign'] }, sign('personal_sign'))).toBe('allow')
    expect(verdict({ methods: ['personal_sign'] }, send(OTHER, 1n))).toBe('refuse')
    expect(verdict({ methods: [] }, sign('personal_sign'))).toBe('refuse')
    expect(verdict({ chains: [1] }, sign('personal_sign'))).toBe('refuse')
    expect(verdict({ accounts: [OTHER] }, sign('personal_sign'))).toBe('refuse')
    expect(verdict({ accounts: [OTHER] }, { ...sign('eth_requestAccounts'), account: null })).toBe('allow')
  })

  test('contracts and what is called there', () => {
    const contracts = [
      { address: TOKEN, selectors: ['0xa9059cbb'] },
      { address: OTHER, selectors: ['0x'] },
    ]
    const transfer = encodeFunctionData({ abi: ERC20, functionName: 'transfer', args: [ME, 1n] })
    expect(verdict({ contracts }, send(TOKEN, 1n, transfer))).toBe('allow')
    expect(verdict({ contracts }, send(TOKEN, 1n))).toBe('refuse')
    expect(verdict({ contracts }, send(TOKEN, 1n, '0xa9059c'))).toBe('refuse')
    expect(verdict({ contracts }, send(OTHER, 1n))).toBe('allow')
    expect(verdict({ contracts }, send(OTHER, 1n, transfer))).toBe('refuse')
    expect(verdict({ contracts }, send(ME, 1n))).toBe('refuse')
    expect(verdict({ contracts }, send(null, 1n, '0x6000'))).toBe('refuse')
    expect(verdict({ contracts }, sign('eth_signTypedData_v4', TOKEN))).toBe('allow')
    expect(verdict({ contracts }, sign('eth_signTypedData_v4', ME))).toBe('refuse')
    expect(verdict({ contracts }, sign('eth_signTypedData_v4'))).toBe('refuse')
    expect(verdict({ contracts }, sign('personal_sign'))).toBe('allow')
  })

  test('limits in one transaction and over time, exactly', () => {
    const limits = [{ asset: 'native', most: '10', per: 3600 }]
    const past = (minutes: number, mostThatLeaves: bigint): Past => ({
      at: NOW - minutes * 60_000,
      to: OTHER,
      data: '0x',
      mostThatLeaves,
    })
    expect(verdict({ limits }, send(OTHER, 10n))).toBe('allow')
    expect(verdict({ limits }, send(OTHER, 11n))).toBe('refuse')
    expect(verdict({ limits }, send(OTHER, 4n), [past(59, 6n)])).toBe('allow')
    expect(verdict({ limits }, send(OTHER, 5n), [past(59, 6n)])).toBe('refuse')
    expect(verdict({ limits }, send(OTHER, 5n), [past(60, 6n)])).toBe('allow')
    expect(
      verdict({ limits: [{ asset: 'native', most: '10', per: 'transaction' }] }, send(OTHER, 10n), [past(1, 9n)]),
    ).toBe('allow')
    // Signatures that could spend are not counted, so they are refused unless they are named.
    expect(verdict({ limits }, sign('eth_signTypedData_v4', TOKEN))).toBe('refuse')
    expect(verdict({ limits, methods: ['eth_signTypedData_v4'] }, sign('eth_signTypedData_v4', TOKEN))).toBe('allow')
    expect(verdict({ limits }, sign('personal_sign'))).toBe('allow')
  })

  test('tokens by what is sent or approved; what nobody can count is refused', () => {
    const limits = [{ asset: TOKEN, most: '10', per: 3600 }]
    const call = (functionName: 'transfer' | 'approve' | 'increaseAllowance' | 'decreaseAllowance', amount: bigint) =>
      send(TOKEN, 0n, encodeFunctionData({ abi: ERC20, functionName, args: [OTHER, amount] }))
    for (const name of ['transfer', 'approve', 'increaseAllowance'] as const) {
      expect(verdict({ limits }, call(name, 10n)), name).toBe('allow')
      expect(verdict({ limits }, call(name, 11n)), name).toBe('refuse')
    }
    expect(verdict({ limits }, call('decreaseAllowance', 11n))).toBe('allow')
    const from = encodeFunctionData({ abi: ERC20, functionName: 'transferFrom', args: [ME, OTHER, 11n] })
    expect(verdict({ limits }, send(TOKEN, 0n, from))).toBe('refuse')
    const permit = encodeFunctionData({ abi: ERC20, functionName: 'permit', args: [ME, OTHER, 1n] })
    expect(verdict({ limits }, send(TOKEN, 0n, permit))).toBe('refuse')
    expect(verdict({ limits }, send(TOKEN, 0n, '0xa9059cbb00'))).toBe('refuse')
    expect(verdict({ limits }, send(OTHER, 5n, permit))).toBe('allow')
    const earlier = { ...call('transfer', 6n).transaction!, at: NOW - HOUR / 2 }
    expect(verdict({ limits }, call('transfer', 4n), [earlier])).toBe('allow')
    expect(verdict({ limits }, call('transfer', 5n), [earlier])).toBe('refuse')
  })

  test('time windows in UTC, over midnight too', () => {
    const at = (windows: object[], now = NOW) => verdict({ windows }, sign('personal_sign'), [], now)
    expect(at([{ days: ['wed'], from: '22:00', to: '23:00' }])).toBe('allow')
    expect(at([{ days: ['wed'], from: '22:14', to: '23:00' }])).toBe('refuse')
    expect(at([{ days: ['tue'], from: '22:00', to: '23:00' }])).toBe('refuse')
    expect(
      at([
        { days: ['tue'], from: '08:00', to: '09:00' },
        { from: '22:13', to: '22:14' },
      ]),
    ).toBe('allow')
    expect(at([{ days: ['wed'], from: '22:00', to: '06:00' }])).toBe('allow')
    expect(at([{ days: ['wed'], from: '22:00', to: '06:00' }], NOW + 7 * HOUR)).toBe('allow')
    expect(at([{ days: ['wed'], from: '22:00', to: '06:00' }], NOW + 8 * HOUR)).toBe('refuse')
    expect(at([{ days: ['thu'], from: '22:00', to: '06:00' }], NOW + 7 * HOUR)).toBe('refuse')
    for (let day = 0; day < 7; day++) {
      const noon = Date.UTC(2024, 0, 1 + day, 12)
      const name = DAYS[new Date(noon).getUTCDay()]!
      expect(at([{ days: [name], from: '11:00', to: '13:00' }], noon), name).toBe('allow')
    }
    expect(at([])).toBe('refuse')
  })

  test('what is asked twice', () => {
    const secondApproval = { methods: ['personal_sign'], above: [{ asset: 'native', most: '10' }] }
    expect(verdict({ secondApproval }, sign('personal_sign'))).toBe('ask-again')
    expect(verdict({ secondApproval }, send(OTHER, 10n))).toBe('allow')
    expect(verdict({ secondApproval }, send(OTHER, 11n))).toBe('ask-again')
    expect(verdict({ secondApproval, methods: [] }, send(OTHER, 11n))).toBe('refuse')
  })

  test('whatever was allowed, a limit over time is never exceeded', () => {
    const amounts = fc.array(fc.record({ amount: fc.bigInt(0n, 20n), wait: fc.integer({ min: 0, max: 90 }) }), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(amounts, (wanted) => {
        const policy = readPolicy({ version: 1, limits: [{ asset: 'native', most: '30', per: 3600 }] })
        const past: Past[] = []
        let now = NOW
        for (const { amount, wait } of wanted) {
          now += wait * 60_000
          const act = send(OTHER, amount)
          if (judge(policy, act, past, now).verdict === 'allow') past.push({ ...act.transaction!, at: now })
        }
        for (const { at } of past) {
          const within = past.filter((one) => one.at > at - HOUR && one.at <= at)
          expect(within.reduce((sum, { mostThatLeaves }) => sum + mostThatLeaves, 0n)).toBeLessThanOrEqual(30n)
        }
      }),
    )
  })
})
