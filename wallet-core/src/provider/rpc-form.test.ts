import { toHex } from '@glowworm/light-client/data/hex'
import { nobleEngines } from '@glowworm/wasm-core'
import { getCreateAddress } from 'ethers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { describeVectors, vectorJson } from '../../test/vectors.ts'
import { bloomOf, createdAddress } from './rpc-form.ts'

const { keccak256 } = nobleEngines().hashes

test('addresses of created contracts are those of ethers', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 20, maxLength: 20 }),
      fc.bigInt({ min: 0n, max: 2n ** 53n }),
      (from, nonce) => {
        const expected = getCreateAddress({ from: toHex(from), nonce }).toLowerCase()
        expect(createdAddress(toHex(from), nonce, keccak256)).toBe(expected)
      },
    ),
  )
})

test('an empty list has an empty filter', () => {
  expect(bloomOf([], keccak256)).toEqual(new Uint8Array(256))
})

interface RpcReceipt {
  readonly logsBloom: `0x${string}`
  readonly logs: { address: `0x${string}`; topics: `0x${string}`[]; data: `0x${string}` }[]
}

describeVectors('receipts of a mainnet block', () => {
  test('the filter over the logs of each', () => {
    const { result } = vectorJson<{ result: RpcReceipt[] }>(
      'eth-lightclient/colibri-mainnet/eth_getTransactionreceipt_electra/eth_getBlockReceipts_0x1564966.json',
    )
    expect(result.length).toBeGreaterThan(50)
    for (const { logs, logsBloom } of result) expect(toHex(bloomOf(logs, keccak256))).toBe(logsBloom)
  })
})
