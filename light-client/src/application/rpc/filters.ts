/** Filters that callers poll. They live here, over proven heads; no source knows of them. @module */
import { type ChainCursor, createChainCursor } from '../chain-cursor.ts'
import type { ChainReader } from '../chain-reader.ts'
import { type BlockLogs, logSearch } from '../logs.ts'
import { RPC_CODES, RpcError } from './errors.ts'
import type { LogQuery } from './log-filter.ts'
import { placedLogForm } from './logs-answer.ts'

export interface Filters {
  onBlocks(): Promise<string>
  onLogs(query: LogQuery): Promise<string>
  /** What has happened since the last call. @throws {RpcError} for an unknown id */
  changes(id: unknown): Promise<unknown[]>
  /** The query of a filter on logs. @throws {RpcError} for any other id */
  queryOf(id: unknown): LogQuery
  remove(id: unknown): boolean
}

interface Filter {
  readonly cursor: ChainCursor
  readonly logs: { readonly query: LogQuery; readonly search: BlockLogs } | null
}

/** Filters held; whoever makes more loses the ones that were used the longest time ago. */
const MOST_FILTERS = 256

export function createFilters(chain: ChainReader): Filters {
  /** In order of last use. */
  const filters = new Map<string, Filter>()
  let next = 1n

  function keep(filter: Filter): string {
    const id = `0x${(next++).toString(16)}`
    filters.set(id, filter)
    if (filters.size > MOST_FILTERS) filters.delete(filters.keys().next().value!)
    return id
  }
  function find(id: unknown): Filter {
    const filter = typeof id === 'string' ? filters.get(id) : undefined
    if (!filter) throw new RpcError(RPC_CODES.unprovable, 'filter not found', { code: 'FILTER_NOT_FOUND' })
    filters.delete(id as string)
    filters.set(id as string, filter)
    return filter
  }

  return {
    onBlocks: async () => keep({ cursor: await createChainCursor(chain), logs: null }),
    onLogs: async (query) =>
      keep({ cursor: await createChainCursor(chain), logs: { query, search: logSearch(chain, query) } }),
    async changes(id) {
      const { cursor, logs } = find(id)
      const { removed, added } = await cursor.advance()
      if (!logs) return added.map(({ value }) => value.hash)
      const found: unknown[] = []
      for (const block of removed) for (const log of await logs.search(block)) found.push(placedLogForm(log, true))
      for (const block of added) for (const log of await logs.search(block)) found.push(placedLogForm(log, false))
      return found
    },
    queryOf(id) {
      const { logs } = find(id)
      if (!logs) throw new RpcError(RPC_CODES.unprovable, 'filter not found', { code: 'FILTER_NOT_FOUND' })
      return logs.query
    },
    remove: (id) => typeof id === 'string' && filters.delete(id),
  }
}
