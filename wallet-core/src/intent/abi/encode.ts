/** Encodes arguments of the calls that this wallet makes itself, as the standard's own encoder does. */
import type { Hex } from '@glowworm/light-client'
import { concatBytes, fromHex, toHex } from '@glowworm/light-client/data/hex'
import { type AbiValue, UnreadableData } from './decode.ts'
import { type AbiParameter, type AbiType, canonicalSignature, isDynamic, parseSignature } from './types.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

/** The first four bytes of the hash of the signature, which has types only or names too. */
export function selectorOfSignature(signature: string, keccak256: Keccak256): Hex {
  const canonical = canonicalSignature(parseSignature(signature))
  return toHex(keccak256(new TextEncoder().encode(canonical)).subarray(0, 4))
}

/** Selector and arguments. @throws {UnreadableData} when a value is not one of its type */
export function encodeCall(signature: string, values: readonly AbiValue[], keccak256: Keccak256): Hex {
  const { parameters } = parseSignature(signature)
  const selector = fromHex(selectorOfSignature(signature, keccak256), 'selector', 4)
  return toHex(concatBytes(selector, encodeParameters(parameters, values)))
}

/** @throws {UnreadableData} when a value is not one of its type */
export function encodeParameters(parameters: readonly AbiParameter[], values: readonly AbiValue[]): Uint8Array {
  return encodeTuple(
    parameters.map(({ type }) => type),
    values,
  )
}

function encodeTuple(types: readonly AbiType[], values: readonly AbiValue[]): Uint8Array {
  if (types.length !== values.length) throw new UnreadableData(`expected ${types.length} values`)
  const parts = types.map((type, i) => ({ moves: isDynamic(type), bytes: encodeValue(type, values[i]!) }))
  let tail = parts.reduce((sum, { moves, bytes }) => sum + (moves ? 32 : bytes.length), 0)
  const heads = parts.map(({ moves, bytes }) => {
    if (!moves) return bytes
    const offset = wordOf(BigInt(tail))
    tail += bytes.length
    return offset
  })
  return concatBytes(...heads, ...parts.flatMap(({ moves, bytes }) => (moves ? [bytes] : [])))
}

function encodeValue(type: AbiType, value: AbiValue): Uint8Array {
  switch (type.kind) {
    case 'uint':
    case 'int': {
      if (typeof value !== 'bigint') throw new UnreadableData('expected a number')
      const [least, most] =
        type.kind === 'uint'
          ? [0n, 1n << BigInt(type.bits)]
          : [-(1n << BigInt(type.bits - 1)), 1n << BigInt(type.bits - 1)]
      if (value < least || value >= most) throw new UnreadableData(`a number does not fit ${type.kind}${type.bits}`)
      return wordOf(BigInt.asUintN(256, value))
    }
    case 'bool':
      return wordOf(value === true ? 1n : 0n)
    case 'address': {
      if (typeof value !== 'string') throw new UnreadableData('expected an address')
      const word = new Uint8Array(32)
      word.set(fromHex(value, 'address', 20), 12)
      return word
    }
    case 'bytesN': {
      if (!(value instanceof Uint8Array) || value.length !== type.length)
        throw new UnreadableData(`expected ${type.length} bytes`)
      return padded(value)
    }
    case 'bytes':
    case 'string': {
      const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value
      if (!(bytes instanceof Uint8Array)) throw new UnreadableData('expected bytes')
      return concatBytes(wordOf(BigInt(bytes.length)), padded(bytes))
    }
    case 'tuple':
      return encodeTuple(
        type.members.map((member) => member.type),
        listOf(value),
      )
    case 'array': {
      const items = listOf(value)
      if (type.length !== null && items.length !== type.length)
        throw new UnreadableData(`expected ${type.length} items`)
      const body = encodeTuple(new Array<AbiType>(items.length).fill(type.item), items)
      return type.length === null ? concatBytes(wordOf(BigInt(items.length)), body) : body
    }
  }
}

function listOf(value: AbiValue): readonly AbiValue[] {
  if (!Array.isArray(value)) throw new UnreadableData('expected a list')
  return value
}

function wordOf(value: bigint): Uint8Array {
  return fromHex(`0x${value.toString(16).padStart(64, '0')}`, 'number', 32)
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.length / 32) * 32)
  out.set(bytes)
  return out
}
