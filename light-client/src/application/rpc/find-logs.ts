/**
 * Logs of a range of blocks, complete or with the blocks that could not be decided. A block whose bloom does not match
 * is proven to have none; of every other all receipts are proven. Nothing a source says about logs is used.
 * @module
 */
import { toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import { decodeReceipt } from '../../ledgers/ethereum/block-content.ts'
import type { Log } from '../../ledgers/ethereum/claims.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { bloomTest, type LogFilter, logMatches } from '../../ledgers/ethereum/logs.ts'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'

/** A log with its place, all of it derived from proven receipts and transactions. */
export interface PlacedLog extends Log {
  readonly block: Block
  readonly transactionHash: Hex
  readonly transactionIndex: number
  /** Among all logs of the block. */
  readonly logIndex: number
}

export interface UndecidedRange {
  readonly from: bigint
  readonly to: bigint
  readonly reason: GlowwormError
}

export interface LogsFound {
  /** In the order of the chain. */
  readonly logs: readonly PlacedLog[]
  /** True when every block of the range was decided: then there are no other logs in it. */
  readonly complete: boolean
  /** Ascending. */
  readonly undecided: readonly UndecidedRange[]
}

/** Finds the matching logs of one block. */
export type BlockLogs = (block: Verified<Block>) => Promise<PlacedLog[]>

/**
 * What is read out of proven lists, once for all subscriptions: as many as there are search the same block at the same
 * time, and the reader hands each the same lists.
 */
function onceFor<K extends object, T>(read: (list: K) => T): (list: K) => T {
  const known = new WeakMap<K, T>()
  return (list) => {
    const found = known.get(list) ?? read(list)
    known.set(list, found)
    return found
  }
}
const logsIn = onceFor((receipts: readonly Uint8Array[]) => {
  const each = receipts.flatMap((raw, transactionIndex) =>
    decodeReceipt(raw).logs.map((log) => ({ ...log, transactionIndex })),
  )
  return each.map((log, logIndex) => ({ ...log, logIndex }))
})
const hashesOf = onceFor((_transactions: readonly Uint8Array[]): Hex[] => [])

/**
 * @returns a search with this filter, for use on many blocks
 * @param matches what is found instead, in blocks that the filter does not rule out
 */
export function logSearch(
  chain: ChainReader,
  filter: LogFilter,
  matches = (log: Log): boolean => logMatches(filter, log),
): BlockLogs {
  const { keccak256 } = chain.engines.hashes
  const mayContain = bloomTest(filter, keccak256)
  return async (block) => {
    if (!mayContain(block.value.logsBloom)) return []
    const found = logsIn((await chain.receipts(block)).value).filter(matches)
    if (found.length === 0) return []
    const { value: transactions } = await chain.transactions(block)
    const hashes = hashesOf(transactions)
    const hashOf = (i: number) => (hashes[i] ??= toHex(keccak256(transactions[i]!)))
    return found.map((log) => ({ ...log, block: block.value, transactionHash: hashOf(log.transactionIndex) }))
  }
}

/**
 * Logs from block `from` to the proven block `last`, both included. A block whose receipts nobody has is reported, and
 * the search goes on; where the headers end, everything below is undecided.
 * @param most logs after which the search gives up
 * @throws {TooManyLogs}
 * @throws {GlowwormError} kind `closed`
 */
export async function findLogs(
  chain: ChainReader,
  search: BlockLogs,
  { from, last, most }: { readonly from: bigint; readonly last: Verified<Block>; readonly most: number },
): Promise<LogsFound> {
  const perBlock: PlacedLog[][] = []
  const undecided: UndecidedRange[] = []
  let count = 0
  const undecidable = (range: Omit<UndecidedRange, 'reason'>, cause: unknown) => {
    if (!(cause instanceof GlowwormError) || cause.kind === 'closed') throw cause
    undecided.push({ ...range, reason: cause })
  }
  const decide = async (block: Verified<Block>) => {
    try {
      const logs = await search(block)
      count += logs.length
      perBlock.push(logs)
    } catch (cause) {
      undecidable({ from: block.value.number, to: block.value.number }, cause)
    }
    if (count > most) throw new TooManyLogs(most)
  }
  await decide(last)
  let lowest = last.value.number
  const ancestors = chain.ancestors(last, Number(lowest - from))
  while (lowest > from) {
    let next: IteratorResult<Verified<Block>, void>
    try {
      next = await ancestors.next()
    } catch (cause) {
      undecidable({ from, to: lowest - 1n }, cause)
      break
    }
    if (next.done) break
    await decide(next.value)
    lowest = next.value.value.number
  }
  return { logs: perBlock.reverse().flat(), complete: undecided.length === 0, undecided: joined(undecided) }
}

/** Neighbouring ranges with one reason as one, ascending. @param ranges descending */
function joined(ranges: readonly UndecidedRange[]): UndecidedRange[] {
  const out: UndecidedRange[] = []
  for (const range of ranges.toReversed()) {
    const before = out.at(-1)
    if (before && before.to + 1n === range.from && before.reason.code === range.reason.code)
      out[out.length - 1] = { ...before, to: range.to }
    else out.push(range)
  }
  return out
}

/** More logs match than one answer may hold. */
export class TooManyLogs extends GlowwormError {
  constructor(most: number) {
    super(
      { name: 'Application.TooManyLogs', code: 'TOO_MANY_LOGS', kind: 'unprovable' },
      `more than ${most} logs match`,
      { next: 'Ask for fewer blocks, or narrow the filter.' },
    )
  }
}
