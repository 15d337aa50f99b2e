/**
 * What the light beside a ledger value says: pure, from `Shown<T>` and the time to a light and its words.
 * @module
 */
import type { Problem, Shown } from '@glowworm/wallet-core/facade/facade'
import type { MessageKey, Words } from '../messages/language.ts'

/**
 * - `final`: proven and cannot change any more
 * - `proven`: proven, may still change
 * - `aged`: was proven a while ago
 * - `proving`: work in progress
 * - `said`: somebody says so, nobody can prove it
 * - `unproven`: cannot be verified; there is no number
 */
export type Light = 'final' | 'proven' | 'aged' | 'proving' | 'said' | 'unproven'

export interface Reading {
  readonly light: Light
  readonly words: string
  /** Share of the work done, 0 to 1; null while the amount of work is unknown or there is none. */
  readonly progress: number | null
}

/**
 * When a proof counts as old, in ms since it was checked. A finalized head is replaced about every six minutes on
 * Ethereum and a recent one every twelve seconds, so both leave room for a few missed rounds.
 */
export const AGED_AFTER = { final: 15 * 60_000, proven: 2 * 60_000 } as const

/**
 * @param lasting True for what stays true once final, like a receipt; false for a state that moves on, like a balance.
 */
export function readProof(shown: Shown<unknown>, words: Words, now: number, lasting: boolean): Reading {
  switch (shown.kind) {
    case 'proven': {
      const age = now - shown.checkedAt
      const old = shown.kept || (shown.final ? !lasting && age > AGED_AFTER.final : age > AGED_AFTER.proven)
      if (old)
        return { light: 'aged', words: words.t('proof.aged', { ago: words.ago(shown.time, now) }), progress: null }
      if (shown.final)
        return {
          light: 'final',
          words: words.t('proof.final', {
            finality: finalityWords(shown.words, words),
            height: words.number(shown.height),
          }),
          progress: null,
        }
      return { light: 'proven', words: words.t('proof.proven'), progress: null }
    }
    case 'attested':
      return {
        light: 'said',
        words: shown.by === 'you' ? words.t('proof.chosen') : words.t('proof.said', { by: shown.by }),
        progress: null,
      }
    case 'proving':
      return {
        light: 'proving',
        words: stepWords(shown, words),
        progress: shown.of > 0 ? Math.min(1, shown.done / shown.of) : null,
      }
    case 'unproven':
      return { light: 'unproven', words: causeWords(shown.problem, words), progress: null }
  }
}

/** The step being worked on, with real numbers where there are any. Also for the pulse of the network. */
export function stepWords(
  at: { readonly step: 'sources' | 'checkpoint' | 'committees' | 'proof'; readonly done: number; readonly of: number },
  words: Words,
): string {
  const counted = at.of > 0
  // The one in hand is the one after those done.
  const done = Math.min(at.done + 1, at.of)
  switch (at.step) {
    case 'sources':
      return at.done > 0 ? words.t('proof.proving.sources.count', { count: at.done }) : words.t('proof.proving.sources')
    case 'checkpoint':
      return words.t('proof.proving.checkpoint')
    case 'committees':
      return counted
        ? words.t('proof.proving.committees.count', { done, of: at.of })
        : words.t('proof.proving.committees')
    case 'proof':
      return counted && at.of > 1
        ? words.t('proof.proving.proof.count', { done, of: at.of })
        : words.t('proof.proving.proof')
  }
}

const CAUSES: Readonly<Record<string, MessageKey>> = {
  usage: 'proof.unproven.usage',
  unprovable: 'proof.unproven.unprovable',
  lie: 'proof.unproven.lie',
  stale: 'proof.unproven.stale',
  unreachable: 'proof.unproven.unreachable',
  closed: 'proof.unproven.closed',
}

/** Cause and next step in one line. A kind this interface does not know speaks in the core's own words. */
export function causeWords(problem: Problem, words: Words): string {
  // Another source would not help as much as a look at the root.
  if (problem.code === 'ROOT_UNKNOWN') return words.t('problem.ROOT_UNKNOWN.next')
  const key = Object.hasOwn(CAUSES, problem.kind) ? CAUSES[problem.kind] : undefined
  if (key === undefined) return problem.next === null ? problem.message : `${problem.message} ${problem.next}`
  return plain(words, key)
}

/** The ledger's own term in the reader's language where there is one. */
export function finalityWords(term: string, words: Words): string {
  if (term === 'finalized') return words.t('finality.finalized')
  if (term === 'proven · may still change') return words.t('proof.proven')
  const confirmations = /^(\d+) confirmations?$/.exec(term)?.[1]
  return confirmations === undefined ? term : words.t('finality.confirmations', { count: Number(confirmations) })
}

/** The same proof for something worked out from the value on this device, e.g. what remains of a balance. */
export function mapShown<T, U>(shown: Shown<T>, derive: (value: T) => U): Shown<U> {
  return shown.kind === 'proven' || shown.kind === 'attested' ? { ...shown, value: derive(shown.value) } : shown
}

/** The value where there is one, proven or said; null otherwise. For decisions such as validation, never for printing. */
export function knownValue<T>(shown: Shown<T>): T | null {
  return shown.kind === 'proven' || shown.kind === 'attested' ? shown.value : null
}

type PlainKey = (typeof CAUSES)[string]
function plain(words: Words, key: PlainKey): string {
  // The keys in CAUSES have no placeholders; the table is typed by all keys because it is looked up by a foreign text.
  return (words.t as (key: MessageKey) => string)(key)
}
