/**
 * Reads ABI-encoded data strictly: only the one encoding that the standard's own encoder gives is accepted. Contracts
 * read more leniently; data that is laid out in another way could be shown as one thing and executed as another.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { toBigInt, toHex } from '@glowworm/light-client/data/hex'
import { WalletError } from '../../errors.ts'
import { type AbiParameter, type AbiType, isDynamic } from './types.ts'

/** Integers as bigint, addresses and text as string, bytes as bytes, arrays and tuples as lists. */
export type AbiValue = bigint | boolean | string | Uint8Array | readonly AbiValue[]

export interface Decoded {
  readonly values: readonly AbiValue[]
  /** What follows the arguments: nothing reads it, but it is signed. */
  readonly rest: Uint8Array
}

/** Values that one piece of data may have: more are made of tricks, not of intentions. */
const MOST_VALUES = 4096

/** @param data what follows the selector. @throws {UnreadableData} */
export function decodeParameters(parameters: readonly AbiParameter[], data: Uint8Array): Decoded {
  let count = 0

  /** @returns where the tail ends */
  function tuple(types: readonly AbiType[], start: number): { values: AbiValue[]; end: number } {
    const headSize = types.reduce((sum, type) => sum + sizeInHead(type), 0)
    let head = start
    let tail = start + headSize
    if (tail > data.length) throw new UnreadableData('it is too short')
    const values = types.map((type) => {
      if (!isDynamic(type)) {
        const read = fixed(type, head)
        head = read.end
        return read.value
      }
      const offset = word(head)
      if (offset !== BigInt(tail - start)) throw new UnreadableData('its parts are not in their usual places')
      const read = dynamic(type, tail)
      head += 32
      tail = read.end
      return read.value
    })
    return { values, end: tail }
  }

  function fixed(type: AbiType, at: number): { value: AbiValue; end: number } {
    if (type.kind !== 'tuple' && type.kind !== 'array') return { value: atom(type, at), end: at + 32 }
    const { values, end } = tuple(memberTypes(type, type.kind === 'array' ? type.length! : 0), at)
    return { value: values, end }
  }

  function dynamic(type: AbiType, at: number): { value: AbiValue; end: number } {
    if (type.kind === 'tuple') {
      const { values, end } = tuple(memberTypes(type, 0), at)
      return { value: values, end }
    }
    if (type.kind === 'array') {
      const length = type.length ?? lengthAt(at)
      if (length * sizeInHead(type.item) > data.length - at) throw new UnreadableData('it is too short')
      const { values, end } = tuple(memberTypes(type, length), type.length === null ? at + 32 : at)
      return { value: values, end }
    }
    const length = lengthAt(at)
    const [start, end] = [at + 32, at + 32 + Math.ceil(length / 32) * 32]
    if (end > data.length) throw new UnreadableData('it is too short')
    const bytes = data.slice(start, start + length)
    if (data.subarray(start + length, end).some((byte) => byte !== 0))
      throw new UnreadableData('its padding is not zero')
    counted()
    return { value: type.kind === 'string' ? textOf(bytes) : bytes, end }
  }

  function memberTypes(type: Extract<AbiType, { kind: 'array' | 'tuple' }>, length: number): readonly AbiType[] {
    if (type.kind === 'tuple') return type.members.map((member) => member.type)
    if (count + length > MOST_VALUES) throw new UnreadableData(`it has more than ${MOST_VALUES} values`)
    return new Array<AbiType>(length).fill(type.item)
  }

  function atom(type: AbiType, at: number): AbiValue {
    counted()
    const value = word(at)
    switch (type.kind) {
      case 'uint':
        if (value >> BigInt(type.bits) !== 0n) throw new UnreadableData(`a number is larger than uint${type.bits}`)
        return value
      case 'int': {
        const signed = BigInt.asIntN(type.bits, value)
        if (BigInt.asUintN(256, signed) !== value) throw new UnreadableData(`a number is larger than int${type.bits}`)
        return signed
      }
      case 'bool':
        if (value > 1n) throw new UnreadableData('a truth value is neither true nor false')
        return value === 1n
      case 'address':
        if (value >> 160n !== 0n) throw new UnreadableData('an address is longer than 20 bytes')
        return toHex(data.subarray(at + 12, at + 32))
      case 'bytesN':
        if (data.subarray(at + type.length, at + 32).some((byte) => byte !== 0))
          throw new UnreadableData('its padding is not zero')
        return data.slice(at, at + type.length)
      default:
        throw new UnreadableData('a part is out of place')
    }
  }

  function word(at: number): bigint {
    if (at + 32 > data.length) throw new UnreadableData('it is too short')
    return toBigInt(data.subarray(at, at + 32))
  }

  function lengthAt(at: number): number {
    const length = word(at)
    if (length > BigInt(data.length)) throw new UnreadableData('it is too short')
    return Number(length)
  }

  function counted(): void {
    if (++count > MOST_VALUES) throw new UnreadableData(`it has more than ${MOST_VALUES} values`)
  }

  const { values, end } = tuple(
    parameters.map(({ type }) => type),
    0,
  )
  return { values, rest: data.slice(end) }
}

function sizeInHead(type: AbiType): number {
  if (isDynamic(type)) return 32
  if (type.kind === 'array') return type.length! * sizeInHead(type.item)
  if (type.kind === 'tuple') return type.members.reduce((sum, member) => sum + sizeInHead(member.type), 0)
  return 32
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new UnreadableData('a text is not valid UTF-8')
  }
}

/** The first argument by its name, as the type it must have. Only for names of signatures that stand in this package. */
export function argument<T extends AbiValue>(
  parameters: readonly AbiParameter[],
  values: readonly AbiValue[],
  name: string,
): T {
  const place = parameters.findIndex((parameter) => parameter.name === name)
  if (place < 0) throw new UnreadableData(`there is no ${name}`)
  return values[place] as T
}

export const selectorOf = (data: Hex): Hex => data.slice(0, 10) as Hex

/** Data that does not read as what it should be. What it does is not known. */
export class UnreadableData extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Intent.UnreadableData', code: 'UNREADABLE_DATA', kind: 'unprovable' },
      `This data does not read as what it claims to be: ${reason}.`,
    )
  }
}
