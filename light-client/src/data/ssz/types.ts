/**
 * The part of SSZ that light-client objects need (consensus-specs ssz/simple-serialize.md), as small type objects.
 * Decoding is strict: offsets must be exact, padding bits zero, lengths as declared.
 * @module
 */
import type { Merkle } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import { fromHex, toHex } from '../hex.ts'
import { mixInLength, padToChunks } from './merkleize.ts'

export interface SszType<T> {
  /** Bytes of the serialisation, or null where it varies. */
  readonly size: number | null
  /** The default value: all zeros. */
  zero(): T
  serialize(value: T): Uint8Array
  /** @throws {SszError} */
  deserialize(bytes: Uint8Array): T
  hashTreeRoot(value: T, merkle: Merkle): Uint8Array
  /** From the JSON mapping of the Beacon API. @throws {SszError} */
  fromJson(json: unknown): T
  toJson(value: T): unknown
}

export type ValueOf<S> = S extends SszType<infer T> ? T : never

/** uint64 that must be a safe integer: slots, indices. */
export const uint64Number: SszType<number> = {
  size: 8,
  zero: () => 0,
  serialize(value) {
    const out = new Uint8Array(8)
    new DataView(out.buffer).setBigUint64(0, BigInt(value), true)
    return out
  },
  deserialize(bytes) {
    expectSize(bytes, 8, 'uint64')
    const value = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new SszError(`a slot or index of ${value} is out of range`)
    return Number(value)
  },
  hashTreeRoot: (value) => padTo32(uint64Number.serialize(value)),
  fromJson(json) {
    if (typeof json !== 'string' || !/^\d{1,16}$/.test(json) || !Number.isSafeInteger(Number(json)))
      throw new SszError(`expected a decimal slot or index, got ${describe(json)}`)
    return Number(json)
  },
  toJson: (value) => String(value),
}

/** Unsigned little-endian integer of `bytes` bytes as a bigint. */
function uint(bytes: 8 | 32): SszType<bigint> {
  const type: SszType<bigint> = {
    size: bytes,
    zero: () => 0n,
    serialize(value) {
      const out = new Uint8Array(bytes)
      let rest = value
      for (let i = 0; i < bytes; i++, rest >>= 8n) out[i] = Number(rest & 255n)
      return out
    },
    deserialize(input) {
      expectSize(input, bytes, `uint${bytes * 8}`)
      let value = 0n
      for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(input[i]!)
      return value
    },
    hashTreeRoot: (value) => padTo32(type.serialize(value)),
    fromJson(json) {
      if (typeof json !== 'string' || !/^\d{1,78}$/.test(json))
        throw new SszError(`expected a decimal number, got ${describe(json)}`)
      const value = BigInt(json)
      if (value >> BigInt(bytes * 8) !== 0n) throw new SszError(`${json} does not fit in ${bytes * 8} bits`)
      return value
    },
    toJson: (value) => value.toString(),
  }
  return type
}
export const uint64 = uint(8)
export const uint256 = uint(32)

/** Fixed bytes (ByteVector). */
export function byteVector(size: number): SszType<Uint8Array> {
  return {
    size,
    zero: () => new Uint8Array(size),
    serialize: (value) => value,
    deserialize(bytes) {
      expectSize(bytes, size, `Bytes${size}`)
      return bytes
    },
    hashTreeRoot: (value, merkle) => (size === 32 ? value : merkle.sszRoot(padToChunks(value), Math.ceil(size / 32))),
    fromJson: (json) => sszHex(json, size),
    toJson: toHex,
  }
}
export const bytes20 = byteVector(20)
export const bytes32 = byteVector(32)
export const bytes48 = byteVector(48)
export const bytes96 = byteVector(96)

/** Bytes of varying length up to `limit` (ByteList). */
export function byteList(limit: number): SszType<Uint8Array> {
  const check = (bytes: Uint8Array) => {
    if (bytes.length > limit) throw new SszError(`a byte list has ${bytes.length} bytes, at most ${limit} are allowed`)
    return bytes
  }
  return {
    size: null,
    zero: () => new Uint8Array(0),
    serialize: (value) => value,
    deserialize: check,
    hashTreeRoot: (value, merkle) =>
      mixInLength(merkle.sszRoot(padToChunks(value), Math.ceil(limit / 32)), value.length, merkle),
    fromJson: (json) => check(sszHex(json)),
    toJson: toHex,
  }
}

/** Vector of 48-byte keys, held as one flat array of `count`·48 bytes. */
export function keyVector(count: number): SszType<Uint8Array> {
  return {
    size: count * 48,
    zero: () => new Uint8Array(count * 48),
    serialize: (value) => value,
    deserialize(bytes) {
      expectSize(bytes, count * 48, 'keys')
      return bytes
    },
    // A key fills a chunk and a half, and with another half of zeros the two chunks below one node.
    hashTreeRoot: (value, merkle) => merkle.sszRoot(spreadKeys(value, count), 2 * count),
    fromJson(json) {
      const keys = expectList(json, count, 'pubkeys')
      const out = new Uint8Array(count * 48)
      keys.forEach((key, i) => {
        out.set(sszHex(key, 48), i * 48)
      })
      return out
    },
    toJson: (value) => Array.from({ length: count }, (_, i) => toHex(value.subarray(i * 48, i * 48 + 48))),
  }
}

/** Vector of 32-byte roots: a Merkle branch. */
export function rootVector(count: number): SszType<readonly Uint8Array[]> {
  return {
    size: count * 32,
    zero: () => Array.from({ length: count }, () => new Uint8Array(32)),
    serialize(value) {
      const out = new Uint8Array(count * 32)
      value.forEach((root, i) => {
        out.set(root, i * 32)
      })
      return out
    },
    deserialize(bytes) {
      expectSize(bytes, count * 32, 'branch')
      return Array.from({ length: count }, (_, i) => bytes.subarray(i * 32, i * 32 + 32))
    },
    hashTreeRoot: (value, merkle) => merkle.sszRoot(rootVector(count).serialize(value), count),
    fromJson: (json) => expectList(json, count, 'branch').map((root) => sszHex(root, 32)),
    toJson: (value) => value.map(toHex),
  }
}

/** Bitvector, held as its serialised bytes (bit i is bit i mod 8 of byte i div 8). */
export function bitvector(bits: number): SszType<Uint8Array> {
  const size = Math.ceil(bits / 8)
  const check = (bytes: Uint8Array) => {
    expectSize(bytes, size, 'bits')
    if (bits % 8 !== 0 && bytes[size - 1]! >> (bits % 8) !== 0) throw new SszError('padding bits are set')
    return bytes
  }
  return {
    size,
    zero: () => new Uint8Array(size),
    serialize: (value) => value,
    deserialize: check,
    hashTreeRoot: (value, merkle) => merkle.sszRoot(padToChunks(value), Math.ceil(bits / 256)),
    fromJson: (json) => check(sszHex(json, size)),
    toJson: toHex,
  }
}

type Fields = Record<string, SszType<never>>
type FieldsOf<F> = { readonly [K in keyof F]: ValueOf<F[K]> }

/** Container: fields in the order written. */
export function container<F extends { [name: string]: SszType<never> | SszType<unknown> }>(
  fields: F,
): SszType<FieldsOf<F>> {
  // Names and types apart: pairs would be taken apart for each field of each of thousands of containers.
  const names = Object.keys(fields)
  const types = Object.values(fields as unknown as Fields) as SszType<unknown>[]
  const size = types.reduce<number | null>(
    (sum, type) => (sum === null || type.size === null ? null : sum + type.size),
    0,
  )
  const head = types.reduce((sum, type) => sum + (type.size ?? 4), 0)
  const build = (make: (type: SszType<unknown>, name: string) => unknown) => {
    const value: Record<string, unknown> = {}
    for (let i = 0; i < types.length; i++) value[names[i]!] = make(types[i]!, names[i]!)
    return value as FieldsOf<F>
  }
  const at = (value: FieldsOf<F>, i: number) => (value as Record<string, unknown>)[names[i]!]
  return {
    size,
    zero: () => build((type) => type.zero()),
    serialize(value) {
      const parts = types.map((type, i) => type.serialize(at(value, i)))
      const tail = parts.reduce((sum, part, i) => sum + (types[i]!.size === null ? part.length : 0), 0)
      const out = new Uint8Array(head + tail)
      const view = new DataView(out.buffer)
      let fixed = 0
      let variable = head
      parts.forEach((part, i) => {
        if (types[i]!.size !== null) {
          out.set(part, fixed)
          fixed += part.length
        } else {
          view.setUint32(fixed, variable, true)
          fixed += 4
          out.set(part, variable)
          variable += part.length
        }
      })
      return out
    },
    deserialize(bytes) {
      if (size !== null) expectSize(bytes, size, 'container')
      else if (bytes.length < head) throw new SszError(`a container needs ${head} bytes, got ${bytes.length}`)
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const offsets: number[] = []
      let cursor = 0
      types.forEach((type) => {
        if (type.size === null) offsets.push(view.getUint32(cursor, true))
        cursor += type.size ?? 4
      })
      offsets.push(bytes.length)
      if (offsets[0] !== (size === null ? head : bytes.length)) throw new SszError('the first offset is wrong')
      offsets.forEach((offset, i) => {
        if (i > 0 && offset < offsets[i - 1]!) throw new SszError('offsets decrease')
      })
      cursor = 0
      let variable = 0
      return build((type) => {
        if (type.size === null) {
          cursor += 4
          variable++
          return type.deserialize(bytes.subarray(offsets[variable - 1]!, offsets[variable]!))
        }
        cursor += type.size
        return type.deserialize(bytes.subarray(cursor - type.size, cursor))
      })
    },
    hashTreeRoot(value, merkle) {
      const chunks = new Uint8Array(types.length * 32)
      types.forEach((type, i) => {
        chunks.set(type.hashTreeRoot(at(value, i), merkle), i * 32)
      })
      return merkle.sszRoot(chunks, types.length)
    },
    fromJson(json) {
      if (typeof json !== 'object' || json === null || Array.isArray(json))
        throw new SszError(`expected an object, got ${describe(json)}`)
      return build((type, name) => {
        if (!(name in json)) throw new SszError(`the field ${name} is missing`)
        return type.fromJson((json as Record<string, unknown>)[name])
      })
    },
    toJson: (value) => Object.fromEntries(types.map((type, i) => [names[i]!, type.toJson(at(value, i))])),
  }
}

function sszHex(json: unknown, size?: number): Uint8Array {
  try {
    return fromHex(json, 'value', size)
  } catch (cause) {
    throw new SszError((cause as Error).message)
  }
}
function expectList(json: unknown, count: number, what: string): unknown[] {
  if (!Array.isArray(json)) throw new SszError(`${what}: expected a list, got ${describe(json)}`)
  if (json.length !== count) throw new SszError(`${what}: expected ${count} entries, got ${json.length}`)
  return json
}
function expectSize(bytes: Uint8Array, size: number, what: string): void {
  if (bytes.length !== size) throw new SszError(`${what}: expected ${size} bytes, got ${bytes.length}`)
}
function describe(json: unknown): string {
  return typeof json === 'string' ? `"${json.slice(0, 40)}"` : json === null ? 'null' : typeof json
}
function padTo32(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(32)
  out.set(bytes)
  return out
}
/** 48-byte keys, each followed by 16 zeros. By words: for 512 keys a quarter of the time of one `set` for each. */
function spreadKeys(keys: Uint8Array, count: number): Uint8Array {
  const from = new Uint32Array(new Uint8Array(keys).buffer)
  const to = new Uint32Array(count * 16)
  for (let i = 0; i < count; i++) for (let j = 0; j < 12; j++) to[16 * i + j] = from[12 * i + j]!
  return new Uint8Array(to.buffer)
}

/** Bytes or JSON that are not the canonical form of the SSZ type they should be. */
export class SszError extends GlowwormError {
  constructor(message: string) {
    super({ name: 'Data.SszError', code: 'INVALID_SSZ', kind: 'lie' }, `SSZ: ${message}`)
  }
}
