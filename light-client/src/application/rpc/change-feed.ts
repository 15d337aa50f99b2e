/** Events out of the changes of the chain. A block that cannot be read yet holds up those after it; nothing is lost. @module */
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import { createChainCursor } from './chain-cursor.ts'

export interface ChangeFeed<T> {
  /** Events since the last call, and why there are no more, if something failed: then call again. */
  next(): Promise<{ readonly events: readonly T[]; readonly failure: unknown }>
}

/** Changes that wait at most; a feed that cannot keep up with this many has failed for good. */
const MOST_WAITING = 4096

/** @param read what a block that came, or was replaced, means; called again after a failure */
export async function createChangeFeed<T>(
  chain: ChainReader,
  read: (block: Verified<Block>, removed: boolean) => Promise<readonly T[]>,
): Promise<ChangeFeed<T>> {
  const cursor = await createChainCursor(chain)
  const waiting: { readonly block: Verified<Block>; readonly removed: boolean }[] = []
  let work: Promise<unknown> = Promise.resolve()

  async function next() {
    const events: T[] = []
    try {
      if (waiting.length < MOST_WAITING) {
        const { removed, added } = await cursor.advance()
        for (const block of removed) waiting.push({ block, removed: true })
        for (const block of added) waiting.push({ block, removed: false })
      }
      for (let first = waiting[0]; first; first = waiting[0]) {
        events.push(...(await read(first.block, first.removed)))
        waiting.shift()
      }
      return { events, failure: null }
    } catch (failure) {
      return { events, failure }
    }
  }

  return {
    next() {
      const turn = work.then(next)
      work = turn
      return turn
    },
  }
}
