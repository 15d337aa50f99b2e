import { mixInLength } from './merkleize.ts'
import { SszError, type SszType } from './types.ts'

/** List of at most `limit` elements of one fixed size: keys, or the nodes of a proof. */
export function list<T>(element: SszType<T>, limit: number): SszType<readonly T[]> {
  const { size } = element
  if (size === null) throw new TypeError('list: elements of varying size are not supported')
  const check = (count: number) => {
    if (count > limit) throw new SszError(`a list has ${count} elements, at most ${limit} are allowed`)
  }
  return {
    size: null,
    zero: () => [],
    serialize(value) {
      const out = new Uint8Array(value.length * size)
      value.forEach((item, i) => {
        out.set(element.serialize(item), i * size)
      })
      return out
    },
    deserialize(bytes) {
      if (bytes.length % size !== 0)
        throw new SszError(`${bytes.length} bytes are no whole number of elements of ${size} bytes`)
      const count = bytes.length / size
      check(count)
      return Array.from({ length: count }, (_, i) => element.deserialize(bytes.subarray(i * size, (i + 1) * size)))
    },
    ...ofItems(element, limit, check),
  }
}

/** What lists of all kinds have in common: each item is a chunk of the tree. */
export function ofItems<T>(
  element: SszType<T>,
  limit: number,
  check: (count: number) => void,
): Pick<SszType<readonly T[]>, 'hashTreeRoot' | 'fromJson' | 'toJson'> {
  return {
    hashTreeRoot(value, merkle) {
      const chunks = new Uint8Array(value.length * 32)
      value.forEach((item, i) => {
        chunks.set(element.hashTreeRoot(item, merkle), i * 32)
      })
      return mixInLength(merkle.sszRoot(chunks, limit), value.length, merkle)
    },
    fromJson(json) {
      if (!Array.isArray(json)) throw new SszError('expected a list')
      check(json.length)
      return json.map((item) => element.fromJson(item))
    },
    toJson: (value) => value.map((item) => element.toJson(item)),
  }
}
