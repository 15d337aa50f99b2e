/** What explaining asks the chain. The engine knows nothing of sources or proofs; it hands on what it is given. @module */
import type { Hex } from '@glowworm/light-client'
import { problemOf } from '../errors.ts'
import type { Shown } from '../facade/facade.ts'

export interface CallAnswer {
  readonly status: 'success' | 'revert' | 'halt'
  readonly returnData: Hex
}

/** Nothing here rejects: what cannot be had is an unproven `Shown` with its reason. */
export interface Resolvers {
  readonly keccak256: (data: Uint8Array) => Uint8Array
  /** Seconds since the epoch. */
  readonly now: bigint
  readonly chainId: number
  /** Executes a call of a function that only reads, with little gas. */
  call(to: Hex, data: Hex): Promise<Shown<CallAnswer>>
  storage(address: Hex, slot: Hex): Promise<Shown<Hex>>
  code(address: Hex): Promise<Shown<Hex>>
}

/** A value computed by a fixed rule keeps the proof of what it was computed from. A rule that throws proves nothing. */
export function derived<A, B>(shown: Shown<A>, rule: (value: A) => B): Shown<B> {
  if (shown.kind !== 'proven' && shown.kind !== 'attested') return shown
  try {
    return { ...shown, value: rule(shown.value) }
  } catch (error) {
    return { kind: 'unproven', problem: problemOf(error) }
  }
}

export const provenValue = <T>(shown: Shown<T>): T | null => (shown.kind === 'proven' ? shown.value : null)
