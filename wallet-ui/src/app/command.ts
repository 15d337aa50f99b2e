import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { MessageKey, Words } from '../messages/language.ts'

/** One command at a time: whether it runs, how it failed, and a way to run it. */
export interface Command {
  readonly busy: boolean
  readonly problem: Problem | null
  /**
   * Resolves with true when the action succeeded; a failure stands in `problem`. An action that was stopped has failed
   * without one: who stopped it knows.
   */
  run(action: (stop: AbortSignal) => Promise<void>): Promise<boolean>
  /** Asks the action that runs to stop, where it takes the signal. So does leaving the screen. */
  stop(): void
  clear(): void
}

export function useCommand(): Command {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  // State alone would let a double click start a second command before the next drawing.
  const running = useRef(false)
  const stopper = useRef<AbortController | null>(null)
  const stop = useCallback(() => stopper.current?.abort(), [])
  useEffect(() => stop, [stop])
  return {
    busy,
    problem,
    stop,
    run: async (action) => {
      if (running.current) return false
      running.current = true
      const current = new AbortController()
      stopper.current = current
      setBusy(true)
      setProblem(null)
      try {
        await action(current.signal)
        return true
      } catch (error) {
        const failed = problemOf(error)
        if (failed.code !== 'STOPPED') setProblem(failed)
        return false
      } finally {
        running.current = false
        setBusy(false)
      }
    },
    clear: () => setProblem(null),
  }
}

/** The problem a façade command rejected with; anything else becomes `UNEXPECTED` with its message. */
export function problemOf(error: unknown): Problem {
  if (typeof error === 'object' && error !== null && 'problem' in error && isProblem(error.problem))
    return error.problem
  return {
    code: 'UNEXPECTED',
    kind: 'closed',
    message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    next: null,
  }
}

function isProblem(candidate: unknown): candidate is Problem {
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    'code' in candidate &&
    typeof candidate.code === 'string' &&
    'message' in candidate &&
    typeof candidate.message === 'string'
  )
}

/** A problem in the reader's language where its code is known, else in the core's own words. `detail` is always the core's. */
export function problemWords(
  problem: Problem,
  words: Words,
): { what: string; next: string | null; detail: string | null } {
  const key = `problem.${problem.code}`
  if (!words.has(key)) return { what: problem.message, next: problem.next, detail: null }
  const say = words.t as (key: MessageKey) => string
  const next = `${key}.next`
  return { what: say(key), next: words.has(next) ? say(next) : problem.next, detail: problem.message }
}
