/**
 * Paths of ERC-7730 to values: `to`, `#.order.token`, `path.[0]`, `path.[-1]`, and `@.to`, `@.from`, `@.value` of the
 * transaction. Slices and paths into the file itself are not supported.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { WalletError } from '../../errors.ts'
import { type AbiValue, UnreadableData } from '../abi/decode.ts'
import type { AbiFunction, AbiType } from '../abi/types.ts'

export type FieldPath =
  | { readonly root: 'transaction'; readonly name: 'from' | 'to' | 'value'; readonly type: AbiType }
  /** Places from the arguments on; a negative one counts from the end of a list. */
  | { readonly root: 'arguments'; readonly places: readonly number[]; readonly type: AbiType }

const CONTAINER: Readonly<Record<string, AbiType>> = {
  from: { kind: 'address' },
  to: { kind: 'address' },
  value: { kind: 'uint', bits: 256 },
}
const INDEX = /^\[(-?\d{1,4})\]$/

/** @throws {InvalidPath} when there is no such value in the function's arguments */
export function parsePath(given: unknown, { parameters }: AbiFunction): FieldPath {
  if (typeof given !== 'string' || given.length > 200) throw new InvalidPath('expected a path')
  if (given.startsWith('@.')) {
    const name = given.slice(2)
    if (!Object.hasOwn(CONTAINER, name)) throw new InvalidPath(`there is no ${given}`)
    return { root: 'transaction', name: name as 'from' | 'to' | 'value', type: CONTAINER[name]! }
  }
  const steps = given.replace(/^#\./, '').split('.')
  let type: AbiType = { kind: 'tuple', members: parameters }
  const places = steps.map((step) => {
    const found = placeOf(step, type)
    if (!found) throw new InvalidPath(`there is no ${JSON.stringify(given)} in the function's arguments`)
    type = found.type
    return found.place
  })
  return { root: 'arguments', places, type }
}

function placeOf(step: string, type: AbiType): { place: number; type: AbiType } | null {
  if (type.kind === 'array') {
    const index = INDEX.exec(step)?.[1]
    if (index === undefined) return null
    const outside = type.length !== null && (Number(index) >= type.length || Number(index) < -type.length)
    return outside ? null : { place: Number(index), type: type.item }
  }
  if (type.kind !== 'tuple' || step === '') return null
  const place = type.members.findIndex(({ name }) => name === step)
  return place < 0 ? null : { place, type: type.members[place]!.type }
}

/** @throws {UnreadableData} when a list has no such item */
export function valueAt(
  path: FieldPath,
  values: readonly AbiValue[],
  transaction: { readonly from: Hex; readonly to: Hex; readonly value: bigint },
): AbiValue {
  if (path.root === 'transaction') return transaction[path.name]
  let value: AbiValue = values
  for (const place of path.places) {
    const found: AbiValue | undefined = Array.isArray(value) ? value.at(place) : undefined
    if (found === undefined) throw new UnreadableData('a list has fewer items than its description')
    value = found
  }
  return value
}

export class InvalidPath extends WalletError {
  constructor(reason: string) {
    super({ name: 'Intent.InvalidPath', code: 'INVALID_PATH', kind: 'usage' }, reason)
  }
}
