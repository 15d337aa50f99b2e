/** How much one site may have under way at once: a page that floods costs itself, not the others. */
import { RPC, RpcError } from './errors.ts'

/** Far above what libraries have open together; each costs the wallet a few kilobytes. */
const MOST_UNDER_WAY = 256

/** Counts by origin, so that more tabs or frames do not mean more room. */
export function limitUnderWay(most = MOST_UNDER_WAY): <T>(origin: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, number>()
  return async (origin, work) => {
    const before = underWay.get(origin) ?? 0
    if (before >= most)
      throw new RpcError(RPC.limitExceeded, `This site has ${most} requests under way; wait for their answers.`)
    underWay.set(origin, before + 1)
    try {
      return await work()
    } finally {
      const now = underWay.get(origin)! - 1
      if (now === 0) underWay.delete(origin)
      else underWay.set(origin, now)
    }
  }
}
