/** Long walks along the chain, in turns with all other work. @module */
import { platformClock } from '../../infrastructure/clock.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { ChainReader } from '../chain-reader.ts'

/** Milliseconds of walking after which others have their turn: new heads, and whoever else asks. */
const TURN = 20

const paced = new WeakMap<ChainReader, ChainReader>()

/**
 * The same chain. Where all headers of a walk are at hand nothing is waited for, and many blocks would be gone through,
 * or many walks, before the process hears of anything else; all walks together have one turn.
 * @param clock a real one: what is simulated takes no time
 */
export function pacedChain(chain: ChainReader, clock: Clock = platformClock): ChainReader {
  const known = paced.get(chain)
  if (known) return known
  let since = clock.now()
  const one: ChainReader = {
    ...chain,
    async *ancestors(block, count) {
      for await (const ancestor of chain.ancestors(block, count)) {
        if (clock.now() - since >= TURN) {
          await clock.sleep(0)
          since = clock.now()
        }
        yield ancestor
      }
    },
  }
  paced.set(chain, one)
  return one
}
