/**
 * `eth_signTransaction`: for a wallet on another screen that keeps its key here. It has shown its owner a whole transaction
 * and will send it itself, so exactly that is shown here and signed, or nothing. Sites do not get it, here or
 * over a session.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { quantityParam, record } from '@glowworm/light-client/application/rpc/parameters'
import type { Core } from '../facade/core.ts'
import { isOtherWallet } from './claimed-site.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import { addressParam, type Params } from './parameters.ts'
import { WITHHELD } from './read-methods.ts'
import { authorized, requestOf } from './signing-methods.ts'

/** The signed transaction, as nodes take it. @throws {RpcError} */
export async function signTransaction(core: Core, origin: string, requestId: string, params: Params): Promise<Hex> {
  if (!isOtherWallet(origin))
    throw new RpcError(RPC.unsupportedMethod, `eth_signTransaction is not supported: ${WITHHELD.eth_signTransaction}.`)
  const { ports, transfers } = core
  const { keccak256 } = ports.engines.hashes
  const fields = record(params[0], 'transaction')
  const account = await authorized(core, origin, addressParam(fields.from, 'from', keccak256))
  // Nothing is filled in: what was shown there would not be what is signed here.
  if (fields.type !== '0x2') throw invalidParams('type: expected 0x2')
  const number = (name: string, bits: number) => quantityParam(fields[name], name, bits)
  const chainId = number('chainId', 53)
  if (chainId !== BigInt(ports.network.chainId))
    throw new RpcError(RPC.chainDisconnected, `This wallet is on chain ${ports.network.chainId}, not ${chainId}.`)
  const exactly = {
    nonce: number('nonce', 64),
    gasLimit: number('gas', 64),
    maxFeePerGas: number('maxFeePerGas', 256),
    maxPriorityFeePerGas: number('maxPriorityFeePerGas', 256),
  }
  const request = { ...requestOf(fields, origin, keccak256), exactly }
  const { hash: signed } = await transfers.propose(account, request, { origin, request: requestId })
  ports.attention?.()
  return signed
}
