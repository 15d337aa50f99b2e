/** An independent reading of Bitcoin data for tests: trees by their recursive definition, blocks transaction by transaction. */
import { createHash } from 'node:crypto'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
export const sha256d = (bytes: Uint8Array): Uint8Array => new Uint8Array(sha256(sha256(bytes)))

/** The node at a height and position of the tree over `ids`: a leaf, or the hash of two nodes, the last one its own pair. */
export function nodeAt(ids: readonly Uint8Array[], height: number, position: number): Uint8Array {
  if (height === 0) return ids[position]!
  const left = nodeAt(ids, height - 1, 2 * position)
  const hasRight = 2 * position + 1 < Math.ceil(ids.length / 2 ** (height - 1))
  return sha256d(Buffer.concat([left, hasRight ? nodeAt(ids, height - 1, 2 * position + 1) : left]))
}

export const depthOf = (ids: readonly Uint8Array[]): number => Math.ceil(Math.log2(ids.length))
export const rootOf = (ids: readonly Uint8Array[]): Uint8Array => nodeAt(ids, depthOf(ids), 0)

export function branchOf(ids: readonly Uint8Array[], index: number): Uint8Array[] {
  return Array.from({ length: depthOf(ids) }, (_, height) => {
    const position = Math.floor(index / 2 ** height) ^ 1
    const exists = position < Math.ceil(ids.length / 2 ** height)
    return nodeAt(ids, height, exists ? position : position - 1)
  })
}

/** The partial tree of BIP 37 that shows the transactions at `wanted`. */
export function partialTree(ids: readonly Uint8Array[], wanted: ReadonlySet<number>) {
  const bits: boolean[] = []
  const hashes: Uint8Array[] = []
  const visit = (height: number, position: number): void => {
    const below = Array.from({ length: 2 ** height }, (_, i) => position * 2 ** height + i)
    const isMarked = below.some((i) => i < ids.length && wanted.has(i))
    bits.push(isMarked)
    if (height === 0 || !isMarked) {
      hashes.push(nodeAt(ids, height, position))
      return
    }
    visit(height - 1, 2 * position)
    if (2 * position + 1 < Math.ceil(ids.length / 2 ** (height - 1))) visit(height - 1, 2 * position + 1)
  }
  visit(depthOf(ids), 0)
  const flags = new Uint8Array(Math.ceil(bits.length / 8))
  for (const [i, bit] of bits.entries()) if (bit) flags[i >> 3]! |= 1 << (i & 7)
  return { transactions: ids.length, hashes, flags, bits: bits.length }
}

/** The root in the header and the ids of the transactions of a block without witnesses. */
export function readBlock(bytes: Uint8Array): { root: Uint8Array; ids: Uint8Array[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = 80
  const count = (): number => {
    const first = view.getUint8(at)
    at += first < 0xfd ? 1 : 3
    return first < 0xfd ? first : view.getUint16(at - 2, true)
  }
  const skipScript = (): void => {
    const length = count()
    at += length
  }
  const ids = Array.from({ length: count() }, () => {
    const start = at
    at += 4
    for (let inputs = count(); inputs > 0; inputs--) {
      at += 36
      skipScript()
      at += 4
    }
    for (let outputs = count(); outputs > 0; outputs--) {
      at += 8
      skipScript()
    }
    at += 4
    return sha256d(bytes.subarray(start, at))
  })
  if (at !== bytes.length) throw new Error(`the block ends at ${at} of ${bytes.length}`)
  return { root: bytes.slice(36, 68), ids }
}
