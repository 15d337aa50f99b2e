import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../../../test/vectors.ts'
import { toHex } from '../../data/hex.ts'
import type { Log } from './claims.ts'
import type { Hex } from './evidence.ts'
import { bloomOf, bloomTest, type LogFilter, logMatches } from './logs.ts'

const { keccak256 } = nobleEngines().hashes

const address = () => fc.constantFrom<Hex>(...[1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as const))
const topic = () => fc.constantFrom<Hex>(...[1, 2, 3].map((n) => `0x${String(n).repeat(64)}` as const))
const logs = (): fc.Arbitrary<Log[]> =>
  fc.array(
    fc.record({ address: address(), topics: fc.array(topic(), { maxLength: 4 }), data: fc.constant<Hex>('0x') }),
    {
      maxLength: 3,
    },
  )
const filter = (): fc.Arbitrary<LogFilter> =>
  fc.record({
    addresses: fc.uniqueArray(address()),
    topics: fc.array(fc.option(fc.uniqueArray(topic(), { minLength: 1 })), { maxLength: 4 }),
  })

test('a bloom never excludes a block with a matching log', () => {
  let excluded = 0
  fc.assert(
    fc.property(logs(), filter(), (all, wanted) => {
      const may = bloomTest(wanted, keccak256)(toHex(bloomOf(all, keccak256)))
      if (all.some((log) => logMatches(wanted, log))) expect(may).toBe(true)
      if (!may) excluded++
    }),
    { numRuns: 500 },
  )
  expect(excluded).toBeGreaterThan(50)
})

test('an empty list has an empty filter, which excludes every log', () => {
  expect(bloomOf([], keccak256)).toEqual(new Uint8Array(256))
  expect(bloomTest({ addresses: [], topics: [] }, keccak256)(`0x${'00'.repeat(256)}`)).toBe(false)
})

interface RpcReceipt {
  readonly logsBloom: Hex
  readonly logs: { address: Hex; topics: Hex[]; data: Hex }[]
}

describeVectors('receipts of a mainnet block', () => {
  test('the filter over the logs of each', () => {
    const { result } = vectorJson<{ result: RpcReceipt[] }>(
      'eth-lightclient/colibri-mainnet/eth_getTransactionreceipt_electra/eth_getBlockReceipts_0x1564966.json',
    )
    expect(result.length).toBeGreaterThan(50)
    for (const { logs: all, logsBloom } of result) expect(toHex(bloomOf(all, keccak256))).toBe(logsBloom)
  })
})
