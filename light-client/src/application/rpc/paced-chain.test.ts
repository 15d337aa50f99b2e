import { setImmediate as otherWork } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import { pacedChain } from './paced-chain.ts'

const BLOCK = {} as Verified<Block>
/** Milliseconds that each header takes; none of them is waited for. */
const EACH = 2

const chain = {
  async *ancestors(_block: Verified<Block>, count: number) {
    for (let left = count; left > 0; left--) {
      for (const end = performance.now() + EACH; performance.now() < end; );
      yield BLOCK
    }
  },
} as ChainReader

async function walk(over: ChainReader, count: number): Promise<number> {
  let steps = 0
  for await (const _ of over.ancestors(BLOCK, count)) steps++
  return steps
}

it('a long walk lets others have their turn, and many walks together do', async () => {
  const over = pacedChain(chain)
  expect(pacedChain(chain)).toBe(over)
  for (const walks of [1, 20]) {
    let done = false
    const all = Promise.all(Array.from({ length: walks }, () => walk(over, 200 / walks))).then((steps) => {
      done = true
      return steps
    })
    let turns = 0
    for (; !done; turns++) await otherWork()
    expect(await all).toEqual(Array(walks).fill(200 / walks))
    // 400 ms in turns of 20, or of as long as it takes all walks to make one step
    expect(turns).toBeGreaterThan(2)
  }
})
