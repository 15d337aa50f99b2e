/** Reads the filter objects of eth_getLogs, eth_newFilter and eth_subscribe. @module */
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import type { LogFilter } from '../../ledgers/ethereum/logs.ts'
import { type BlockParameter, blockParameter } from './block-parameter.ts'
import { invalidParams } from './errors.ts'
import { addressParam, hashParam, listParam, record } from './parameters.ts'

export interface LogQuery extends LogFilter {
  readonly range:
    | { readonly kind: 'block'; readonly hash: Hex }
    | { readonly kind: 'range'; readonly from: BlockParameter; readonly to: BlockParameter }
}

const MOST_CHOICES = 1000

export function logFilterParam(value: unknown): LogFilter {
  const { address, topics } = record(value ?? {}, 'filter')
  return { addresses: choices(address, 'address', addressParam) ?? [], topics: topicsParam(topics) }
}

export function logQueryParam(value: unknown): LogQuery {
  const fields = record(value, 'filter')
  const { blockHash, fromBlock, toBlock } = fields
  if (blockHash !== undefined && blockHash !== null) {
    if ((fromBlock ?? null) !== null || (toBlock ?? null) !== null)
      throw invalidParams('filter: blockHash excludes fromBlock and toBlock')
    return { ...logFilterParam(fields), range: { kind: 'block', hash: hashParam(blockHash, 'blockHash') } }
  }
  const range = { kind: 'range', from: blockParameter(fromBlock), to: blockParameter(toBlock) } as const
  if (range.from.by === 'hash' || range.to.by === 'hash')
    throw invalidParams('filter: fromBlock and toBlock are numbers or tags')
  return { ...logFilterParam(fields), range }
}

function topicsParam(value: unknown): (readonly Hex[] | null)[] {
  if (value === undefined || value === null) return []
  return listParam(value, 'topics', 4).map((topic, i) => choices(topic, `topics[${i}]`, hashParam))
}

/** One, several, or (null, absent, an empty list) any. */
function choices(value: unknown, what: string, read: (value: unknown, what: string) => Hex): Hex[] | null {
  if (value === undefined || value === null) return null
  const list = (Array.isArray(value) ? listParam(value, what, MOST_CHOICES) : [value]).map((one) => read(one, what))
  return list.length === 0 ? null : list
}
