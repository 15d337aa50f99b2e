/** Single values of typed data, from the several ways in which libraries write them. */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { parseAddress } from '../../accounts/address.ts'
import { InvalidTypedData } from './errors.ts'
import type { Kind } from './types.ts'

/** A value that is not made of others, in the one form it has here. */
export type Atom = bigint | boolean | string | Uint8Array
type AtomKind = Exclude<Kind, { kind: 'struct' | 'array' }>

/** @param where for the error: which member. @throws {InvalidTypedData} */
export function readAtom(
  kind: AtomKind,
  value: unknown,
  where: string,
  keccak256: (data: Uint8Array) => Uint8Array,
): Atom {
  switch (kind.kind) {
    case 'uint':
    case 'int':
      return readInteger(kind, value, where)
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(where, 'true or false')
      return value
    case 'string':
      // What is not well-formed is signed differently by different libraries.
      if (typeof value !== 'string' || !isWellFormed(value)) throw wrong(where, 'text')
      return value
    case 'bytes':
      return readBytes(value, where, null)
    case 'bytesN':
      return readBytes(value, where, kind.length)
    case 'address':
      return readAddress(value, where, keccak256)
  }
}

function readInteger({ kind, bits }: { kind: 'uint' | 'int'; bits: number }, value: unknown, where: string): bigint {
  const number = integerOf(value)
  const [least, most] =
    kind === 'uint' ? [0n, (1n << BigInt(bits)) - 1n] : [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]
  if (number === null || number < least || number > most) throw wrong(where, `a whole number that fits ${kind}${bits}`)
  return number
}

function integerOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  // Larger ones have lost digits already, when their JSON was read.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null
  if (typeof value === 'string' && value.length <= 80 && /^(-?\d+|0x[0-9a-fA-F]+)$/.test(value)) return BigInt(value)
  return null
}

function readBytes(value: unknown, where: string, length: number | null): Uint8Array {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value)) throw wrong(where, 'bytes as hex with 0x')
  const bytes = fromHex(value, where)
  if (length !== null && bytes.length !== length) throw wrong(where, `${length} bytes as hex with 0x`)
  return bytes
}

/** Lower-case. One that is written in both cases has a checksum, and it must fit. */
function readAddress(value: unknown, where: string, keccak256: (data: Uint8Array) => Uint8Array): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value)) throw wrong(where, 'an address')
  try {
    return parseAddress(value, keccak256)
  } catch {
    throw wrong(where, 'an address whose checksum fits')
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

const wrong = (where: string, expected: string) => new InvalidTypedData(`${where}: expected ${expected}`)
