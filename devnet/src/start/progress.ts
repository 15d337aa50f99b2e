/** What `npm start` prints: one line per step when it is done, then one live line. @module */

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}

export interface Progress {
  /** Runs a step and prints its line, e.g. `✓ devnet started 1.1 s`. On a terminal `what` stands there meanwhile. */
  step<T>(what: string, done: string, work: () => Promise<T>): Promise<T>
  /** A fact worth a line. `name` is the key in JSON. */
  fact(name: string, words: string, value: unknown): void
  /** Replaces the live line. */
  live(words: string, value: Readonly<Record<string, unknown>>): void
  /** Leaves the live line. */
  end(words: string): void
}

/** Prose for people. Colour only on a terminal, and not where NO_COLOR is set. */
export function printProse(out: Output, environment: Readonly<Record<string, string | undefined>>): Progress {
  const coloured = out.isTTY === true && environment.NO_COLOR === undefined && environment.TERM !== 'dumb'
  const colour = (code: number, text: string) => (coloured ? `\x1b[${code}m${text}\x1b[0m` : text)
  let isLive = false
  const line = (text: string) => {
    out.write(`${isLive ? '\r\x1b[K' : ''}${text}\n`)
    isLive = false
  }
  let lastLive = ''
  let lastState: unknown
  return {
    async step(what, done, work) {
      const from = performance.now()
      if (out.isTTY) {
        out.write(colour(2, `… ${what}`))
        isLive = true
      }
      try {
        const result = await work()
        line(`${colour(32, '✓')} ${what} ${done} ${colour(2, seconds(performance.now() - from))}`)
        return result
      } catch (error) {
        line(`${colour(31, '✗')} ${what} not ${done} ${colour(2, seconds(performance.now() - from))}`)
        throw error
      }
    },
    fact: (_name, words) => line(`  ${words}`),
    live(words, { state }) {
      if (words === lastLive) return
      // Without a terminal there is no line to replace: changes of state are printed, the rest would only fill a log.
      if (!out.isTTY) {
        if (state !== lastState) line(words)
        lastState = state
      } else {
        out.write(`\r\x1b[K${words}`)
        isLive = true
      }
      lastLive = words
    },
    end: line,
  }
}

/** One JSON object per line: `{"event":"step"|"fact"|"status"|"end", …}`. */
export function printJson(out: Output): Progress {
  const line = (event: Readonly<Record<string, unknown>>) => out.write(`${JSON.stringify(event)}\n`)
  let lastLive = ''
  return {
    async step(what, done, work) {
      const from = performance.now()
      const milliseconds = () => Math.round(performance.now() - from)
      try {
        const result = await work()
        line({ event: 'step', step: `${what} ${done}`, ok: true, milliseconds: milliseconds() })
        return result
      } catch (error) {
        line({ event: 'step', step: `${what} ${done}`, ok: false, milliseconds: milliseconds() })
        throw error
      }
    },
    fact: (name, _words, value) => line({ event: 'fact', name, value }),
    live(_words, value) {
      const event = JSON.stringify(value)
      if (event !== lastLive) line({ event: 'status', ...value })
      lastLive = event
    },
    end: (words) => line({ event: 'end', words }),
  }
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`
