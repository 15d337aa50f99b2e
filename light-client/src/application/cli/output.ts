/** How the commands speak: one line a step on standard error, results on standard output, JSON when asked. @module */
import { MissingArtefact } from '@glowworm/wasm-core'
import { type ErrorKind, GlowwormError } from '../../errors.ts'
import type { ChoiceInOptions } from './recovery.ts'

export const EXIT_CODES: Record<ErrorKind | 'ok', number> = {
  ok: 0,
  usage: 2,
  unprovable: 3,
  unreachable: 3,
  closed: 3,
  lie: 4,
  stale: 5,
}

export interface Output {
  /** A step that is done, with the time it took. */
  step(text: string, milliseconds: number): void
  /** The one line that changes; replaced by the next. */
  live(text: string): void
  warn(text: string): void
  /** The result: `value` as JSON, or `lines` for a person. */
  result(value: unknown, lines: readonly string[]): void
  /** @param choices what a person can do about it @returns the exit code */
  fail(cause: unknown, choices?: readonly ChoiceInOptions[]): number
}

export function createOutput(json: boolean, out: NodeJS.WriteStream, err: NodeJS.WriteStream): Output {
  const colour = err.isTTY && !process.env.NO_COLOR
  const paint = (code: number, text: string) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text)
  let liveShown = false
  let lastLive = ''
  const line = (text: string) => {
    if (liveShown) err.write('\r\x1b[2K')
    liveShown = false
    err.write(`${text}\n`)
  }
  return {
    step(text, milliseconds) {
      if (!json) line(`${paint(32, '✓')} ${text} ${paint(2, formatTime(milliseconds))}`)
    },
    live(text) {
      // Every status is announced, also one that reads like the last.
      if (json || text === lastLive) return
      lastLive = text
      if (!err.isTTY) return line(text)
      err.write(`\r\x1b[2K${text}`)
      liveShown = true
    },
    warn(text) {
      line(`${paint(33, '!')} ${text}`)
    },
    result(value, lines) {
      if (liveShown) line('')
      if (json) out.write(`${JSON.stringify(value, jsonNumbers)}\n`)
      else for (const text of lines) out.write(`${text}\n`)
    },
    fail(cause, choices = []) {
      const error =
        cause instanceof GlowwormError ? cause : cause instanceof MissingArtefact ? new NotBuilt(cause) : null
      const code = error ? EXIT_CODES[error.kind] : 1
      const message = error?.message ?? (cause instanceof Error ? cause.message : String(cause))
      if (json)
        out.write(
          `${JSON.stringify({ error: { code: error?.code ?? 'INTERNAL', kind: error?.kind ?? 'internal', message, next: error?.next ?? null, ...(choices.length > 0 ? { choices } : {}) } })}\n`,
        )
      else {
        line(`${paint(31, '✗')} ${message}`)
        if (choices.length > 0) line('  You can')
        for (const { options, means } of choices) line(`  - ${means}\n      ${options}`)
        if (error?.next && choices.length === 0) line(`  ${error.next}`)
        if (!error && cause instanceof Error && cause.stack) line(cause.stack)
      }
      return code
    },
  }
}

/** Block numbers are JSON numbers; amounts above 2^53 become decimal strings rather than wrong numbers. */
function jsonNumbers(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()
}

/** A checkout whose WASM was not built yet. */
class NotBuilt extends GlowwormError {
  constructor(cause: MissingArtefact) {
    super(
      { name: 'Cli.NotBuilt', code: 'NOT_BUILT', kind: 'usage' },
      'the WASM kernels are not built yet: run `npm run build -w wasm-core` first',
      { cause, next: cause.message },
    )
  }
}

export function formatTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}
