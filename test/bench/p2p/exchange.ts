/** What is asked of a source over each transport. Runs in Node and in pages. @module */
import type { EvidenceSource } from '@glowworm/light-client/network/evidence-source'
import { LARGE, LARGE_BYTES, proofRequest } from './evidence.ts'

/** Together below what a peer may ask at once after a pause (`peer-limits.ts`), so that the limit is not what is measured. */
const SEQUENTIAL = 60
const PIPELINED = 110
const LARGE_ANSWERS = 3
/** As many as a source has open with one peer. */
const AT_A_TIME = 12

export interface Exchange {
  /** Answers a second. */
  readonly sequential: number
  readonly pipelined: number
  /** Megabytes a second of the large answer, the best of a few. */
  readonly throughput: number
}

export async function exchange(source: EvidenceSource): Promise<Exchange> {
  const sequential = await answersPerSecond(source, SEQUENTIAL, 1)
  const pipelined = await answersPerSecond(source, PIPELINED, AT_A_TIME)
  let throughput = 0
  for (let i = 0; i < LARGE_ANSWERS; i++) {
    const start = performance.now()
    const { bytes } = await source.request(LARGE, AbortSignal.timeout(60_000))
    if (bytes.length !== LARGE_BYTES) throw new Error(`expected ${LARGE_BYTES} bytes, got ${bytes.length}`)
    throughput = Math.max(throughput, LARGE_BYTES / 1000 / (performance.now() - start))
  }
  return { sequential, pipelined, throughput }
}

async function answersPerSecond(source: EvidenceSource, count: number, atATime: number): Promise<number> {
  let n = 0
  const start = performance.now()
  const asker = async () => {
    while (n < count) await source.request(proofRequest(n++), AbortSignal.timeout(20_000))
  }
  await Promise.all(Array.from({ length: atATime }, asker))
  return (count * 1000) / (performance.now() - start)
}
