import { toQuantity } from '../../data/hex.ts'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import { type BlockParameter, findBlock } from './block-parameter.ts'
import { invalidParams, RPC_CODES, RpcError } from './errors.ts'
import { findLogs, type LogsFound, logSearch, type PlacedLog } from './find-logs.ts'
import { logForm } from './forms/log.ts'
import type { LogQuery } from './log-filter.ts'
import { type RpcAnswer, type RpcContext, verified } from './method.ts'

/** Blocks of one query, and logs of one answer. */
const MOST_BLOCKS = 50_000n
const MOST_LOGS = 20_000

type SearchContext = Pick<RpcContext, 'chain' | 'searches' | 'caller'>

/** What was found, and the newest block of the range. */
export interface LogsAnswer extends LogsFound {
  readonly last: Verified<Block>
}

/**
 * Logs with the ranges that could not be decided, for callers that can use a part.
 * @throws {RpcError} for a range that makes no sense or is too long
 */
export async function queryLogs(chain: ChainReader, query: LogQuery): Promise<LogsAnswer> {
  if (query.range.kind === 'block') {
    const block = await chain.byHash(query.range.hash)
    if (!block) throw new RpcError(RPC_CODES.unprovable, 'no block with this hash is known', { code: 'UNKNOWN_BLOCK' })
    return {
      ...(await findLogs(chain, logSearch(chain, query), { from: block.value.number, last: block, most: MOST_LOGS })),
      last: block,
    }
  }
  const { from, to } = query.range
  const [lowest, highest] = await Promise.all([numberOf(chain, from), numberOf(chain, to)])
  if (lowest > highest) throw invalidParams(`filter: block ${lowest} comes after block ${highest}`)
  if (highest - lowest >= MOST_BLOCKS)
    throw new RpcError(
      RPC_CODES.limitExceeded,
      `at most ${MOST_BLOCKS} blocks in one query, asked for ${highest - lowest + 1n}`,
      {
        code: 'TOO_MANY_BLOCKS',
        most: Number(MOST_BLOCKS),
      },
    )
  const last = await findBlock(chain, to)
  if (!last) throw await beyondHead(chain, lowest, highest)
  return { ...(await findLogs(chain, logSearch(chain, query), { from: lowest, last, most: MOST_LOGS })), last }
}

/**
 * JSON-RPC has no place for “these, and perhaps more”: a list that may lack something is an error that says what.
 * @throws {RpcError} @throws {TooManyCalls}
 */
export async function answerLogs({ chain, searches, caller }: SearchContext, query: LogQuery): Promise<RpcAnswer> {
  const place = await searches.enter(caller.asker ?? '', caller.signal ?? new AbortController().signal)
  const { logs, complete, undecided, last } = await queryLogs(chain, query).finally(place.leave)
  if (!complete) {
    const missing = undecided.map(({ from, to, reason }) => ({
      fromBlock: toQuantity(from),
      toBlock: toQuantity(to),
      reason: { code: reason.code, message: reason.message },
    }))
    const words = undecided.map(({ from, to }) => (from === to ? `block ${from}` : `blocks ${from} to ${to}`))
    throw new RpcError(
      RPC_CODES.unprovable,
      `the logs would not be complete: ${words.join(', ')} could not be decided (${undecided[0]!.reason.message})`,
      { code: 'INCOMPLETE_LOGS', complete: false, undecided: missing },
    )
  }
  return verified(
    logs.map((log) => placedLogForm(log, false)),
    last,
    'complete: headers of the whole range, blooms where they exclude, all receipts elsewhere',
  )
}

export function placedLogForm(log: PlacedLog, removed: boolean): Record<string, unknown> {
  return logForm(log, log.block, log, removed)
}

async function numberOf(chain: ChainReader, parameter: BlockParameter): Promise<bigint> {
  if (parameter.by === 'number') return parameter.number
  if (parameter.by === 'head') return (await chain.head(parameter.head)).value.number
  throw invalidParams('filter: fromBlock and toBlock are numbers or tags')
}

async function beyondHead(chain: ChainReader, lowest: bigint, highest: bigint): Promise<RpcError> {
  const head = (await chain.head('optimistic')).value.number
  const from = lowest > head ? lowest : head + 1n
  return new RpcError(
    RPC_CODES.unprovable,
    `the logs would not be complete: blocks ${from} to ${highest} lie above the newest proven head ${head}`,
    {
      code: 'INCOMPLETE_LOGS',
      complete: false,
      undecided: [
        {
          fromBlock: toQuantity(from),
          toBlock: toQuantity(highest),
          reason: { code: 'ABOVE_HEAD', message: 'above the newest proven head' },
        },
      ],
    },
  )
}
