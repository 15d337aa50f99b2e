import { describe, expect, it } from 'vitest'
import { enginesUnderTest } from '../test/engines.ts'
import { toHex } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'

describe.each(enginesUnderTest)('sszRoot by $name', ({ merkle, hashes }) => {
  const chunk = new Uint8Array(32).fill(3)
  const chunksOf = (count: number) => Uint8Array.from({ length: 32 * count }, (_, i) => i * 7 + (i >> 8) + 1)
  /** The definition: a tree is its only chunk, or the hash of its halves. */
  const treeRoot = (chunks: Uint8Array, width: number): Uint8Array => {
    if (width === 1) return Uint8Array.from({ length: 32 }, (_, i) => chunks[i] ?? 0)
    const half = width / 2
    const sides = [chunks.subarray(0, 32 * half), chunks.subarray(32 * half)]
    return hashes.sha256(Uint8Array.from(sides.flatMap((side) => [...treeRoot(side, half)])))
  }

  it('is that of the definition, for every number of chunks and some limits', () => {
    for (let count = 0; count <= 18; count++)
      for (const limit of [count, count + 1, 17, 64].filter((limit) => limit >= count)) {
        const width = 2 ** Math.ceil(Math.log2(Math.max(limit, 1)))
        expect(merkle.sszRoot(chunksOf(count), limit), `${count} of ${limit}`).toEqual(treeRoot(chunksOf(count), width))
      }
  })

  it('knows the roots of two and of four zero chunks', () => {
    const [two, four] = [2, 4].map((limit) => toHex(merkle.sszRoot(new Uint8Array(), limit)))
    expect(two).toBe('f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b')
    expect(four).toBe('db56114e00fdd4c1f85c892bf35ac9a89289aaecb1ebd0a96cde606a748b5d71')
  })

  it('goes as deep as limits do', () => {
    const branch = Array.from({ length: 52 }, (_, i) => merkle.sszRoot(new Uint8Array(), 2 ** i))
    const root = merkle.sszRoot(chunk, 2 ** 52)
    expect(root).toEqual(merkle.sszBranchRoot(chunk, branch, 0))
    expect(merkle.sszRoot(chunk, Number.MAX_SAFE_INTEGER)).toEqual(
      hashes.sha256(Uint8Array.from([...root, ...merkle.sszRoot(new Uint8Array(), 2 ** 52)])),
    )
  })

  it('takes more chunks than a window, in layers like any other', () => {
    for (const count of [4096, 4097, 8193, 12_288 + 5]) {
      let layer = chunksOf(count)
      for (let height = 0; height < 15; height++) {
        const padded = new Uint8Array(Math.ceil(layer.length / 64) * 64)
        padded.set(layer)
        if (padded.length > layer.length) padded.set(merkle.sszRoot(new Uint8Array(), 2 ** height), layer.length)
        layer = hashes.sha256Pairs(padded) as typeof layer
      }
      expect(merkle.sszRoot(chunksOf(count), 2 ** 15)).toEqual(layer)
    }
  })

  it('copies a single chunk', () => {
    const buffer = Buffer.alloc(32, 1)
    const root = merkle.sszRoot(buffer, 1)
    buffer.fill(0)
    expect(root).toEqual(new Uint8Array(32).fill(1))
  })

  it.each([
    ['half a chunk', new Uint8Array(16), 4, 'chunks'],
    ['more chunks than the limit', new Uint8Array(96), 2, 'limit'],
    ['a negative limit', new Uint8Array(), -1, 'limit'],
    ['a fractional limit', new Uint8Array(32), 1.5, 'limit'],
    ['a limit beyond the safe integers', new Uint8Array(32), 2 ** 53, 'limit'],
  ])('refuses %s', (_, chunks, limit, argument) => {
    expect(() => merkle.sszRoot(chunks, limit)).toThrow(InvalidArgument)
    expect(() => merkle.sszRoot(chunks, limit)).toThrow(argument)
  })
})
