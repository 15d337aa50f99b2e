import type { Hex } from '@glowworm/light-client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Records, TransferRecord } from '../vault/content.ts'
import { baitIn, coveredOf, historyOf, MOST_TRANSFERS, withSearched } from './history.ts'
import { above, type BlockRange, joined, missing } from './ranges.ts'
import { permissionIn, TOPIC, topicOf, transfersIn } from './read-logs.ts'

const ME: Hex = `0x${'11'.repeat(20)}`
const OTHER: Hex = `0x${'22'.repeat(20)}`
const TOKEN: Hex = `0x${'33'.repeat(20)}`
const BLANK: Records = {
  ...{ version: 3, accounts: [], selected: null, hasPhrase: false, backedUp: false, autoLockMinutes: 15 },
  ...{ drills: { phrase: null, file: null }, sites: [], activity: {} },
}
const range = fc
  .tuple(fc.nat(40), fc.nat(12))
  .map(([from, length]) => ({ from: BigInt(from), to: BigInt(from + length) }))
const blocksOf = (ranges: readonly BlockRange[]) => {
  const out = new Set<bigint>()
  for (const { from, to } of ranges) for (let block = from; block <= to; block++) out.add(block)
  return out
}

describe('ranges of blocks', () => {
  it('are the blocks they are made of: joined, missing, and above', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 6 }), range, fc.nat(50), (ranges, wanted, least) => {
        const all = blocksOf(ranges)
        expect(blocksOf(joined(ranges))).toEqual(all)
        for (const [i, one] of joined(ranges).entries()) {
          const before = joined(ranges)[i - 1]
          if (before) expect(one.from > before.to + 1n).toBe(true)
        }
        expect(blocksOf(missing(wanted, ranges))).toEqual(
          new Set([...blocksOf([wanted])].filter((block) => !all.has(block))),
        )
        expect(blocksOf(above(BigInt(least), joined(ranges)))).toEqual(
          new Set([...all].filter((block) => block >= BigInt(least))),
        )
      }),
    )
  })
})

describe('logs', () => {
  const word = (value: bigint) => value.toString(16).padStart(64, '0')
  const log = (topics: Hex[], data: string) => ({ address: TOKEN, topics, data: `0x${data}` as Hex })

  it('of others, in another form, or cut short, tell nothing', () => {
    const [me, other] = [topicOf(ME), topicOf(OTHER)]
    expect(transfersIn(log([TOPIC.transfer, other, other], word(5n)), ME)).toEqual([])
    expect(transfersIn(log([TOPIC.transfer, me], word(5n)), ME)).toEqual([])
    expect(transfersIn(log([TOPIC.transfer, me, other], ''), ME)).toEqual([])
    expect(transfersIn(log([TOPIC.transfer, me, other], 'ff'), ME)).toEqual([])
    expect(transfersIn(log([TOPIC.batch, other, me, other], word(2n ** 255n)), ME)).toEqual([])
    expect(transfersIn(log([], ''), ME)).toEqual([])
    expect(permissionIn(log([TOPIC.approval, other, me], word(5n)), ME)).toBeNull()
    expect(permissionIn(log([TOPIC.approval, me, topicOf(`0x${'0'.repeat(40)}`)], word(0n)), ME)).toBeNull()
  })

  it('never throw, whatever a contract logs', () => {
    const topic = fc.oneof(
      fc.constantFrom<Hex>(...Object.values(TOPIC), topicOf(ME), topicOf(OTHER)),
      fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((value): Hex => `0x${word(value)}`),
    )
    const data = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex'))
    fc.assert(
      fc.property(fc.array(topic, { maxLength: 4 }), data, (topics, bytes) => {
        for (const transfer of transfersIn(log(topics, bytes), ME))
          expect([transfer.from, transfer.to].includes(ME) || topics.includes(topicOf(ME))).toBe(true)
        permissionIn(log(topics, bytes), ME)
      }),
    )
  })
})

describe('what is kept', () => {
  const transfer = (block: number, logIndex = 0): TransferRecord => ({
    ...{ contract: TOKEN, from: OTHER, to: ME, id: null, amount: 1n, single: false },
    ...{
      accountId: 'a',
      block: BigInt(block),
      time: block,
      hash: `0x${block.toString(16).padStart(64, '0')}`,
      logIndex,
    },
    place: 0,
  })

  it('stands once, newest first, however often it is found', () => {
    const found = { transfers: [transfer(5), transfer(9)], permissions: [], covered: [{ from: 5n, to: 9n }] }
    const once = withSearched(BLANK, 'n', 'a', found)
    const twice = withSearched(once, 'n', 'a', { ...found, covered: [{ from: 8n, to: 12n }] })
    expect(historyOf(twice, 'n').transfers.map(({ block }) => block)).toEqual([9n, 5n])
    expect(coveredOf(twice, 'n', 'a')).toEqual([{ from: 5n, to: 12n }])
    expect(coveredOf(twice, 'n', 'b')).toEqual([])
    expect(coveredOf(twice, 'other', 'a')).toEqual([])
  })

  it('claims to cover no block of which it let something go', () => {
    const many = Array.from({ length: MOST_TRANSFERS + 3 }, (_, i) => transfer(100 + Math.floor(i / 2), i))
    const found = { transfers: many, permissions: [], covered: [{ from: 50n, to: 2000n }] }
    const kept = withSearched(BLANK, 'n', 'a', found)
    const [covered] = coveredOf(kept, 'n', 'a')
    const { transfers } = historyOf(kept, 'n')
    expect(transfers.length).toBeLessThanOrEqual(MOST_TRANSFERS)
    for (const one of many.filter(({ block }) => block >= covered!.from)) expect(transfers).toContainEqual(one)
    expect(covered!.to).toBe(2000n)
  })
})

describe('bait', () => {
  const known: Hex = `0xabcd${'0'.repeat(32)}1234`
  const like: Hex = `0xabcd${'9'.repeat(32)}1234`
  it.each([
    ['nothing moved', OTHER, 0n, null, 'zero-value'],
    ['something moved', OTHER, 1n, null, null],
    ['an item without amount', OTHER, 0n, 7n, null],
    ['from one that looks like a known one', like, 1n, null, 'look-alike'],
    ['from the known one itself', known, 0n, null, null],
  ] as const)('%s', (_, from, amount, id, bait) => {
    expect(baitIn({ id, amount, from, to: ME }, ME, [known])).toBe(bait)
  })
})
