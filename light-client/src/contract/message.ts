/** From a call as it was asked to a message with every default filled in. @module */
import { fromHex } from '../data/hex.ts'
import { InvalidInput } from '../errors.ts'
import type { CallRequest } from '../ledgers/ethereum/call-claims.ts'
import type { BlockContext } from './block-context.ts'
import { ZERO_ADDRESS } from './machine.ts'
import type { Message } from './transaction.ts'

/** Most gas a call may use, and what it has by default; as geth's `RPCGasCap`. */
export const CALL_GAS_CAP = 50_000_000n

const WORD = 2n ** 256n

/**
 * @param gas used when the call names none; the cap holds for what it names
 * @throws {InvalidInput} naming the field
 */
export function messageOf(call: CallRequest, block: BlockContext, gas: bigint = CALL_GAS_CAP): Message {
  for (const name of [
    'gas',
    'gasPrice',
    'maxFeePerGas',
    'maxPriorityFeePerGas',
    'maxFeePerBlobGas',
    'value',
  ] as const) {
    const amount = call[name]
    if (amount !== undefined && (amount < 0n || amount >= WORD))
      throw new InvalidInput(name, 'expected a number of 256 bits that is not negative')
  }
  if (call.gasPrice !== undefined && (call.maxFeePerGas !== undefined || call.maxPriorityFeePerGas !== undefined))
    throw new InvalidInput('gasPrice', 'cannot be given together with maxFeePerGas or maxPriorityFeePerGas')
  if (call.blobVersionedHashes?.length === 0)
    throw new InvalidInput('blobVersionedHashes', 'expected at least one hash, or none of the field')
  const { maxFeePerGas, maxPriorityFeePerGas } = feesOf(call)
  const effective = maxPriorityFeePerGas + block.baseFeePerGas
  const named = call.gas === undefined || call.gas > gas ? gas : call.gas
  return {
    from: call.from ?? ZERO_ADDRESS,
    to: call.to ?? null,
    gas: named,
    gasPrice: call.gasPrice ?? (maxFeePerGas === 0n || maxFeePerGas < effective ? maxFeePerGas : effective),
    maxFeePerGas,
    maxPriorityFeePerGas,
    maxFeePerBlobGas: call.maxFeePerBlobGas ?? 0n,
    value: call.value ?? 0n,
    data: fromHex(call.data ?? '0x', 'data'),
    accessList: call.accessList ?? [],
    blobVersionedHashes: call.blobVersionedHashes ?? [],
    authorizationList: call.authorizationList ?? [],
    nonce: null,
  }
}

function feesOf(call: CallRequest): Pick<Message, 'maxFeePerGas' | 'maxPriorityFeePerGas'> {
  if (call.gasPrice !== undefined) return { maxFeePerGas: call.gasPrice, maxPriorityFeePerGas: call.gasPrice }
  return { maxFeePerGas: call.maxFeePerGas ?? 0n, maxPriorityFeePerGas: call.maxPriorityFeePerGas ?? 0n }
}
