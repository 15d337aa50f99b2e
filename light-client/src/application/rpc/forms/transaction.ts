/** Transactions as the execution APIs write them. What a kind of transaction does not have is left out. @module */
import { toQuantity } from '../../../data/hex.ts'
import type { Hex } from '../../../ledgers/ethereum/evidence.ts'
import type { DecodedTransaction } from '../../../ledgers/ethereum/transaction.ts'

/** Where a transaction lies. */
export interface Place {
  readonly blockHash: Hex
  readonly blockNumber: bigint
  /** Seconds. */
  readonly timestamp: bigint
  /** Of the block, wei; null before London. */
  readonly baseFeePerGas: bigint | null
  readonly transactionIndex: number
}

/** @param place null for a transaction that is in no block yet */
export function transactionForm(hash: Hex, decoded: DecodedTransaction, place: Place | null): Record<string, unknown> {
  const dynamic = decoded.maxFeePerGas !== null
  const price = place ? effectiveGasPrice(decoded, place.baseFeePerGas) : (decoded.maxFeePerGas ?? decoded.gasPrice)
  return {
    hash,
    type: toQuantity(decoded.type),
    nonce: toQuantity(decoded.nonce),
    from: decoded.from,
    to: decoded.to,
    value: toQuantity(decoded.value),
    gas: toQuantity(decoded.gasLimit),
    input: decoded.data,
    gasPrice: toQuantity(price ?? 0n),
    ...(dynamic
      ? {
          maxFeePerGas: toQuantity(decoded.maxFeePerGas!),
          maxPriorityFeePerGas: toQuantity(decoded.maxPriorityFeePerGas ?? 0n),
        }
      : {}),
    ...(decoded.chainId === null ? {} : { chainId: toQuantity(decoded.chainId) }),
    ...(decoded.accessList === null ? {} : { accessList: decoded.accessList }),
    ...(decoded.maxFeePerBlobGas === null
      ? {}
      : {
          maxFeePerBlobGas: toQuantity(decoded.maxFeePerBlobGas),
          blobVersionedHashes: decoded.blobVersionedHashes,
        }),
    ...(decoded.authorizationList === null
      ? {}
      : {
          authorizationList: decoded.authorizationList.map(({ chainId, address, nonce, yParity, r, s }) => ({
            chainId: toQuantity(chainId),
            address,
            nonce: toQuantity(nonce),
            yParity: toQuantity(yParity),
            r: toQuantity(r),
            s: toQuantity(s),
          })),
        }),
    v: toQuantity(decoded.v),
    ...(decoded.type === 0 ? {} : { yParity: toQuantity(decoded.v) }),
    r: toQuantity(decoded.r),
    s: toQuantity(decoded.s),
    blockHash: place?.blockHash ?? null,
    blockNumber: place ? toQuantity(place.blockNumber) : null,
    transactionIndex: place ? toQuantity(place.transactionIndex) : null,
    ...(place ? { blockTimestamp: toQuantity(place.timestamp) } : {}),
  }
}

/** What was paid per gas (EIP-1559): base fee and tip, no more than the most that was offered. wei */
export function effectiveGasPrice(decoded: DecodedTransaction, baseFeePerGas: bigint | null): bigint {
  if (decoded.gasPrice !== null) return decoded.gasPrice
  const offered = decoded.maxFeePerGas ?? 0n
  const price = (baseFeePerGas ?? 0n) + (decoded.maxPriorityFeePerGas ?? 0n)
  return price < offered ? price : offered
}
