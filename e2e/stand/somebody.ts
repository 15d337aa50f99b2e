/** Somebody else on the network, who has plenty: makes contracts, calls them, and gives money away. @module */
import { DEV_ACCOUNTS } from '@glowworm/devnet/execution/accounts'
import type { Hex } from '@glowworm/light-client'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, type Stand } from './stand.ts'

export const somebody = privateKeyToAccount(DEV_ACCOUNTS[2]!.privateKey)

/** Sends a transaction and waits for its block. @returns the address of the contract that was made, or called */
export async function make(
  stand: Stand,
  { to, data = '0x', value = 0n }: { to?: Hex; data?: Hex; value?: bigint },
): Promise<Hex> {
  const nonce = Number(await stand.rpc<Hex>('eth_getTransactionCount', somebody.address, 'pending'))
  const raw = await somebody.signTransaction({
    type: 'eip1559',
    chainId: Number(await stand.rpc<Hex>('eth_chainId')),
    nonce,
    gas: 3_000_000n,
    maxFeePerGas: 100_000_000_000n,
    maxPriorityFeePerGas: 1_000_000_000n,
    data,
    value,
    ...(to ? { to } : {}),
  })
  const hash = await stand.rpc<Hex>('eth_sendRawTransaction', raw)
  const receipt = async () =>
    stand.rpc<{ status: Hex; contractAddress: Hex | null } | null>('eth_getTransactionReceipt', hash)
  await expect.poll(async () => (await receipt())?.status ?? null).toBe('0x1')
  return ((await receipt())!.contractAddress ?? to!).toLowerCase() as Hex
}
