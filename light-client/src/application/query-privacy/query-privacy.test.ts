import { sha256 } from '@noble/hashes/sha2.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EthereumRequest, Hex } from '../../ledgers/ethereum/evidence.ts'
import { HISTORY_STORAGE_ADDRESS } from '../../ledgers/ethereum/history-contract.ts'
import { createAssignment } from './assignment.ts'
import { createDecoys, DECOYS } from './decoys.ts'
import { createLearnedLedger } from './ledger.ts'
import { addressesIn } from './what-it-tells.ts'

const ROTATION = 1_000_000
const address = (n: number): Hex => `0x${n.toString(16).padStart(40, '0')}`
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const account = (n: number): EthereumRequest & { type: 'account' } => ({
  type: 'account',
  blockHash: hash(1),
  address: address(n),
  slots: [],
})
const assignment = (key = 7) => createAssignment({ sha256, key: new Uint8Array(32).fill(key), rotation: ROTATION })

test('what each request tells', () => {
  expect(addressesIn(account(1))).toEqual([address(1)])
  expect(addressesIn({ ...account(1), address: HISTORY_STORAGE_ADDRESS })).toEqual([])
  const hint = { from: address(1), to: address(2), value: '0x0', data: '0x' } as const
  expect(addressesIn({ type: 'gas_hint', ...hint })).toEqual([address(1), address(2)])
  expect(addressesIn({ type: 'gas_hint', ...hint, to: null })).toEqual([address(1)])
  const read = { address: address(3), slots: [], code: false }
  expect(addressesIn({ type: 'state', blockHash: hash(1), accounts: [read, read] })).toEqual([address(3)])
  expect(addressesIn({ type: 'finality_update' })).toEqual([])
})

describe('an assignment', () => {
  /** Asks about addresses in this order, each time the first in the order; returns who learned what. */
  const play = (assigned: ReturnType<typeof assignment>, sources: string[], questions: number[], now = 0) => {
    const learned = new Map<string, Set<number>>()
    for (const n of questions) {
      const first = assigned.order(sources, [address(n)], now)[0]!
      assigned.learned(first, [address(n)], now)
      learned.set(first, (learned.get(first) ?? new Set()).add(n))
    }
    return learned
  }
  const sourceNames = (count: number) => Array.from({ length: count }, (_, i) => `source ${i}`)
  const questions = fc.array(fc.nat(9), { minLength: 2, maxLength: 60 })

  test('shows no source all addresses, and every address to one source', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), questions, fc.nat(255), (count, asked, key) => {
        const learned = play(assignment(key), sourceNames(count), asked)
        const all = new Set(asked)
        const sets = [...learned.values()]
        expect(sets.reduce((sum, set) => sum + set.size, 0)).toBe(all.size)
        if (all.size > 1) for (const set of sets) expect(set.size).toBeLessThan(all.size)
        const sizes = sourceNames(count).map((name) => learned.get(name)?.size ?? 0)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('keeps one person’s addresses apart among those of others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 5 }), questions, (count, strangers) => {
        const own = [1000, 1001, 1002]
        const assigned = assignment()
        assigned.keepApart(own.map(address))
        const learned = play(assigned, sourceNames(count), [...strangers, 1000, ...strangers, 1001, 1002, 1000])
        for (const set of learned.values()) expect(own.every((n) => set.has(n))).toBe(false)
      }),
    )
  })

  test('stays with a source through others that come, and moves on from one that left', () => {
    const assigned = assignment()
    const [first] = play(assigned, sourceNames(3), [1]).keys()
    for (let i = 3; i < 40; i++) expect(assigned.order(sourceNames(i), [address(1)], 5)[0]).toBe(first)
    const rest = sourceNames(3).filter((name) => name !== first)
    const second = assigned.order(rest, [address(1)], 5)[0]!
    assigned.learned(second, [address(1)], 5)
    // both know it now: neither another one is told, nor are the two played against each other
    expect(
      assigned
        .order(sourceNames(9), [address(1)], 6)
        .slice(0, 2)
        .sort(),
    ).toEqual([first, second].sort())
  })

  test('depends on the secret, and is drawn anew when its time is over', () => {
    const drawings = (make: (i: number) => string) => new Set(Array.from({ length: 40 }, (_, i) => make(i))).size
    expect(drawings((i) => assignment(i).order(sourceNames(5), [address(1)], 0)[0]!)).toBeGreaterThan(2)
    const assigned = assignment()
    expect(drawings((i) => [...play(assigned, sourceNames(5), [1], i * ROTATION).keys()][0]!)).toBeGreaterThan(2)
    const same = assignment()
    expect(drawings((i) => [...play(same, sourceNames(5), [1], i).keys()][0]!)).toBe(1)
  })
})

test('the ledger says what each source learned, within bounds', () => {
  const ledger = createLearnedLedger()
  ledger.note('a', account(1), 'earnest')
  ledger.note('a', account(1), 'earnest')
  ledger.note('a', account(2), 'earnest')
  ledger.note('a', account(3), 'decoy')
  ledger.note('a', { type: 'send_transaction', raw: '0x01' }, 'earnest')
  ledger.note('a', { type: 'transaction_location', transactionHash: hash(1) }, 'earnest')
  ledger.note('a', { type: 'finality_update' }, 'earnest')
  expect(ledger.of('a')).toEqual({
    addresses: [address(1), address(2)],
    olderAddresses: 0,
    decoys: 1,
    transactions: 1,
    sent: 1,
  })
  expect(ledger.of('b').addresses).toEqual([])
  for (let i = 0; i < 1000; i++) ledger.note('b', account(i), 'earnest')
  expect(ledger.of('b').addresses).toHaveLength(100)
  expect(ledger.of('b').olderAddresses).toBe(900)
  expect(ledger.of('b').addresses.at(-1)).toBe(address(999))
  for (let i = 0; i < 1000; i++) ledger.note(`peer ${i}`, account(i), 'earnest')
  expect(ledger.of('a').addresses).toEqual([])
})

describe('decoys', () => {
  const signal = new AbortController().signal
  let counter = 0
  const random = (length: number) =>
    Uint8Array.from({ length }, () => {
      counter = (Math.imul(counter, 1_103_515_245) + 12_345) >>> 0
      return counter >>> 24
    })
  const decoys = (plausible: () => Promise<Hex[]>, clock = { now: 1 }) => ({
    clock,
    decoys: createDecoys({ random, now: () => clock.now, plausible }),
  })
  const crowd = Array.from({ length: 20 }, (_, i) => address(100 + i))

  test('are none unless wanted, and nobody is asked for plausible ones before', async () => {
    let asked = 0
    const t = decoys(async () => {
      asked++
      return crowd
    })
    expect(await t.decoys.beside('a', account(1), signal)).toEqual([])
    expect([asked, t.decoys.state]).toEqual([0, 'off'])
    t.decoys.pad(true)
    expect(await t.decoys.beside('a', account(1), signal)).toHaveLength(DECOYS)
    expect([asked, t.decoys.state]).toEqual([1, 'on'])
    t.decoys.pad(false)
    expect(await t.decoys.beside('a', account(1), signal)).toEqual([])
  })

  test('differ from the real question in the address alone, and stay the same for it', async () => {
    const t = decoys(async () => crowd)
    t.decoys.pad(true)
    const first = await t.decoys.beside('a', account(105), signal)
    for (const decoy of first) expect({ ...decoy, address: address(105) }).toEqual(account(105))
    const shown = first.map((decoy) => (decoy as { address: Hex }).address)
    expect(new Set([...shown, address(105)]).size).toBe(DECOYS + 1)
    for (const one of shown) expect(crowd).toContain(one)
    // a later block, the same crowd: who compares the two finds nobody who stayed alone
    const later = await t.decoys.beside('a', { ...account(105), blockHash: hash(2) }, signal)
    expect(later.map((decoy) => (decoy as { address: Hex }).address)).toEqual(shown)
  })

  test('stand in no fixed place', () => {
    const t = decoys(async () => crowd)
    const places = new Set(Array.from({ length: 200 }, () => t.decoys.placeAmong(DECOYS + 1)))
    expect([...places].sort()).toEqual([0, 1, 2, 3])
  })

  test('are not made for what nothing made up looks like', async () => {
    const t = decoys(async () => crowd)
    t.decoys.pad(true)
    expect(await t.decoys.beside('a', { ...account(1), slots: [hash(1)] }, signal)).toEqual([])
    expect(await t.decoys.beside('a', { type: 'finality_update' }, signal)).toEqual([])
    expect(await t.decoys.beside('a', { type: 'pending_nonce', address: address(1) }, signal)).toHaveLength(DECOYS)
  })

  test('that cannot be found are said to be missing, and looked for again', async () => {
    let works = false
    let asked = 0
    const t = decoys(async () => {
      asked++
      if (!works) throw new Error('no block yet')
      return crowd
    })
    t.decoys.pad(true)
    expect(await t.decoys.beside('a', account(1), signal)).toEqual([])
    expect(await t.decoys.beside('a', account(1), signal)).toEqual([])
    expect([asked, t.decoys.state]).toEqual([1, 'waiting'])
    works = true
    t.clock.now += 60_001
    expect(await t.decoys.beside('a', account(1), signal)).toHaveLength(DECOYS)
    expect(t.decoys.state).toBe('on')
  })
})
