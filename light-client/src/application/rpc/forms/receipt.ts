/** Receipts as the execution APIs write them; what consensus does not keep is derived from the proven block. @module */
import type { Engines } from '@glowworm/wasm-core'
import { fromHex, minimalBytes, toHex, toQuantity } from '../../../data/hex.ts'
import { encode } from '../../../data/rlp.ts'
import { blobBaseFee, GAS_PER_BLOB } from '../../../ledgers/ethereum/blob-fee.ts'
import { type DecodedReceipt, decodeReceipt } from '../../../ledgers/ethereum/block-content.ts'
import type { Hex } from '../../../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../../../ledgers/ethereum/profile.ts'
import type { Block } from '../../../ledgers/ethereum/proven-block.ts'
import type { DecodedTransaction } from '../../../ledgers/ethereum/transaction.ts'
import { logForm } from './log.ts'
import { effectiveGasPrice } from './transaction.ts'

/** A receipt with what it owes to the ones before it in its block. */
export interface PlacedReceipt extends DecodedReceipt {
  readonly transactionIndex: number
  readonly gasUsed: bigint
  readonly firstLogIndex: number
}

/** Every receipt of a block, in order. @throws {RlpError} */
export function placeReceipts(raw: readonly Uint8Array[]): PlacedReceipt[] {
  let gasBefore = 0n
  let logsBefore = 0
  return raw.map((bytes, transactionIndex) => {
    const receipt = decodeReceipt(bytes)
    const placed = {
      ...receipt,
      transactionIndex,
      gasUsed: receipt.cumulativeGasUsed - gasBefore,
      firstLogIndex: logsBefore,
    }
    gasBefore = receipt.cumulativeGasUsed
    logsBefore += receipt.logs.length
    return placed
  })
}

export function receiptForm(
  receipt: PlacedReceipt,
  transaction: { readonly hash: Hex; readonly decoded: DecodedTransaction },
  block: Block,
  { profile, engines }: { readonly profile: NetworkProfile; readonly engines: Engines },
): Record<string, unknown> {
  const { hash: transactionHash, decoded } = transaction
  const { transactionIndex, firstLogIndex } = receipt
  const blobs = decoded.blobVersionedHashes
  return {
    blockHash: block.hash,
    blockNumber: toQuantity(block.number),
    transactionHash,
    transactionIndex: toQuantity(transactionIndex),
    type: toQuantity(receipt.type),
    ...(receipt.success === null ? { root: receipt.postState } : { status: receipt.success ? '0x1' : '0x0' }),
    from: decoded.from,
    to: decoded.to,
    contractAddress: decoded.to === null ? createdAddress(decoded.from, decoded.nonce, engines) : null,
    gasUsed: toQuantity(receipt.gasUsed),
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    effectiveGasPrice: toQuantity(effectiveGasPrice(decoded, block.baseFeePerGas)),
    ...(blobs === null
      ? {}
      : {
          blobGasUsed: toQuantity(BigInt(blobs.length) * GAS_PER_BLOB),
          blobGasPrice: toQuantity(blobBaseFee(block, profile) ?? 0n),
        }),
    logs: receipt.logs.map((log, i) =>
      logForm(log, block, { transactionHash, transactionIndex, logIndex: firstLogIndex + i }, false),
    ),
    logsBloom: receipt.logsBloom,
  }
}

/** Address of a contract made by a transaction (Yellow Paper §7): the hash of sender and nonce. */
export function createdAddress(from: Hex, nonce: bigint, engines: Pick<Engines, 'hashes'>): Hex {
  return toHex(engines.hashes.keccak256(encode([fromHex(from, 'from', 20), minimalBytes(nonce)])).subarray(12))
}
