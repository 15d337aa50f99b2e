/** Interleaved comparison: short blocks of either side in turn, the median block of each, the ratio of the medians. */
export interface Row {
  readonly name: string
  readonly ours: number
  readonly peer: number | null
  readonly peerName: string | null
  /** Peer time / our time: above 1 we are faster. */
  readonly ratio: number | null
  readonly unit: 'us' | 'ms' | 'B' | 'trips'
}

const BLOCKS = 15
const BLOCK_MILLISECONDS = 12

/** Times in microseconds per call. */
export function compare(name: string, peerName: string, ours: () => unknown, peer: () => unknown): Row {
  const sides = [ours, peer].map((run) => ({ run, calls: callsPerBlock(run), blocks: [] as number[] }))
  for (let i = 0; i < BLOCKS; i++)
    for (const side of sides) {
      const start = performance.now()
      for (let call = 0; call < side.calls; call++) side.run()
      side.blocks.push(((performance.now() - start) * 1000) / side.calls)
    }
  const [a, b] = sides.map(({ blocks }) => median(blocks)) as [number, number]
  return { name, ours: round(a), peer: round(b), peerName, ratio: round(b / a), unit: 'us' }
}

function callsPerBlock(run: () => unknown): number {
  const start = performance.now()
  let calls = 0
  while (performance.now() - start < BLOCK_MILLISECONDS || calls < 2) {
    run()
    calls++
  }
  return calls
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}

export function round(value: number): number {
  return Number(value.toPrecision(4))
}
