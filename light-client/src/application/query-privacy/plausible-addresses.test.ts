import { nobleEngines } from '@glowworm/wasm-core'
import { Transaction, Wallet } from 'ethers'
import { expect, test } from 'vitest'
import { fromHex } from '../../data/hex.ts'
import type { ChainReader } from '../chain-reader.ts'
import { plausibleAddresses } from './plausible-addresses.ts'

const wallets = [1, 2].map((n) => new Wallet(`0x${String(n).repeat(64)}`))
const address = (digit: string) => `0x${digit.repeat(40)}`

async function signed(wallet: Wallet, fields: object): Promise<Uint8Array> {
  const transaction = Transaction.from({ type: 2, chainId: 1, nonce: 0, gasLimit: 21_000, maxFeePerGas: 1, ...fields })
  return fromHex(await wallet.signTransaction(transaction), 'transaction')
}

const chainWith = (transactions: readonly Uint8Array[] | null) =>
  ({
    engines: nobleEngines(),
    head: async () => ({ value: { hash: '0x01' } }),
    byHash: async () => (transactions === null ? null : { value: {} }),
    transactions: async () => ({ value: transactions }),
  }) as unknown as ChainReader

test('are who sent in a recent block, and who received plain coins; not contracts, not what cannot be read', async () => {
  const [first, second] = wallets as [Wallet, Wallet]
  const found = await plausibleAddresses(
    chainWith([
      await signed(first, { to: address('a'), value: 5n }),
      await signed(second, { to: address('b'), value: 5n, data: '0xa9059cbb' }),
      await signed(second, { to: address('c'), value: 0n }),
      Uint8Array.of(0x7e, 1, 2, 3),
    ]),
  )
  expect([...found].sort()).toEqual([address('a'), first.address.toLowerCase(), second.address.toLowerCase()].sort())
})

test('are none where there is no block, and few where the block is full', async () => {
  expect(await plausibleAddresses(chainWith(null))).toEqual([])
  const many = await Promise.all(
    Array.from({ length: 80 }, (_, i) =>
      signed(wallets[0]!, { to: `0x${(i + 1).toString(16).padStart(40, '0')}`, value: 1n }),
    ),
  )
  expect(await plausibleAddresses(chainWith(many))).toHaveLength(65)
})
