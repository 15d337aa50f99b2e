/** Hops by their periods: each is made of its update when it is first asked for, then kept. @module */
import { joinHops, splitHops } from '../ledgers/ethereum/compact/wire.ts'
import { NotAvailable } from '../network/evidence-source.ts'
import type { CompactEvidence } from './compact-evidence.ts'

interface KeptHop {
  readonly hop: Uint8Array
  /** Null where the hop was not the last of its run. */
  readonly end: Uint8Array | null
}

export interface HopRuns {
  /** As `hops` is answered. @throws {NotAvailable} */
  answer(startPeriod: number, count: number, signal: AbortSignal): Promise<Uint8Array>
  /** Keeps a run of hops, so that any part of it that has the same end can be answered. */
  put(startPeriod: number, answer: Uint8Array): void
}

/** Some kilobyte for each period that there is. @param compact makes what is missing, of updates that were verified */
export function hopRuns(compact: Pick<CompactEvidence, 'hops'>): HopRuns {
  const hops = new Map<number, KeptHop>()

  /** Those held of consecutive periods. */
  function keptFrom(startPeriod: number, count: number): KeptHop[] {
    const run: KeptHop[] = []
    for (let period = startPeriod; period < startPeriod + count; period++) {
      const kept = hops.get(period)
      if (!kept) break
      run.push(kept)
    }
    return run
  }

  return {
    async answer(startPeriod, count, signal) {
      const run = keptFrom(startPeriod, count)
      const missing = count - run.length
      const first = startPeriod + run.length
      const made = missing > 0 ? await compact.hops(first, missing, signal).catch(noneIfNotAvailable) : []
      for (const [i, parts] of made.entries()) hops.set(first + i, parts)
      const whole = [...run, ...made]
      const last = whole.findLastIndex(({ end }) => end !== null)
      if (last < 0) throw new NotAvailable('this client', `hops from period ${startPeriod}`)
      return joinHops(
        whole.slice(0, last + 1).map(({ hop }) => hop),
        whole[last]!.end!,
      )
    },
    put(startPeriod, answer) {
      const { hops: parts, end } = splitHops(answer.slice())
      for (const [i, hop] of parts.entries())
        hops.set(startPeriod + i, { hop, end: i === parts.length - 1 ? end : (hops.get(startPeriod + i)?.end ?? null) })
    },
  }
}

function noneIfNotAvailable(cause: unknown): [] {
  if (cause instanceof NotAvailable) return []
  throw cause
}
