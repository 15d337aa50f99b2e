/**
 * Interleaved measuring: short blocks of either side in turn, in one process. The times are those of the median blocks;
 * the ratio is the median of the ratios of neighbouring blocks, because what slows the machine for a while slows both.
 * Runs under Node and in a browser.
 * @module
 */

/** One line of a benchmark. Without a peer it is a figure of ours alone. */
export interface Row {
  readonly name: string
  readonly ours: number
  readonly peer: number | null
  readonly peerName: string | null
  /** Peer time / our time: above 1 we are faster. */
  readonly ratio: number | null
  readonly unit: 'us' | 'ms' | 'B' | 'trips'
}

/** A line of a benchmark that runs in several places. */
export interface PlacedRow extends Row {
  readonly where: 'node' | 'chromium'
}

/** The same job done by us and by a peer. */
export interface Contest<Ours = unknown, Theirs = unknown> {
  readonly name: string
  readonly peerName: string
  readonly ours: () => Ours
  readonly peer: () => Theirs | Promise<Theirs>
  /** Whether both did the job: seen once before measuring, because a refusal is fast. */
  readonly agree: (ours: Ours, peer: Theirs) => boolean
  /** Operations per call, when it is not one. */
  readonly oursPerCall?: number
  readonly peerPerCall?: number
  /** Sets the peer's global switches. */
  readonly before?: () => void
}

/** Hides the types of the results, so that contests of all kinds go into one list. */
export function contest<Ours, Theirs>(given: Contest<Ours, Theirs>): Contest {
  return given as unknown as Contest
}

/**
 * Shorter than the turn a busy operating system gives a process, so that most blocks are not interrupted; long against
 * the resolution of the clock, which is 5 µs in an isolated page and finer under Node.
 */
const BLOCK_MILLISECONDS = 1
const BLOCKS = 301
/** Slow contests end earlier, after so much time of a side and no fewer blocks. */
const ENOUGH_MILLISECONDS = 900
const FEWEST_BLOCKS = 15
/** Engines compile hot functions anew in the background; by then they have. */
const WARM_MILLISECONDS = 300
const WARM_CALLS = 10

/** Times in microseconds per operation. */
export async function measure(given: Contest, where: PlacedRow['where']): Promise<PlacedRow> {
  given.before?.()
  if (!given.agree(given.ours(), await given.peer()))
    throw new Error(`${given.name}: ours and ${given.peerName} give different answers`)
  const ours = side(given.ours, given.oursPerCall)
  const peer = side(given.peer, given.peerPerCall)
  for (const each of [ours, peer]) await each.warm()
  const start = performance.now()
  const enough = (done: number) => done >= FEWEST_BLOCKS && performance.now() - start > 2 * ENOUGH_MILLISECONDS
  for (let i = 0; i < BLOCKS && !enough(i); i++)
    for (const each of i % 2 === 0 ? [ours, peer] : [peer, ours]) await each.block()
  const { name, peerName } = given
  const ratio = median(ours.blocks.map((block, i) => peer.blocks[i]! / block))
  const [a, b] = [median(ours.blocks), median(peer.blocks)]
  return { name, ours: round(a), peer: round(b), peerName, ratio: round(ratio), unit: 'us', where }
}

function side(run: () => unknown, perCall = 1) {
  const blocks: number[] = []
  let calls = 1
  const once = async (count: number): Promise<number> => {
    const start = performance.now()
    // Only a peer that gives promises is waited for: waiting costs a turn of the queue.
    for (let i = 0; i < count; i++) {
      const result = run()
      if (result instanceof Promise) await result
    }
    return performance.now() - start
  }
  return {
    blocks,
    async warm() {
      let total = 0
      let spent = 0
      let perCall = Number.POSITIVE_INFINITY
      while (spent < WARM_MILLISECONDS || total < WARM_CALLS) {
        const time = await once(calls)
        total += calls
        spent += time
        perCall = Math.min(perCall, Math.max(time, 0.005) / calls)
        if (time < BLOCK_MILLISECONDS) calls *= 2
      }
      calls = Math.max(1, Math.round(BLOCK_MILLISECONDS / perCall))
    },
    async block() {
      blocks.push(((await once(calls)) * 1000) / calls / perCall)
    },
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

export function round(value: number): number {
  return Number(value.toPrecision(4))
}
