import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vectorBytes } from '../../test/vector-files.ts'
import { branchOf, depthOf, partialTree, readBlock, rootOf, sha256d } from '../test/bitcoin-blocks.ts'
import { enginesUnderTest } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorJson } from '../test/vectors.ts'
import { bitcoinBranchRoot, bitcoinMerkleRoot } from './bitcoin-merkle.ts'
import {
  decodeMerkleBlock,
  type PartialMerkleMatches,
  type PartialMerkleTree,
  partialMerkleMatches,
} from './bitcoin-merkle-block.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'

const idsOf = (count: number, seed = 0) =>
  Array.from({ length: count }, (_, i) => sha256d(Uint8Array.of(i, i >> 8, seed)))
const flip = (bytes: Uint8Array, at: number, bits: number) =>
  bytes.with(at % bytes.length, bytes[at % bytes.length]! ^ bits)

describe.each(enginesUnderTest)('Bitcoin trees by $name', ({ hashes }) => {
  describe('roots', () => {
    it('are those of the definition, for every number of transactions', () => {
      for (let count = 1; count <= 40; count++)
        expect(bitcoinMerkleRoot(idsOf(count), hashes), String(count)).toEqual(rootOf(idsOf(count)))
    })

    it('refuse a list whose end is repeated, though the root is that of the block (CVE-2012-2459)', () => {
      for (const [count, repeated, at] of [
        [3, 1, 3],
        [6, 2, 6],
        [12, 4, 12],
        [7, 1, 7],
      ] as const) {
        const ids = idsOf(count)
        const mutated = [...ids, ...ids.slice(-repeated)]
        expect(rootOf(mutated)).toEqual(rootOf(ids))
        expect(() => bitcoinMerkleRoot(mutated, hashes)).toThrow(
          new MerkleProofError('two equal nodes stand side by side', at),
        )
      }
    })

    it('depend on every id and on their order', () => {
      const ids = idsOf(11)
      const root = toHex(bitcoinMerkleRoot(ids, hashes))
      for (const i of ids.keys()) expect(toHex(bitcoinMerkleRoot(ids.with(i, sha256d(ids[i]!)), hashes))).not.toBe(root)
      expect(toHex(bitcoinMerkleRoot([...ids].reverse(), hashes))).not.toBe(root)
    })

    it('refuse no transactions, and ids of other lengths', () => {
      expect(() => bitcoinMerkleRoot([], hashes)).toThrow(InvalidArgument)
      expect(() => bitcoinMerkleRoot([new Uint8Array(32), new Uint8Array(31)], hashes)).toThrow('ids[1]')
    })

    it('are copies', () => {
      const id = Buffer.alloc(32, 1)
      const root = bitcoinMerkleRoot([id], hashes)
      id.fill(0)
      expect(root).toEqual(new Uint8Array(32).fill(1))
    })
  })

  describe('branches', () => {
    it('lead to the root from every transaction, at its index and no other', () => {
      for (const count of [1, 2, 3, 5, 6, 11, 16]) {
        const ids = idsOf(count)
        const root = toHex(rootOf(ids))
        for (const [index, id] of ids.entries())
          for (let claimed = 0; claimed < 2 ** depthOf(ids); claimed++) {
            const reached = rootOrFault(() => bitcoinBranchRoot(id, branchOf(ids, index), claimed, hashes))
            expect(reached === root, `${index} of ${count} as ${claimed}`).toBe(claimed === index)
          }
      }
    })

    it('refuse an index behind the last transaction, where the tree repeats it', () => {
      const ids = idsOf(5)
      const branch = branchOf(ids, 4)
      for (const [index, height] of [
        [5, 0],
        [6, 1],
        [7, 0],
      ] as const)
        expect(() => bitcoinBranchRoot(ids[4]!, branch, index, hashes)).toThrow(
          new MerkleProofError('the index lies behind the last transaction', height),
        )
    })

    it('lead elsewhere after any change', () => {
      const change = fc.record({ which: fc.nat(), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) })
      fc.assert(
        fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), change, (count, pick, { which, at, bits }) => {
          const ids = idsOf(count)
          const index = pick % count
          const branch = branchOf(ids, index)
          const root = toHex(rootOf(ids))
          expect(toHex(bitcoinBranchRoot(ids[index]!, branch, index, hashes))).toBe(root)
          const place = which % branch.length
          const changed = branch.with(place, flip(branch[place]!, at, bits))
          expect(toHex(bitcoinBranchRoot(ids[index]!, changed, index, hashes))).not.toBe(root)
          expect(toHex(bitcoinBranchRoot(flip(ids[index]!, at, bits), branch, index, hashes))).not.toBe(root)
        }),
        { numRuns: 40 },
      )
    })

    it.each([
      ['a short id', new Uint8Array(31), [], 0],
      ['a long sibling', new Uint8Array(32), [new Uint8Array(33)], 0],
      ['an index beyond the depth', new Uint8Array(32), [new Uint8Array(32)], 2],
      ['a negative index', new Uint8Array(32), [], -1],
      ['25 levels', new Uint8Array(32), Array.from({ length: 25 }, () => new Uint8Array(32)), 0],
    ])('refuse %s', (_, id, branch, index) => {
      expect(() => bitcoinBranchRoot(id, branch, index, hashes)).toThrow(InvalidArgument)
    })
  })

  describe('partial trees', () => {
    it('show what they were made for', () => {
      const pick = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.array(fc.nat(), { maxLength: 8 }))
      fc.assert(
        fc.property(pick, ([count, picks]) => {
          const ids = idsOf(count)
          const wanted = [...new Set(picks.map((n) => n % count))].sort((a, b) => a - b)
          expect(partialMerkleMatches(partialTree(ids, new Set(wanted)), hashes)).toEqual({
            root: rootOf(ids),
            matches: wanted.map((index) => ({ index, id: ids[index]! })),
          })
        }),
        { numRuns: 40 },
      )
    })

    it('lead elsewhere, are refused or still show what is true after any change of a bit', () => {
      const ids = idsOf(13)
      for (const wanted of [[], [0], [12], [3, 4, 11]]) {
        const tree = partialTree(ids, new Set(wanted))
        const root = toHex(rootOf(ids))
        /** What a tree shows under the root of the block, or null. */
        const shown = (changed: PartialMerkleTree) => {
          let matches: PartialMerkleMatches['matches'] | null = null
          const reached = rootOrFault(() => {
            const result = partialMerkleMatches(changed, hashes)
            matches = result.matches
            return result.root
          })
          return reached === root ? (matches as PartialMerkleMatches['matches'] | null) : null
        }
        expect(shown(tree)?.map(({ index }) => index)).toEqual(wanted)
        for (let i = 0; i < tree.flags.length * 8; i++) {
          // A leaf beside a match may be shown too, or a match no longer: nothing false comes of it.
          const flags = flip(tree.flags, i >> 3, 1 << (i & 7))
          for (const { index, id } of shown({ ...tree, flags }) ?? []) expect(id).toEqual(ids[index])
          if (i >= tree.bits) expect(shown({ ...tree, flags })).toBeNull()
        }
        for (const [i, hash] of tree.hashes.entries()) {
          expect(shown({ ...tree, hashes: tree.hashes.with(i, flip(hash, i, 4)) })).toBeNull()
          expect(shown({ ...tree, hashes: tree.hashes.toSpliced(i, 1) })).toBeNull()
          expect(shown({ ...tree, hashes: tree.hashes.toSpliced(i, 0, hash) })).toBeNull()
        }
      }
    })

    const one = { transactions: 1, hashes: [new Uint8Array(32)], flags: Uint8Array.of(1) }
    const two = { transactions: 2, hashes: idsOf(2), flags: Uint8Array.of(0b011) }
    it.each([
      ['without transactions', { ...one, transactions: 0 }, 'there are no transactions', 0],
      ['with too many', { ...one, transactions: 16_667 }, 'there are more transactions than a block can hold', 0],
      [
        'with more hashes than transactions',
        { ...one, hashes: idsOf(2) },
        'there are more hashes than transactions',
        0,
      ],
      ['with too few hashes', { ...two, hashes: idsOf(1) }, 'there are too few hashes', 1],
      ['with hashes left over', { ...two, flags: Uint8Array.of(0) }, 'hashes are left over', 1],
      ['with a short hash', { ...one, hashes: [new Uint8Array(31)] }, 'a hash does not have 32 bytes', 0],
      ['without flags', { ...one, flags: new Uint8Array() }, 'there are too few flags', 0],
      ['with a byte of flags too many', { ...one, flags: Uint8Array.of(1, 0) }, 'flags are left over', 1],
      [
        'padded with a one',
        { ...one, flags: Uint8Array.of(0b11) },
        'the flags are padded with other bits than zeros',
        1,
      ],
      [
        'with a node and its copy',
        { ...two, hashes: [idsOf(1)[0]!, idsOf(1)[0]!] },
        'two equal nodes stand side by side',
        2,
      ],
      [
        'with an empty promise',
        { ...two, flags: Uint8Array.of(0b001) },
        'a flag promises a match that is not there',
        2,
      ],
    ])('refuse a tree %s', (_, tree, message, at) => {
      expect(() => partialMerkleMatches(tree, hashes)).toThrow(new MerkleProofError(message, at))
    })

    it('do not say where a transaction of 64 bytes stands for a node: its halves are hashes (CVE-2017-12842)', () => {
      // Not a virtue but the format: the caller must look at the transaction. See bitcoin-merkle.ts.
      const forged = sha256d(Uint8Array.of(9))
      const transaction = Uint8Array.from([...idsOf(1)[0]!, ...forged])
      const ids = [sha256d(transaction), idsOf(2)[1]!]
      expect(bitcoinBranchRoot(forged, [idsOf(1)[0]!, ids[1]!], 1, hashes)).toEqual(rootOf(ids))
    })
  })

  describe('merkleblock messages', () => {
    const header = new Uint8Array(80).fill(7)
    const message = (...tail: number[]) => Uint8Array.from([...header, ...tail])
    const hash = Array.from(idsOf(1)[0]!)

    it('decode', () => {
      const { header: read, tree } = decodeMerkleBlock(message(1, 0, 0, 0, 1, ...hash, 1, 1))
      expect(read).toEqual(header)
      expect(tree).toEqual({ transactions: 1, hashes: idsOf(1), flags: Uint8Array.of(1) })
    })

    it.each([
      ['an empty message', new Uint8Array(), 'the message ends early', 0],
      ['a header alone', header, 'the message ends early', 0],
      ['a message without its last byte', message(1, 0, 0, 0, 1, ...hash, 1), 'the message ends early', 1],
      [
        'a message with a byte behind',
        message(1, 0, 0, 0, 1, ...hash, 1, 1, 0),
        'bytes are left over behind the message',
        1,
      ],
      ['more hashes than there are', message(2, 0, 0, 0, 0xfd, 0xff, 0xff, ...hash), 'the message ends early', 1],
      [
        'a long form of a short count',
        message(1, 0, 0, 0, 0xfd, 1, 0, ...hash, 1, 1),
        'a count is too large or not in its shortest form',
        0,
      ],
      [
        'a count of four bytes',
        message(1, 0, 0, 0, 0xfe, 1, 0, 0, 0, ...hash, 1, 1),
        'a count is too large or not in its shortest form',
        0,
      ],
    ])('refuse %s', (_, bytes, fault, at) => {
      expect(() => decodeMerkleBlock(bytes)).toThrow(new MerkleProofError(fault, at))
    })
  })

  describeVectors('real blocks', () => {
    it('have the roots of their headers', () => {
      const blocks = vectorJson<{ data: string }[]>('bitcoin/bitcore-core-data/blocks.json').map(({ data }) =>
        fromHex(data),
      )
      const testnet = vectorBytes('bitcoin/bitcore-core-data/blk86756-testnet.dat').subarray(8, 8 + 8003) // behind magic and length
      for (const { root, ids } of [...blocks, testnet].map(readBlock)) {
        expect(bitcoinMerkleRoot(ids, hashes)).toEqual(root)
        for (const [index, id] of ids.entries())
          expect(bitcoinBranchRoot(id, branchOf(ids, index), index, hashes)).toEqual(root)
      }
      expect(readBlock(testnet).ids.length).toBe(22)
    })

    it('merkleblock of Bitcore, as bytes and as JSON', () => {
      const { HEX, JSON: parsed } = vectorJson<{
        HEX: string[]
        JSON: { header: { merkleRoot: string }; numTransactions: number; hashes: string[]; flags: number[] }[]
      }>('bitcoin/bitcore-core-data/merkleblocks.json')
      const trees = parsed.map(({ numTransactions, hashes: list, flags }) => ({
        transactions: numTransactions,
        hashes: list.map(fromHex),
        flags: Uint8Array.from(flags),
      }))
      expect(decodeMerkleBlock(fromHex(HEX[0]!)).tree).toEqual(trees[0])
      const shown = trees.map((tree, i) => {
        const { root, matches } = partialMerkleMatches(tree, hashes)
        expect(toHex(root.toReversed())).toBe(parsed[i]!.header.merkleRoot)
        return matches.length > 0
      })
      expect(shown).toEqual([true, false, true, true])
    })

    it.each([0, 1, 10, 100, 1000, 1850])('gettxoutproof of transaction %i of block 830000', (index) => {
      const path = `bitcoin/spv-mainnet/txoutproof/case-0830000/0830000-${index}.bin`
      const bytes = vectorBytes(path)
      const { header, tree } = decodeMerkleBlock(bytes)
      const { root, matches } = partialMerkleMatches(tree, hashes)
      expect(root).toEqual(header.slice(36, 68))
      expect(matches.map((match) => match.index)).toEqual([index])
      // The header is that of the chain: block 830000 has this hash.
      expect(toHex(sha256d(header).toReversed())).toBe(
        '000000000000000000011d55599ed27d7efca05f5849b755319c89eb2cffbc1f',
      )
      // Between the number of transactions, which the tree binds only roughly, and the flags, which may show more.
      for (let at = 84; at < bytes.length - tree.flags.length; at += 3) {
        const changed = flip(bytes, at, 1 << (at % 8))
        const reached = rootOrFault(() => partialMerkleMatches(decodeMerkleBlock(changed).tree, hashes).root)
        expect(reached, `byte ${at}`).not.toBe(toHex(root))
      }
    })
  })
})

/** The root as text, or why there is none. */
function rootOrFault(root: () => Uint8Array): string {
  try {
    return toHex(root())
  } catch (error) {
    if (!(error instanceof MerkleProofError)) throw error
    return error.message
  }
}
