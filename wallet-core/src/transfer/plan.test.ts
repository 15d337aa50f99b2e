import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fakeChain, fault } from '../../test/fake-chain.ts'
import { ADDRESS, engines } from '../../test/wallet.ts'
import { createHandles } from '../facade/handles.ts'
import { figure } from '../facade/shown.ts'
import { signTransaction } from '../signing/transaction.ts'
import { NotProven } from './errors.ts'
import { boundedGas, boundedTip, MOST_GAS, MOST_PENDING, MOST_TIP, TRANSFER_GAS, withinGasLimits } from './fees.ts'
import { longestTransaction } from './longest-transaction.ts'
import { differs, type OwnPending, type Plan, type Planner, planTransaction, type TransferRequest } from './plan.ts'

const TO = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8'
const amounts = fc.bigInt({ min: 0n, max: 10n ** 22n })
const nothing: OwnPending = { nextNonce: null, committed: 0n }

interface Situation {
  readonly balance: bigint
  readonly nonce: bigint
  readonly value: bigint
  readonly baseFee: bigint
  readonly tip: bigint | null
  readonly pending: bigint | null
  readonly gas: bigint
  readonly data: `0x${string}`
  readonly own: OwnPending
}

const situations: fc.Arbitrary<Situation> = fc.record({
  balance: amounts,
  nonce: fc.bigInt({ min: 0n, max: 1000n }),
  value: amounts,
  baseFee: fc.bigInt({ min: 0n, max: 10n ** 12n }),
  tip: fc.option(fc.bigInt({ min: 0n, max: 10n ** 18n })),
  pending: fc.option(fc.bigInt({ min: 0n, max: 10_000n })),
  gas: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  data: fc.constantFrom('0x', '0x12'),
  own: fc.record({ nextNonce: fc.option(fc.bigInt({ min: 0n, max: 1010n })), committed: amounts }),
})

async function plan(s: Situation, previous: Plan | null = null): Promise<Plan> {
  const chain = fakeChain(engines)
  chain.accounts.set(ADDRESS, { balance: s.balance, nonce: s.nonce })
  Object.assign(chain, { baseFee: s.baseFee, tip: s.tip, pendingNonce: s.pending, gas: s.gas })
  const request: TransferRequest = { from: ADDRESS, to: TO, value: s.value, data: s.data, proposed: null }
  const planner = { client: chain.client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
  return planTransaction(planner, request, () => s.own, previous)
}

describe('a plan', () => {
  test('never lets hearsay past its bounds, and is blocked exactly when it is not covered', async () => {
    await fc.assert(
      fc.asyncProperty(situations, async (s) => {
        const p = await plan(s)
        const { transaction: t } = p
        expect(t.gasLimit).toBeGreaterThanOrEqual(TRANSFER_GAS)
        expect(t.gasLimit).toBeLessThanOrEqual(MOST_GAS)
        if (s.data === '0x') expect(p.gasLimit).toMatchObject({ kind: 'proven', value: TRANSFER_GAS })
        expect(t.maxPriorityFeePerGas <= MOST_TIP || t.maxPriorityFeePerGas <= s.baseFee).toBe(true)
        expect(t.maxFeePerGas).toBe(2n * s.baseFee + t.maxPriorityFeePerGas)
        expect(t.nonce).toBeGreaterThanOrEqual(s.nonce)
        const most = s.own.nextNonce !== null && s.own.nextNonce > s.nonce ? s.own.nextNonce : s.nonce
        const credible = s.pending !== null && s.pending <= s.nonce + MOST_PENDING && s.pending > most
        expect(t.nonce).toBe(credible ? s.pending : most)
        expect(p.mostThatLeaves).toBe(s.value + t.gasLimit * t.maxFeePerGas)
        const covered = s.value <= s.balance && p.mostThatLeaves + s.own.committed <= s.balance
        const tooLarge = s.data !== '0x' && s.gas > MOST_GAS
        expect(p.blocked === null).toBe(covered && !tooLarge)
      }),
      { numRuns: 150 },
    )
  })

  test('made again in the same situation is the same; a value that moved is not kept', async () => {
    await fc.assert(
      fc.asyncProperty(situations, async (s) => {
        const first = await plan(s)
        expect(differs(first, await plan(s, first))).toBe(false)
        const dearer = await plan({ ...s, baseFee: 3n * s.baseFee + 10n ** 13n }, first)
        expect(dearer.transaction.maxFeePerGas).toBeGreaterThanOrEqual(3n * s.baseFee)
        expect(differs(first, dearer)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('is not made when the account cannot be proven', async () => {
    const chain = fakeChain(engines)
    chain.fault = fault('UNREACHABLE')
    const request: TransferRequest = { from: ADDRESS, to: TO, value: 0n, data: '0x', proposed: null }
    const planner = { client: chain.client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
    await expect(planTransaction(planner, request, () => nothing, null)).rejects.toThrow(NotProven)
  })

  test('is blocked where no source that is there would take it once it is signed, by one byte exactly', async () => {
    const chain = fakeChain(engines)
    chain.accounts.set(ADDRESS, { balance: 10n ** 20n, nonce: 300n })
    const description = { id: 'a peer', carrier: 'webrtc', words: 'a peer' } as const
    const sources = [{ ...chain.client.sources[0]!, description }]
    const client = { ...chain.client, sources }
    const planner = { client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
    const most = longestTransaction(sources)!
    const deploy = async (length: number, with_: Planner = planner) => {
      const data = `0x${'5b'.repeat(length)}` as const
      const request: TransferRequest = { from: ADDRESS, to: null, value: 1n, data, proposed: null }
      const made = await planTransaction(with_, request, () => nothing, null)
      const { raw } = signTransaction(made.transaction, new Uint8Array(32).fill(7), engines)
      return { made, size: (raw.length - 2) / 2 }
    }
    const besideData = (await deploy(most - 200)).size - (most - 200)
    let blocked = 0
    for (let length = most - besideData - 5; length < most - besideData + 5; length++) {
      const { made, size } = await deploy(length)
      // A signature can be a byte or two shorter than most are; then it is still held to what most need.
      if (made.blocked === null) expect(size).toBeLessThanOrEqual(most)
      else {
        blocked++
        expect(made.blocked).toMatchObject({ code: 'TOO_LARGE_FOR_PEERS' })
        expect(size).toBeGreaterThan(most - 3)
        const free = await deploy(length, { ...planner, client: chain.client })
        expect(free.made.blocked).toBeNull()
        expect(differs(free.made, made)).toBe(true)
      }
    }
    expect(blocked).toBeGreaterThan(0)
  })

  test('for a call nobody can estimate is blocked, and its gas is not shown as a number', async () => {
    const chain = fakeChain(engines)
    chain.accounts.set(ADDRESS, { balance: 10n ** 20n })
    chain.gas = fault('CALL_REVERTS')
    const planner = { client: chain.client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
    const request: TransferRequest = { from: ADDRESS, to: null, value: 0n, data: '0x00', proposed: null }
    const p = await planTransaction(planner, request, () => nothing, null)
    expect(p.blocked).toMatchObject({ code: 'GAS_UNKNOWN' })
    expect(figure(p.gasLimit)).toBeNull()
  })

  describe('of a call', () => {
    const callPlan = async (change: (chain: ReturnType<typeof fakeChain>) => void) => {
      const chain = fakeChain(engines)
      chain.accounts.set(ADDRESS, { balance: 10n ** 20n })
      change(chain)
      const planner = { client: chain.client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
      const request: TransferRequest = { from: ADDRESS, to: null, value: 0n, data: '0x00', proposed: null }
      const make = (previous: Plan | null) => planTransaction(planner, request, () => nothing, previous)
      const first = await make(null)
      expect(differs(first, await make(first))).toBe(false)
      return first
    }

    test('has gas that was executed here, and says that it is proven', async () => {
      const p = await callPlan((chain) => {
        chain.gas = 100_000n
      })
      expect(p.gasLimit).toMatchObject({ kind: 'proven', value: 120_000n })
      expect(p.blocked).toBeNull()
    })

    test('takes a word for the gas only where it cannot be executed, and says whose', async () => {
      const p = await callPlan((chain) => {
        chain.executionFault = fault('UNKNOWN_FORK_RULES', 'these rules are not known', 'unprovable')
      })
      expect(p.gasLimit).toMatchObject({ kind: 'attested', value: 60_000n, by: expect.stringContaining('a test') })
      expect(p.blocked).toBeNull()
    })

    test.each([
      ['fails when executed', { callFails: 'out of gas' }, 'out of gas'],
      ['could be in no block', { executionFault: fault('CALL_REFUSED', 'it cannot be', 'usage') }, 'it cannot be'],
      ['needs more than a transaction may', { gas: MOST_GAS + 1n }, 'more gas'],
    ])('that %s is blocked, whatever a source says', async (_name, change, words) => {
      const p = await callPlan((chain) => Object.assign(chain, change))
      expect(p.blocked).toMatchObject({ code: 'GAS_UNKNOWN', message: expect.stringContaining(words) })
      expect(figure(p.gasLimit)).toBeNull()
    })
  })

  test('shows what a site proposes as the site says it, and warns', async () => {
    const chain = fakeChain(engines)
    chain.accounts.set(ADDRESS, { balance: 10n ** 20n })
    const planner = { client: chain.client, handles: createHandles(), hashes: engines.hashes, chainId: 1, now: 0 }
    const proposed = {
      by: 'dapp.example',
      gasLimit: 10n ** 9n,
      maxFeePerGas: 10n ** 13n,
      maxPriorityFeePerGas: 10n ** 13n,
    }
    const request: TransferRequest = { from: ADDRESS, to: TO, value: 0n, data: '0x', proposed }
    const p = await planTransaction(planner, request, () => nothing, null)
    expect(p.gasLimit).toMatchObject({ kind: 'attested', value: MOST_GAS, by: 'dapp.example' })
    expect(p.maxPriorityFeePerGas).toMatchObject({ value: MOST_TIP })
    expect(p.warnings.map(({ code }) => code).sort()).toEqual(['FEE_HIGH', 'TIP_LIMITED'])
    expect(p.blocked).toMatchObject({ code: 'FEE_ABOVE_BALANCE' })
  })
})

test('bounds', () => {
  expect(boundedTip(-1n, 0n)).toEqual({ tip: 0n, cut: true })
  expect(boundedTip(MOST_TIP, 0n)).toEqual({ tip: MOST_TIP, cut: false })
  expect(boundedTip(MOST_TIP + 1n, 0n)).toEqual({ tip: MOST_TIP, cut: true })
  expect(boundedTip(MOST_TIP + 1n, MOST_TIP + 1n)).toEqual({ tip: MOST_TIP + 1n, cut: false })
  expect(boundedGas(50_000n)).toBe(60_000n)
  expect(boundedGas(MOST_GAS)).toBe(MOST_GAS)
  expect(withinGasLimits(0n)).toBe(TRANSFER_GAS)
})
