import { concatBytes, fromHex, toHex } from '../hex.ts'
import { ofItems } from './list.ts'
import { mixInLength, padToChunks } from './merkleize.ts'
import { packedList } from './packed.ts'
import { SszError, type SszType, uint64 } from './types.ts'

/** List of at most `limit` elements of varying size: attestations, transactions. */
export function variableList<T>(element: SszType<T>, limit: number): SszType<readonly T[]> {
  const check = (count: number) => {
    if (count > limit) throw new SszError(`a list has ${count} elements, at most ${limit} are allowed`)
  }
  return {
    size: null,
    zero: () => [],
    serialize(value) {
      const parts = value.map((item) => element.serialize(item))
      const out = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 0))
      const view = new DataView(out.buffer)
      let at = 4 * parts.length
      parts.forEach((part, i) => {
        view.setUint32(4 * i, at, true)
        out.set(part, at)
        at += part.length
      })
      return out
    },
    deserialize(bytes) {
      if (bytes.length === 0) return []
      if (bytes.length < 4) throw new SszError('the first offset is cut off')
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
      const first = view.getUint32(0, true)
      if (first === 0 || first % 4 !== 0 || first > bytes.length) throw new SszError('the first offset is wrong')
      check(first / 4)
      const offsets = Array.from({ length: first / 4 }, (_, i) => view.getUint32(4 * i, true))
      offsets.push(bytes.length)
      return offsets.slice(0, -1).map((offset, i) => {
        if (offsets[i + 1]! < offset || offsets[i + 1]! > bytes.length) throw new SszError('offsets decrease')
        return element.deserialize(bytes.subarray(offset, offsets[i + 1]))
      })
    },
    ...ofItems(element, limit, check),
  }
}

/** Bitlist of at most `limit` bits, held as its serialisation: the bits, then a one that marks the end. */
export function bitlist(limit: number): SszType<Uint8Array> {
  const lengthOf = (bytes: Uint8Array) => (bytes.length - 1) * 8 + 31 - Math.clz32(bytes.at(-1)!)
  const check = (bytes: Uint8Array) => {
    if (bytes.length === 0 || bytes.at(-1) === 0) throw new SszError('a bitlist has no end')
    if (lengthOf(bytes) > limit)
      throw new SszError(`a bitlist has ${lengthOf(bytes)} bits, at most ${limit} are allowed`)
    return bytes
  }
  return {
    size: null,
    zero: () => Uint8Array.of(1),
    serialize: (value) => value,
    deserialize: check,
    hashTreeRoot(value, merkle) {
      const length = lengthOf(value)
      const bits = value.slice(0, Math.ceil(length / 8))
      if (length % 8 !== 0) bits[bits.length - 1]! &= (1 << (length % 8)) - 1
      return mixInLength(merkle.sszRoot(padToChunks(bits), Math.ceil(limit / 256)), length, merkle)
    },
    fromJson(json) {
      try {
        return check(fromHex(json, 'bitlist'))
      } catch (cause) {
        throw new SszError((cause as Error).message)
      }
    },
    toJson: toHex,
  }
}

/** List of at most `limit` uint64, held as its serialisation. */
export function numberList(limit: number): SszType<Uint8Array> {
  const packed = packedList(8, limit)
  return {
    ...packed,
    fromJson(json) {
      if (!Array.isArray(json)) throw new SszError('expected a list of numbers')
      return packed.deserialize(concatBytes(...json.map((number) => uint64.serialize(uint64.fromJson(number)))))
    },
  }
}
