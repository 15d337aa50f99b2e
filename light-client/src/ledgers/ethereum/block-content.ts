/** Transactions and receipts of a block, proven by rebuilding the block's tries from all of them. @module */
import type { Engines } from '@glowworm/wasm-core'
import { bytesEqual, fromHex, toHex } from '../../data/hex.ts'
import { asBytes, asList, asNumber, decode } from '../../data/rlp.ts'
import { orderedTrieRoot } from '../../data/trie-root.ts'
import { type ErrorKind, GlowwormError } from '../../errors.ts'
import type { Log, Receipt, Transaction } from './claims.ts'
import { EMPTY_TRIE_ROOT } from './contract.ts'
import type { Hex } from './evidence.ts'
import type { ExecutionHeader } from './execution-header.ts'

/** Decodes an RLP list of byte strings, as `receipts` and `transactions` are answered. @throws {RlpError} */
export function decodeList(bytes: Uint8Array, what: string): Uint8Array[] {
  return asList(decode(bytes.slice()), what).map((item, i) => asBytes(item, `${what}[${i}]`))
}

/** @throws {InvalidBlockContent} */
export function verifyTransactions(header: ExecutionHeader, raw: readonly Uint8Array[], engines: Engines): void {
  expectRoot('transactions', header.transactionsRoot, raw, engines)
}

/** @throws {InvalidBlockContent} of the kind `otherwise` where they are others */
export function verifyReceipts(
  header: ExecutionHeader,
  raw: readonly Uint8Array[],
  engines: Engines,
  otherwise: ErrorKind = 'lie',
): void {
  expectRoot('receipts', header.receiptsRoot, raw, engines, otherwise)
}

/** RLP of each; a block from before Shanghai has none. @throws {InvalidBlockContent} */
export function verifyWithdrawals(header: ExecutionHeader, raw: readonly Uint8Array[], engines: Engines): void {
  expectRoot('withdrawals', header.withdrawalsRoot ?? EMPTY_TRIE_ROOT, raw, engines)
}

/** The transaction with this hash in a verified list: where it lies is found here, never taken from a source. Null: not in it. */
export function findTransaction(
  raw: readonly Uint8Array[],
  transactionHash: Hex,
  block: { hash: Hex; number: bigint },
  engines: Engines,
): Transaction | null {
  const wanted = fromHex(transactionHash, 'transaction hash', 32)
  const index = raw.findIndex((bytes) => bytesEqual(engines.hashes.keccak256(bytes), wanted))
  const bytes = raw[index]
  if (!bytes) return null
  const type = bytes[0]! < 0x80 ? bytes[0]! : 0
  return {
    hash: transactionHash,
    blockHash: block.hash,
    blockNumber: block.number,
    transactionIndex: index,
    type,
    raw: toHex(bytes),
  }
}

/** The receipt at a place of a verified list; everything not in it is derived. @throws {RlpError} */
export function receiptAt(raw: readonly Uint8Array[], transaction: Transaction, header: ExecutionHeader): Receipt {
  const index = transaction.transactionIndex
  const { type, success, cumulativeGasUsed, logs } = decodeReceipt(raw[index]!)
  if (success === null)
    throw new InvalidBlockContent('receipts', 'a receipt from before Byzantium does not say whether it succeeded')
  const earlier = raw.slice(0, index).map(decodeReceipt)
  const before = earlier.at(-1)?.cumulativeGasUsed ?? 0n
  return {
    transactionHash: transaction.hash,
    blockHash: transaction.blockHash,
    blockNumber: transaction.blockNumber,
    transactionIndex: index,
    gasUsed: cumulativeGasUsed - before,
    firstLogIndex: earlier.reduce((sum, { logs }) => sum + logs.length, 0),
    baseFeePerGas: header.baseFeePerGas,
    type,
    success,
    cumulativeGasUsed,
    logs,
  }
}

export interface DecodedReceipt {
  readonly type: number
  /** Null before Byzantium, when a receipt carried the state root after its transaction instead. */
  readonly success: boolean | null
  readonly postState: Hex | null
  readonly cumulativeGasUsed: bigint
  readonly logsBloom: Hex
  readonly logs: readonly Log[]
}

/** Reads the consensus encoding of a receipt of any fork. @throws {RlpError} */
export function decodeReceipt(bytes: Uint8Array): DecodedReceipt {
  const typed = bytes.length > 0 && bytes[0]! < 0x80
  const [status, cumulativeGasUsed, bloom, logs] = asList(decode(typed ? bytes.subarray(1) : bytes), 'the receipt', 4)
  const beforeByzantium = asBytes(status, 'the status').length === 32
  return {
    type: typed ? bytes[0]! : 0,
    success: beforeByzantium ? null : asNumber(status, 'the status', 1) === 1n,
    postState: beforeByzantium ? toHex(asBytes(status, 'the state root')) : null,
    cumulativeGasUsed: asNumber(cumulativeGasUsed, 'the gas used', 8),
    logsBloom: toHex(asBytes(bloom, 'the logs bloom', 256)),
    logs: asList(logs, 'the logs').map((item): Log => {
      const [address, topics, data] = asList(item, 'a log', 3)
      return {
        address: toHex(asBytes(address, 'the address of a log', 20)),
        topics: asList(topics, 'the topics').map((topic) => toHex(asBytes(topic, 'a topic', 32))),
        data: toHex(asBytes(data, 'the data of a log')),
      }
    }),
  }
}

type Content = 'transactions' | 'receipts' | 'withdrawals'

function expectRoot(
  what: Content,
  root: Hex,
  raw: readonly Uint8Array[],
  engines: Engines,
  otherwise: ErrorKind = 'lie',
): void {
  if (raw.some((item) => item.length === 0)) throw new InvalidBlockContent(what, 'an entry is empty')
  const computed = toHex(orderedTrieRoot(raw, engines.hashes))
  if (computed !== root)
    throw new InvalidBlockContent(what, `they hash to ${computed}, the header says ${root}`, otherwise)
}

/** Transactions, receipts or withdrawals that are not those of the proven block. */
export class InvalidBlockContent extends GlowwormError {
  constructor(what: Content, reason: string, kind: ErrorKind = 'lie') {
    super(
      { name: 'Ethereum.InvalidBlockContent', code: 'INVALID_BLOCK_CONTENT', kind },
      `the ${what} are not those of the proven block: ${reason}`,
      { next: 'Ask another source.' },
    )
  }
}
