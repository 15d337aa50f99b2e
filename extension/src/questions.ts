/** What the extension's own pages ask the worker before, or instead of, the façade. */
import type { Problem } from '@glowworm/wallet-core/facade/facade'

export type Question =
  /** Can the wallet be drawn? */
  | { readonly ask: 'open' }
  | { readonly ask: 'network' }
  /** `profile` is the JSON of a network profile. */
  | { readonly ask: 'choose-network'; readonly profile: string }
  /** May the window for approvals close, since nothing waits? From a yes on, what is asked gets another window. */
  | { readonly ask: 'leave' }

export interface Answers {
  open: { readonly state: 'ready' | 'choose-network' } | { readonly state: 'failed'; readonly problem: Problem }
  network: { readonly name: string | null }
  'choose-network': { readonly problem: Problem | null }
  leave: { readonly may: boolean }
}

/** Null for anything else: other parts of the extension may send other messages. */
export function readQuestion(message: unknown): Question | null {
  if (typeof message !== 'object' || message === null) return null
  const { ask, profile } = message as Record<string, unknown>
  if (ask === 'open' || ask === 'network' || ask === 'leave') return { ask }
  if (ask === 'choose-network' && typeof profile === 'string') return { ask, profile }
  return null
}
