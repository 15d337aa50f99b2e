import type { Problem } from './facade/facade.ts'

/**
 * What an error means to the person using the wallet:
 * - `usage`: what was entered cannot be used as it is
 * - `refused`: the wallet will not do it, to protect its owner
 * - `locked`: it needs the wallet to be unlocked, or set up, first
 * - `storage`: this device's storage failed or holds something damaged
 * - `unprovable`, `unreachable`: the network could not help (yet)
 */
export type WalletErrorKind = 'usage' | 'refused' | 'locked' | 'storage' | 'unprovable' | 'unreachable'

/** Base of this package's errors. `code` is stable; `problem` is the error as it crosses the façade. */
export class WalletError extends Error {
  readonly code: string
  readonly kind: WalletErrorKind
  readonly next: string | null
  constructor(
    identity: { name: string; code: string; kind: WalletErrorKind },
    message: string,
    options: { cause?: unknown; next?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = identity.name
    this.code = identity.code
    this.kind = identity.kind
    this.next = options.next ?? null
  }
  get problem(): Problem {
    return { code: this.code, kind: this.kind, message: this.message, next: this.next }
  }
}

/** A command failed for a reason from below the wallet, e.g. in the light client; `cause` is the original error. */
export class CommandFailed extends Error {
  readonly problem: Problem
  constructor(problem: Problem, cause?: unknown) {
    super(problem.message, cause === undefined ? undefined : { cause })
    this.name = 'Wallet.CommandFailed'
    this.problem = problem
  }
}

/** Any error as plain data for the interface. Typed errors keep their code and advice. */
export function problemOf(error: unknown): Problem {
  if (error instanceof WalletError || error instanceof CommandFailed) return error.problem
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const kind = 'kind' in error && typeof error.kind === 'string' ? error.kind : 'unexpected'
    const next = 'next' in error && typeof error.next === 'string' ? error.next : null
    return { code: error.code, kind, message: error.message, next }
  }
  if (error instanceof Error && error.name === 'QuotaExceededError')
    return {
      code: 'STORAGE_FULL',
      kind: 'storage',
      message: `This device has no room left for what was to be stored (${error.message}).`,
      next: 'Make room on this device, then try again. What was stored before is still there.',
    }
  const what = error instanceof Error ? `${error.name}: ${error.message}` : 'something that is not an error was thrown'
  return {
    code: 'UNEXPECTED',
    kind: 'unexpected',
    message: `The wallet met an unexpected fault (${what}).`,
    next: null,
  }
}

/** The error itself when it already carries a `problem`, else one that does. */
export function withProblem(error: unknown): WalletError | CommandFailed {
  return error instanceof WalletError || error instanceof CommandFailed
    ? error
    : new CommandFailed(problemOf(error), error)
}
