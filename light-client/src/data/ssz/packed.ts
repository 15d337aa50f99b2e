/**
 * Large vectors and lists that are hashed and never looked into: their value is their serialisation, so that a state of
 * a million validators is not a million objects.
 * @module
 */
import { toHex } from '../hex.ts'
import { mixInLength, padToChunks } from './merkleize.ts'
import { SszError, type SszType } from './types.ts'

/** Vector of `count` numbers of `size` bytes each, or of 32-byte roots. */
export function packedVector(size: number, count: number): SszType<Uint8Array> {
  return opaque(count * size, (bytes, merkle) => merkle.sszRoot(padToChunks(bytes), Math.ceil((count * size) / 32)))
}

/** List of at most `limit` numbers of `size` bytes each, or of 32-byte roots. */
export function packedList(size: number, limit: number): SszType<Uint8Array> {
  return opaque(
    null,
    (bytes, merkle) =>
      mixInLength(merkle.sszRoot(padToChunks(bytes), Math.ceil((limit * size) / 32)), bytes.length / size, merkle),
    (bytes) => checkCount(bytes.length, size, limit),
  )
}

/** List of at most `limit` containers whose fields are numbers, roots, keys or signatures of these many bytes. */
export function recordList(fieldSizes: readonly number[], limit: number): SszType<Uint8Array> {
  const size = fieldSizes.reduce((sum, field) => sum + field, 0)
  return opaque(
    null,
    (bytes, merkle) => {
      const count = bytes.length / size
      const roots = new Uint8Array(count * 32)
      const fields = new Uint8Array(fieldSizes.length * 32)
      for (let record = 0, at = 0; record < count; record++) {
        fields.fill(0)
        fieldSizes.forEach((field, i) => {
          const value = bytes.subarray(at, at + field)
          fields.set(field <= 32 ? value : merkle.sszRoot(padToChunks(value), Math.ceil(field / 32)), i * 32)
          at += field
        })
        roots.set(merkle.sszRoot(fields, fieldSizes.length), record * 32)
      }
      return mixInLength(merkle.sszRoot(roots, limit), count, merkle)
    },
    (bytes) => checkCount(bytes.length, size, limit),
  )
}

function opaque(
  size: number | null,
  hashTreeRoot: SszType<Uint8Array>['hashTreeRoot'],
  check: (bytes: Uint8Array) => void = () => {},
): SszType<Uint8Array> {
  const checked = (bytes: Uint8Array) => {
    if (size !== null && bytes.length !== size) throw new SszError(`expected ${size} bytes, got ${bytes.length}`)
    check(bytes)
    return bytes
  }
  return {
    size,
    zero: () => new Uint8Array(size ?? 0),
    serialize: (value) => value,
    deserialize: checked,
    hashTreeRoot,
    fromJson() {
      throw new SszError('such large lists are read as SSZ only')
    },
    toJson: toHex,
  }
}

function checkCount(length: number, size: number, limit: number): void {
  if (length % size !== 0) throw new SszError(`${length} bytes are no whole number of elements of ${size} bytes`)
  if (length / size > limit) throw new SszError(`a list has ${length / size} elements, at most ${limit} are allowed`)
}
