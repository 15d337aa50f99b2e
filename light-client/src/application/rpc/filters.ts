/** Filters that callers poll. They live here, over proven heads; no source knows of them. @module */

import type { ChainReader } from '../chain-reader.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'
import { RPC_CODES, RpcError } from './errors.ts'
import { logSearch } from './find-logs.ts'
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
  readonly feed: ChangeFeed<unknown>
  /** Found before something failed, for the next call. */
  readonly held: unknown[]
  /** Null for a filter on blocks. */
  readonly query: LogQuery | null
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
    onBlocks: async () =>
      keep({
        feed: await createChangeFeed(chain, async ({ value }, removed) => (removed ? [] : [value.hash])),
        held: [],
        query: null,
      }),
    async onLogs(query) {
      const search = logSearch(chain, query)
      const feed = await createChangeFeed(chain, async (block, removed) =>
        (await search(block)).map((log) => placedLogForm(log, removed)),
      )
      return keep({ feed, held: [], query })
    },
    async changes(id) {
      const { feed, held } = find(id)
      const { events, failure } = await feed.next()
      held.push(...events)
      if (failure !== null) throw failure
      return held.splice(0)
    },
    queryOf(id) {
      const { query } = find(id)
      if (!query) throw new RpcError(RPC_CODES.unprovable, 'filter not found', { code: 'FILTER_NOT_FOUND' })
      return query
    },
    remove: (id) => typeof id === 'string' && filters.delete(id),
  }
}
