/**
 * What a waiting request means and does, kept up to date while somebody reads: explained and executed at each head.
 * @module
 */
import type { Clock, Hex, LightClient } from '@glowworm/light-client'
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { problemOf, WalletError } from '../errors.ts'
import type { Problem, Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { chainResolvers } from './chain-resolvers.ts'
import { BUNDLED } from './descriptors/bundled.ts'
import { explain } from './explain.ts'
import { explainTypedData } from './explain-typed-data.ts'
import { createFunctionTable, type FunctionTable } from './functions/table.ts'
import type { Action, ExplainedCall, ExplainedData, Intent } from './intent.ts'
import { agreesWith, type Outcome } from './simulation/outcome.ts'
import { type Simulator, simulateOutcome, type Terms } from './simulation/simulate.ts'

export interface Understanding {
  /** Null while nothing is known yet. */
  readonly intent: Intent | null
  /** What executing it does to the account; null for what is not executed. */
  readonly outcome: Shown<Outcome> | null
  /** What stood there before the last change of the outcome, or that it could not be simulated. */
  readonly before: Shown<Outcome> | null
}

interface Look {
  readonly intent: Intent
  readonly outcome: Shown<Outcome> | null
}

export interface Understander {
  readonly view: Understanding
  /**
   * Looks again when the head has moved. Does not reject.
   * @param insist a known outcome does not outlive a failed look
   * @returns whether what is shown now says something else than what was shown before
   */
  look(insist: boolean): Promise<boolean>
}

export type Subject =
  | { readonly kind: 'call'; readonly call: ExplainedCall; terms(): PlannedTerms }
  | { readonly kind: 'typed-data'; readonly data: ExplainedData }

/** `gas` null: not known yet; then it has what a transaction may have at most. */
export type PlannedTerms = Pick<Terms, 'price'> & { readonly gas: bigint | null }

export type Understand = (subject: Subject) => Understander

const NONE: readonly unknown[] = []

/** Milliseconds that one look may take, with all evidence. */
const LOOK_LIMIT = 20_000
/** EIP-7825 */
const MOST_GAS = 16_777_216n

export function createUnderstanding(parts: {
  readonly client: () => LightClient
  readonly handles: Handles
  readonly engines: Engines
  readonly clock: Clock
  readonly chainId: number
  /** Besides those that came with the wallet; another list makes another table. */
  readonly descriptors?: () => readonly unknown[]
}): Understand {
  const { handles, engines, clock, chainId } = parts
  let made: { readonly from: readonly unknown[]; readonly table: FunctionTable } | null = null
  const functions = () => {
    const from = parts.descriptors?.() ?? NONE
    if (made?.from !== from)
      made = { from, table: createFunctionTable(engines.hashes.keccak256, [...BUNDLED, ...from]) }
    return made.table
  }

  async function lookOnce(subject: Subject): Promise<Look> {
    const late = new AbortController()
    const done = new AbortController()
    clock.sleep(LOOK_LIMIT, done.signal).then(
      () => late.abort(new TookTooLong()),
      () => undefined,
    )
    try {
      const resolvers = chainResolvers({
        client: parts.client(),
        handles,
        engines,
        chainId,
        head: 'optimistic',
        now: clock.now(),
        signal: late.signal,
      })
      return await lookWith(subject, resolvers)
    } finally {
      done.abort()
    }
  }

  async function lookWith(subject: Subject, resolvers: Simulator): Promise<Look> {
    if (subject.kind === 'typed-data')
      return { intent: await explainTypedData(subject.data, functions(), resolvers), outcome: null }
    const [intent, outcome] = await Promise.all([
      explain(subject.call, functions(), resolvers),
      simulateOutcome(subject.call, termsOf(subject.terms()), resolvers),
    ])
    return { intent, outcome }
  }

  const headNow = (): Hex | null => {
    const { status } = parts.client()
    return status.state === 'following' ? status.head.optimistic.blockHash : null
  }

  /** The head's hash is as good as random, and nobody has chosen it for this. */
  const termsOf = ({ gas, price }: PlannedTerms): Terms => ({
    gas: gas ?? MOST_GAS,
    price,
    prevRandao: headNow() ?? `0x${'0'.repeat(64)}`,
  })

  return (subject) => {
    let view: Understanding = { intent: null, outcome: subject.kind === 'call' ? PROVING : null, before: null }
    let agreed: Understanding = view
    let lookedAt: { readonly head: Hex | null; readonly gas: bigint | null } | null = null
    /** The last look failed, and what was known before stands in its place. */
    let hidden = false
    let running: Promise<void> | null = null

    async function again(insist: boolean): Promise<void> {
      const place = { head: headNow(), gas: subject.kind === 'call' ? subject.terms().gas : null }
      const same = lookedAt !== null && lookedAt.head === place.head && lookedAt.gas === place.gas
      if (same && !(insist && hidden)) return
      const next = await lookOnce(subject).catch((error: unknown) => notUnderstood(subject, problemOf(error)))
      hidden = view.outcome?.kind === 'proven' && next.outcome?.kind === 'unproven' && !insist
      view = {
        intent: view.intent !== null && !insist && knowsLess(next.intent, view.intent) ? view.intent : next.intent,
        outcome: hidden ? view.outcome : next.outcome,
        before: view.before,
      }
      lookedAt = place
    }

    return {
      get view() {
        return view
      },
      async look(insist) {
        const others = running
        if (others) await others
        if (!others || insist) {
          // When there is no client any more, the approval goes with it.
          running = again(insist).catch(() => undefined)
          await running
          running = null
        }
        if (!differs(agreed, view)) return false
        if (
          agreed.outcome !== null &&
          agreed.outcome.kind !== 'proving' &&
          outcomeDiffers(agreed.outcome, view.outcome)
        )
          view = { ...view, before: agreed.outcome }
        agreed = view
        return true
      },
    }
  }
}

/** A fault of the program must not look as if nothing were wrong. */
function notUnderstood(subject: Subject, problem: Problem): Look {
  const of = (action: Action): Intent => ({ action, value: 0n, contract: null, warnings: [] })
  if (subject.kind === 'typed-data')
    return { intent: of({ kind: 'unknown-data', primaryType: subject.data.primaryType }), outcome: null }
  const { data } = subject.call
  const action = {
    kind: 'unknown-call',
    selector: null,
    bytes: (data.length - 2) / 2,
    refused: problem.message,
  } as const
  return { intent: of(action), outcome: { kind: 'unproven', problem } }
}

const PROVING = { kind: 'proving', step: 'proof', done: 0, of: 0 } as const

const differs = (a: Understanding, b: Understanding): boolean =>
  essenceOf(a.intent) !== essenceOf(b.intent) || outcomeDiffers(a.outcome, b.outcome)

function outcomeDiffers(agreed: Shown<Outcome> | null, next: Shown<Outcome> | null): boolean {
  if (agreed?.kind !== 'proven' || next?.kind !== 'proven') return agreed?.kind !== next?.kind
  return !agreesWith(agreed.value, next.value)
}

/** The intent without proofs, which are new at each head. */
function essenceOf(intent: Intent | null): string {
  return JSON.stringify(intent, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value
    if (value.kind === 'proven' && 'handle' in value && 'value' in value) return { proven: value.value }
    return value.kind === 'unproven' ? 'unproven' : value
  })
}

/** Whether something could not be read that could be before: nothing worse than that makes it worth forgetting. */
function knowsLess(next: Intent, before: Intent): boolean {
  const gaps = (intent: Intent) => essenceOf(intent).split('"unproven"').length
  return gaps(next) > gaps(before)
}

/** Milliseconds that a request may wait for what it means before it is shown without. */
const PATIENCE = 1000

/** @returns whether the work was done in time */
export async function withinPatience(work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const done = new AbortController()
  const late = clock.sleep(PATIENCE, done.signal).then(
    () => false,
    () => true,
  )
  return Promise.race([work.then(() => true), late]).finally(() => done.abort())
}

/** ERC-8213: keccak256(uint256(length) ‖ calldata), for comparing with another device. */
export function calldataDigest(data: Hex, keccak256: (data: Uint8Array) => Uint8Array): Hex {
  const bytes = fromHex(data, 'data')
  const length = fromHex(`0x${bytes.length.toString(16).padStart(64, '0')}`, 'length', 32)
  return toHex(keccak256(concatBytes(length, bytes)))
}

export class TookTooLong extends WalletError {
  constructor() {
    super(
      { name: 'Intent.TookTooLong', code: 'LOOK_TOOK_TOO_LONG', kind: 'unreachable' },
      `The evidence did not come within ${LOOK_LIMIT / 1000} seconds.`,
      { next: 'Wait for the next block, or add a source.' },
    )
  }
}
