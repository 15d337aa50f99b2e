/** What has changed on the proven chain since one looked last: blocks that came, and blocks that were replaced. @module */
import { GlowwormError } from '../../errors.ts'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'

export interface ChainChanges {
  /** Blocks that no longer lie on the chain, newest first. */
  readonly removed: readonly Verified<Block>[]
  /** New blocks, oldest first. */
  readonly added: readonly Verified<Block>[]
}

export interface ChainCursor {
  /** One call at a time. @throws {GapInChain} when more has passed than can be caught up with; the cursor then stands at the head */
  advance(): Promise<ChainChanges>
}

/** Blocks remembered, so that replaced ones can be named. Finality comes sooner on any healthy chain. */
const REMEMBERED = 256
/** Blocks between two looks beyond which nothing is caught up with. */
const MOST_MISSED = 4096

/** A cursor that stands at the newest head. */
export async function createChainCursor(chain: ChainReader): Promise<ChainCursor> {
  /** Ascending; the last is where the cursor stands. */
  let seen = [await chain.header(await chain.head('optimistic'))]

  async function advance(): Promise<ChainChanges> {
    const head = await chain.head('optimistic')
    const known = seen.findLastIndex(({ value }) => value.hash === head.value.hash)
    if (known >= 0) {
      const removed = seen.slice(known + 1).reverse()
      seen = seen.slice(0, known + 1)
      return { removed, added: [] }
    }
    const newest = await chain.header(head)
    const added = [newest]
    let meets = meeting(newest)
    const oldest = seen[0]!.value.number
    if (meets < 0)
      for await (const block of chain.ancestors(newest, MOST_MISSED)) {
        if (block.value.number < oldest) break
        added.unshift(block)
        meets = meeting(block)
        if (meets >= 0) break
      }
    if (meets < 0) {
      seen = [newest]
      throw new GapInChain(oldest, newest.value.number)
    }
    const removed = seen.slice(meets + 1).reverse()
    seen = [...seen.slice(0, meets + 1), ...added].slice(-REMEMBERED)
    return { removed, added }
  }

  const meeting = (block: Verified<Block>) => seen.findLastIndex(({ value }) => value.hash === block.value.parentHash)

  return { advance }
}

/** So much has passed since the last look that events may have been missed. */
export class GapInChain extends GlowwormError {
  constructor(from: bigint, to: bigint) {
    super(
      { name: 'Application.GapInChain', code: 'GAP_IN_CHAIN', kind: 'unprovable' },
      `the blocks after ${from} could not be connected to block ${to}: what happened between them was missed`,
      { next: 'Ask for the logs of that range.' },
    )
  }
}
