/** From what the light client proves, or somebody says, to what the interface may print. */
import { type Answer, type Attested, type Hex, isVerified } from '@glowworm/light-client'
import { WalletError } from '../errors.ts'
import type { Pulse, Shown } from './facade.ts'
import type { Handles } from './handles.ts'

/** A value read off, or computed by a fixed rule from, a verified one. @throws {NotVerified} */
export function shownProven<S, T>(answer: Answer<S>, handles: Handles, read: (value: S) => T): Shown<T> {
  const { verified, trail } = answer
  if (!isVerified(verified)) throw new NotVerified()
  return {
    kind: 'proven',
    handle: handles.hold(verified),
    value: read(verified.value),
    final: verified.finality.level === 'final',
    words: verified.finality.words,
    height: verified.anchor.height,
    hash: verified.anchor.hash as Hex,
    time: verified.anchor.time,
    checkedAt: verified.checkedAt,
    trail: trail.map(({ stage, facts, milliseconds, suppliedBy }) => ({
      stage,
      facts,
      milliseconds,
      suppliedBy: suppliedBy?.words ?? null,
    })),
  }
}

export function shownAttested<T>(attested: Attested<T>): Shown<T> {
  return { kind: 'attested', value: attested.value, by: attested.by, checkedAt: attested.checkedAt }
}

/** What stands in place of a value that has not been proven since the start. */
export function awaited<T>(pulse: Pulse): Shown<T> {
  switch (pulse.state) {
    case 'idle':
      return { kind: 'unproven', problem: new NoSources().problem }
    case 'starting':
      return { kind: 'proving', step: pulse.step, done: pulse.done, of: pulse.of }
    case 'following':
      return { kind: 'proving', step: 'proof', done: 0, of: 0 }
    case 'stalled':
      return { kind: 'unproven', problem: pulse.problem }
  }
}

/** The number behind a shown figure, when there is one. */
export function figure<T>(shown: Shown<T>): T | null {
  return shown.kind === 'proven' || shown.kind === 'attested' ? shown.value : null
}

export class NoSources extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NoSources', code: 'NO_SOURCES', kind: 'unreachable' },
      'No sources of evidence have been chosen, so nothing can be proven.',
      { next: 'Choose where the evidence shall come from.' },
    )
  }
}

/** A value came without the brand of a verifier: a fault of the program. It is not shown. */
export class NotVerified extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.NotVerified', code: 'NOT_VERIFIED', kind: 'unprovable' },
      'A value came back without having been verified. It is not shown.',
    )
  }
}
