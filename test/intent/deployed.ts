/** Contracts of `contracts/fixtures.sol` on a devnet, and ways to call them. @module */
import type { Devnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { encodeAbiParameters, encodeFunctionData, parseAbiItem, parseAbiParameters } from 'viem'
import { CONTRACTS } from './contracts/bytecode.ts'

export type ContractName = keyof typeof CONTRACTS

export function calldata(signature: string, ...args: unknown[]): Hex {
  const abi = [parseAbiItem(`function ${signature}`)] as never
  return encodeFunctionData({ abi, args } as never)
}

/** Creation code with its arguments. */
export function creation(name: ContractName, types = '', ...args: unknown[]): Hex {
  const encoded = types === '' ? '0x' : encodeAbiParameters(parseAbiParameters(types), args as never)
  return `${CONTRACTS[name]}${encoded.slice(2)}`
}

/** Sends from one of anvil's own accounts and lets a slot pass. @returns the receipt */
export async function transact(devnet: Devnet, transaction: { from: Hex; to?: Hex; data?: Hex; value?: Hex }) {
  const hash = await devnet.execution<Hex>('eth_sendTransaction', { gas: '0x4c4b40', ...transaction })
  await devnet.advance(1)
  const receipt = await devnet.execution<{ status: Hex; contractAddress: Hex | null }>(
    'eth_getTransactionReceipt',
    hash,
  )
  if (receipt.status !== '0x1') throw new Error(`the transaction failed: ${hash}`)
  return receipt
}

export async function deploy(devnet: Devnet, from: Hex, ...code: Parameters<typeof creation>): Promise<Hex> {
  const { contractAddress } = await transact(devnet, { from, data: creation(...code) })
  return contractAddress!.toLowerCase() as Hex
}
