/**
 * Whose turn it is where several calls compute in one thread: whoever asks, in turn, and of one asker's calls the one
 * that has computed least. So a short call goes before long ones, and many calls of one asker weigh no more than one of
 * another. Pure.
 * @module
 */
export interface Waiting {
  readonly asker: string
  /** Milliseconds that it has computed so far. */
  readonly spent: number
  go(): void
}

export interface Turns<W extends Waiting = Waiting> {
  readonly waiting: readonly W[]
  wait(call: W): void
  /** Takes out whoever is next; null: nobody waits. */
  next(): W | null
  /** It waits no longer. */
  drop(call: W): void
}

export function createTurns<W extends Waiting = Waiting>(): Turns<W> {
  const line: W[] = []
  /** Number of the last turn of each asker who waits or had the very last one. */
  const served = new Map<string, number>()
  let turn = 0

  const lastTurn = ({ asker }: W) => served.get(asker)!
  const isBefore = (a: W, b: W) => lastTurn(a) - lastTurn(b) || a.spent - b.spent
  return {
    waiting: line,
    wait(call) {
      // Behind the one who has waited longest and before all others: quick for who is new, and nobody starves.
      if (!served.has(call.asker)) served.set(call.asker, Math.min(turn, ...line.map(lastTurn)) + 0.5)
      line.push(call)
    },
    next() {
      const [first, ...others] = line
      if (!first) return null
      const next = others.reduce((best, one) => (isBefore(one, best) < 0 ? one : best), first)
      line.splice(line.indexOf(next), 1)
      served.set(next.asker, ++turn)
      const known = new Set(line.map(({ asker }) => asker)).add(next.asker)
      for (const asker of served.keys()) if (!known.has(asker)) served.delete(asker)
      return next
    },
    drop(call) {
      const at = line.indexOf(call)
      if (at >= 0) line.splice(at, 1)
    },
  }
}
