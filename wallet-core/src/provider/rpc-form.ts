/** Proven receipts and transactions in the form JSON-RPC gives them. What is not proven is left out, never made up. */
import type { Hex, Log, Receipt, Transaction } from '@glowworm/light-client'
import { concatBytes, fromHex, minimalBytes, toHex, toQuantity } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import type { DecodedTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'

type Keccak256 = (data: Uint8Array) => Uint8Array

/** `place` is null for a transaction of the wallet's own that is not in a block yet. */
export function transactionForm(
  hash: Hex,
  decoded: DecodedTransaction,
  place: Pick<Transaction, 'blockHash' | 'blockNumber' | 'transactionIndex'> | null,
): Record<string, unknown> {
  const optional = {
    chainId: decoded.chainId && toQuantity(decoded.chainId),
    gasPrice: decoded.gasPrice === null ? null : toQuantity(decoded.gasPrice),
    maxFeePerGas: decoded.maxFeePerGas === null ? null : toQuantity(decoded.maxFeePerGas),
    maxPriorityFeePerGas: decoded.maxPriorityFeePerGas === null ? null : toQuantity(decoded.maxPriorityFeePerGas),
    maxFeePerBlobGas: decoded.maxFeePerBlobGas === null ? null : toQuantity(decoded.maxFeePerBlobGas),
    blobVersionedHashes: decoded.blobVersionedHashes,
    accessList: decoded.accessList,
    yParity: decoded.type === 0 ? null : toQuantity(decoded.v),
  }
  return {
    hash,
    type: toQuantity(decoded.type),
    nonce: toQuantity(decoded.nonce),
    from: decoded.from,
    to: decoded.to,
    value: toQuantity(decoded.value),
    gas: toQuantity(decoded.gasLimit),
    input: decoded.data,
    v: toQuantity(decoded.v),
    r: toQuantity(decoded.r),
    s: toQuantity(decoded.s),
    blockHash: place?.blockHash ?? null,
    blockNumber: place ? toQuantity(place.blockNumber) : null,
    transactionIndex: place ? toQuantity(place.transactionIndex) : null,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null)),
  }
}

export function receiptForm(
  receipt: Receipt,
  decoded: DecodedTransaction,
  keccak256: Keccak256,
): Record<string, unknown> {
  const place = {
    blockHash: receipt.blockHash,
    blockNumber: toQuantity(receipt.blockNumber),
    transactionHash: receipt.transactionHash,
    transactionIndex: toQuantity(receipt.transactionIndex),
  }
  return {
    ...place,
    type: toQuantity(receipt.type),
    status: receipt.success ? '0x1' : '0x0',
    from: decoded.from,
    to: decoded.to,
    contractAddress: decoded.to === null ? createdAddress(decoded.from, decoded.nonce, keccak256) : null,
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(effectiveGasPrice(decoded, receipt.baseFeePerGas)),
    logs: receipt.logs.map(({ address, topics, data }, i) => ({
      address,
      topics,
      data,
      ...place,
      logIndex: toQuantity(receipt.firstLogIndex + i),
      removed: false,
    })),
    logsBloom: toHex(bloomOf(receipt.logs, keccak256)),
  }
}

/** What was paid per gas (EIP-1559): the base fee of the proven block and the tip, no more than the most that was offered. */
function effectiveGasPrice(decoded: DecodedTransaction, baseFeePerGas: bigint | null): bigint {
  if (decoded.gasPrice !== null) return decoded.gasPrice
  const offered = decoded.maxFeePerGas ?? 0n
  const price = (baseFeePerGas ?? 0n) + (decoded.maxPriorityFeePerGas ?? 0n)
  return price < offered ? price : offered
}

/** Address of a contract made by a transaction (Yellow Paper §7): the hash of sender and nonce. */
export function createdAddress(from: Hex, nonce: bigint, keccak256: Keccak256): Hex {
  return toHex(keccak256(encode([fromHex(from, 'from', 20), minimalBytes(nonce)])).subarray(12))
}

/** The 2048-bit filter over addresses and topics (Yellow Paper §4.3.1). */
export function bloomOf(logs: readonly Log[], keccak256: Keccak256): Uint8Array {
  const bloom = new Uint8Array(256)
  for (const { address, topics } of logs)
    for (const item of [address, ...topics]) {
      const hash = keccak256(concatBytes(fromHex(item, 'log')))
      for (const at of [0, 2, 4]) {
        const bit = ((hash[at]! << 8) | hash[at + 1]!) & 2047
        bloom[255 - (bit >> 3)]! |= 1 << (bit & 7)
      }
    }
  return bloom
}
