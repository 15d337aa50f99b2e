/** A function whose meaning this wallet knows: its signature, and what its arguments come to. @module */
import type { Hex } from '@glowworm/light-client'
import { type AbiValue, argument } from '../abi/decode.ts'
import type { AbiParameter } from '../abi/types.ts'
import type { Action, ExplainedCall, Intent, IntentWarning } from '../intent.ts'
import type { Resolvers } from '../resolvers.ts'

/** One call on its way: who makes it, to whom, and how deep it lies inside others. */
export interface CallSite {
  readonly from: Hex
  readonly to: Hex
  readonly value: bigint
  readonly resolvers: Resolvers
  /** Explains a call that this one makes. */
  inner(call: ExplainedCall): Promise<Intent>
}

export interface Meaning {
  readonly action: Action
  readonly warnings: readonly IntentWarning[]
}

export interface KnownFunction {
  readonly signature: string
  /** Null: at this contract it means something else. @throws {UnreadableData} when the arguments contradict themselves */
  explain(given: Arguments, site: CallSite): Promise<Meaning | null>
}

export interface Arguments {
  address(name: string): Hex
  number(name: string): bigint
  flag(name: string): boolean
  bytes(name: string): Uint8Array
  numbers(name: string): readonly bigint[]
  chunks(name: string): readonly Uint8Array[]
  /** Tuples, or lists of them: each with its members in order. */
  list(name: string): readonly (readonly AbiValue[])[]
  tuple(name: string): readonly AbiValue[]
}

export function argumentsOf(parameters: readonly AbiParameter[], values: readonly AbiValue[]): Arguments {
  const get = <T extends AbiValue>(name: string) => argument<T>(parameters, values, name)
  return {
    address: (name) => get<string>(name) as Hex,
    number: (name) => get<bigint>(name),
    flag: (name) => get<boolean>(name),
    bytes: (name) => get<Uint8Array>(name),
    numbers: (name) => get<readonly bigint[]>(name),
    chunks: (name) => get<readonly Uint8Array[]>(name),
    list: (name) => get<readonly (readonly AbiValue[])[]>(name),
    tuple: (name) => get<readonly AbiValue[]>(name),
  }
}

export const warning = (code: IntentWarning['code'], about: Hex | null = null): IntentWarning => ({ code, about })
