/** Every method there is, and every one that is refused with the reason. docs/json-rpc.md shows this table. @module */
import type { RpcMethod } from './method.ts'
import { eth_blockNumber } from './methods/eth_blockNumber.ts'
import { eth_chainId } from './methods/eth_chainId.ts'
import { eth_getBalance } from './methods/eth_getBalance.ts'

export const METHODS: Readonly<Record<string, RpcMethod>> = {
  eth_blockNumber,
  eth_chainId,
  eth_getBalance,
}

export const REFUSED: Readonly<Record<string, string>> = {}
