/** Blocks and headers as the execution APIs write them. @module */
import { toHex, toQuantity } from '../../../data/hex.ts'
import { asBytes, asList, asNumber, decode } from '../../../data/rlp.ts'
import type { Block } from '../../../ledgers/ethereum/proven-block.ts'

/** keccak256(rlp([])): what a block without ommers says. */
export const EMPTY_OMMERS_HASH = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'

/** A header as `newHeads` gives it. Fields that the block's fork does not have are left out. */
export function headerForm(block: Block): Record<string, unknown> {
  const optional = {
    baseFeePerGas: block.baseFeePerGas,
    withdrawalsRoot: block.withdrawalsRoot,
    blobGasUsed: block.blobGasUsed,
    excessBlobGas: block.excessBlobGas,
    parentBeaconBlockRoot: block.parentBeaconBlockRoot,
    requestsHash: block.requestsHash,
    blockAccessListHash: block.blockAccessListHash,
    slotNumber: block.slotNumber,
  }
  return {
    hash: block.hash,
    parentHash: block.parentHash,
    sha3Uncles: block.sha3Uncles,
    miner: block.miner,
    stateRoot: block.stateRoot,
    transactionsRoot: block.transactionsRoot,
    receiptsRoot: block.receiptsRoot,
    logsBloom: block.logsBloom,
    difficulty: toQuantity(block.difficulty),
    number: toQuantity(block.number),
    gasLimit: toQuantity(block.gasLimit),
    gasUsed: toQuantity(block.gasUsed),
    timestamp: toQuantity(block.timestamp),
    extraData: block.extraData,
    mixHash: block.mixHash,
    nonce: block.nonce,
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([name, value]) =>
        value === null ? [] : [[name, typeof value === 'bigint' ? toQuantity(value) : value]],
      ),
    ),
  }
}

/**
 * @param transactions hashes or whole transactions, in their JSON form
 * @param content the raw lists, for the size; withdrawals are null before Shanghai
 */
export function blockForm(
  block: Block,
  transactions: readonly unknown[],
  content: { readonly transactions: readonly Uint8Array[]; readonly withdrawals: readonly Uint8Array[] | null },
): Record<string, unknown> {
  return {
    ...headerForm(block),
    size: toQuantity(sizeOf(block, content)),
    transactions,
    uncles: [],
    ...(content.withdrawals === null ? {} : { withdrawals: content.withdrawals.map(withdrawalForm) }),
  }
}

function withdrawalForm(raw: Uint8Array): Record<string, unknown> {
  const [index, validatorIndex, address, amount] = asList(decode(raw), 'the withdrawal', 4)
  return {
    index: toQuantity(asNumber(index, 'index', 8)),
    validatorIndex: toQuantity(asNumber(validatorIndex, 'validatorIndex', 8)),
    address: toHex(asBytes(address, 'address', 20)),
    amount: toQuantity(asNumber(amount, 'amount', 8)),
  }
}

/** Bytes of the block's RLP: [header, transactions, ommers (none), withdrawals]. */
function sizeOf(
  block: Block,
  { transactions, withdrawals }: { transactions: readonly Uint8Array[]; withdrawals: readonly Uint8Array[] | null },
): number {
  // A legacy transaction is a list and stands as it is; a typed one is a byte string in the list.
  const inBlock = transactions.reduce((sum, raw) => sum + (raw[0]! < 0x80 ? withPrefix(raw.length) : raw.length), 0)
  const inWithdrawals = withdrawals?.reduce((sum, raw) => sum + raw.length, 0)
  return withPrefix(
    block.headerSize + withPrefix(inBlock) + 1 + (inWithdrawals === undefined ? 0 : withPrefix(inWithdrawals)),
  )
}

/** Length of an RLP list or string of several bytes with its prefix. */
function withPrefix(length: number): number {
  if (length < 56) return length + 1
  return length + 1 + Math.ceil(length.toString(16).length / 2)
}
