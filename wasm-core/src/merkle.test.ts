import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnginesUnderTest, enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { buildTrie, rlpList, rlpString } from '../test/trie-builder.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'
import { MAX_TRIE_PROOF_BYTES } from './trie-faults.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const node = (seed: number) => Uint8Array.from({ length: 32 }, (_, i) => i + seed)
const keccak = noble.hashes.keccak256
const EMPTY_ROOT = keccak(Uint8Array.of(0x80))

/** Keys of uneven lengths, long and short values: branches with values, extensions, embedded nodes. */
const words = ['do', 'dog', 'doge', 'dogglesworth', 'horse', 'house', 'a', 'ab', 'abc']
const trie = buildTrie(words.map((word, i) => [utf8(word), new Uint8Array(i % 3 ? 3 : 40).fill(i + 1)]))

describe.each(enginesUnderTest)('Merkle proofs by $name', ({ merkle, hashes }) => {
  describe('sszBranchRoot', () => {
    it('climbs left and right as the index says', () => {
      const pair = (left: Uint8Array, right: Uint8Array) => hashes.sha256(Uint8Array.from([...left, ...right]))
      const expected = pair(node(2), pair(pair(node(0), node(1)), node(3)))
      expect(merkle.sszBranchRoot(node(0), [node(1), node(3), node(2)], 0b100)).toEqual(expected)
    })

    it('returns the leaf, copied, for an empty branch', () => {
      const leaf = node(9)
      const root = merkle.sszBranchRoot(leaf, [], 0)
      expect(root).toEqual(leaf)
      expect(root).not.toBe(leaf)
    })

    it('goes 52 deep, with an index beyond 32 bits', () => {
      const branch = Array.from({ length: 52 }, (_, i) => node(i))
      const index = 2 ** 51 + 2 ** 33 + 5
      let expected = node(7)
      for (const [i, sibling] of branch.entries()) {
        const right = Math.floor(index / 2 ** i) % 2 === 1
        expected = hashes.sha256(
          right ? Uint8Array.from([...sibling, ...expected]) : Uint8Array.from([...expected, ...sibling]),
        ) as typeof expected
      }
      expect(merkle.sszBranchRoot(node(7), branch, index)).toEqual(expected)
    })

    it.each([
      ['a short leaf', new Uint8Array(31), [], 0],
      ['a long sibling', node(0), [new Uint8Array(33)], 0],
      ['too many siblings', node(0), Array.from({ length: 53 }, () => node(1)), 0],
      ['an index beyond the depth', node(0), [node(1)], 2],
      ['a negative index', node(0), [node(1)], -1],
      ['a fractional index', node(0), [node(1)], 0.5],
      ['an index that is not a number', node(0), [node(1)], Number.NaN],
    ])('refuses %s', (_, leaf, branch, index) => {
      expect(() => merkle.sszBranchRoot(leaf, branch, index)).toThrow(InvalidArgument)
    })
  })

  it('names what is not bytes, as a program without types may pass it', () => {
    const root = new Uint8Array(32)
    const nonsense = [...new Uint8Array(40)] as unknown as Uint8Array[]
    expect(() => merkle.trieValue(root, root, nonsense)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('proof[0]') }),
    )
    expect(() => merkle.trieValues(root, [root], nonsense)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('nodes[0]') }),
    )
  })

  describe('trieValue', () => {
    it('finds every value', () => {
      for (const [i, word] of words.entries())
        expect(merkle.trieValue(trie.root, utf8(word), trie.proof(utf8(word)))).toEqual(
          new Uint8Array(i % 3 ? 3 : 40).fill(i + 1),
        )
    })

    it('proves absence: on an empty branch slot, past a leaf, beside an extension, at a branch without value', () => {
      for (const word of ['x', 'dot', 'dogx', 'dogglesworthy', 'dogglesworti', 'ho', 'h', 'hours', 'abcd', 'abd', 'd'])
        expect(merkle.trieValue(trie.root, utf8(word), trie.proof(utf8(word))), word).toBeNull()
    })

    it('knows the empty trie, without nodes and as the single node 0x80', () => {
      expect(merkle.trieValue(EMPTY_ROOT, utf8('x'), [])).toBeNull()
      expect(merkle.trieValue(EMPTY_ROOT, utf8('x'), [Uint8Array.of(0x80)])).toBeNull()
    })

    it.each<[string, (proof: Uint8Array[]) => Uint8Array[], string, number]>([
      ['no nodes', () => [], 'no nodes for a trie that is not empty', 0],
      ['a missing last node', (proof) => proof.slice(0, -1), 'the proof ends before the path does', 7],
      ['a missing root', (proof) => proof.slice(1), 'a node does not have the expected hash', 0],
      ['a surplus node', (proof) => [...proof, proof[0]!], 'a node is given that the path does not use', 8],
      ['a repeated node', (proof) => [proof[0]!, ...proof], 'a node does not have the expected hash', 1],
      ['nodes in the wrong order', (proof) => [...proof].reverse(), 'a node does not have the expected hash', 0],
      [
        'a truncated node',
        (proof) => [proof[0]!.slice(0, -1), ...proof.slice(1)],
        'a node does not have the expected hash',
        0,
      ],
      ['an empty node', (proof) => [new Uint8Array(), ...proof.slice(1)], 'a node does not have the expected hash', 0],
    ])('refuses %s', (_, change, message, at) => {
      const key = utf8('dogglesworth')
      const proof = trie.proof(key)
      expect(proof.length).toBe(8)
      expect(() => merkle.trieValue(trie.root, key, change(proof))).toThrow(new MerkleProofError(message, at))
    })

    it('refuses a surplus node behind a proof of absence and behind the empty trie', () => {
      const key = utf8('x')
      expect(() => merkle.trieValue(trie.root, key, [...trie.proof(key), node(1)])).toThrow(MerkleProofError)
      expect(() => merkle.trieValue(EMPTY_ROOT, key, [Uint8Array.of(0x80), node(1)])).toThrow(MerkleProofError)
    })

    it('refuses more nodes than the key has nibbles before hashing any', () => {
      const fault = new MerkleProofError('there are more nodes than the key has nibbles', 3)
      expect(() =>
        merkle.trieValue(
          node(0),
          Uint8Array.of(1),
          Array.from({ length: 4 }, () => node(1)),
        ),
      ).toThrow(fault)
    })

    it('returns copies, also of Node Buffers', () => {
      const key = utf8('horse')
      const buffers = trie.proof(key).map((bytes) => Buffer.from(bytes))
      const value = merkle.trieValue(Buffer.from(trie.root), Buffer.from(key), buffers)!
      expect(Object.getPrototypeOf(value)).toBe(Uint8Array.prototype)
      for (const buffer of buffers) buffer.fill(0)
      expect(value).toEqual(merkle.trieValue(trie.root, key, trie.proof(key)))
      const leaf = Buffer.alloc(32, 1)
      const root = merkle.sszBranchRoot(leaf, [], 0)
      leaf.fill(0)
      expect(root).toEqual(new Uint8Array(32).fill(1))
    })

    // Nodes whose hash is right but whose content is not what a trie may hold. The key is one zero byte.
    const hash = rlpString(node(1))
    const empty = Uint8Array.of(0x80)
    const children = Array.from({ length: 16 }, () => hash)
    it.each<[string, Uint8Array, string]>([
      ['a string', rlpString(new Uint8Array(40)), 'a node is not one RLP list'],
      ['bytes behind the list', Uint8Array.of(0xc0, 0), 'a node is not one RLP list'],
      ['an empty list', Uint8Array.of(0xc0), 'a node has neither 2 nor 17 items'],
      ['three items', rlpList([empty, empty, empty]), 'a node has neither 2 nor 17 items'],
      ['sixteen items', rlpList(children), 'a node has neither 2 nor 17 items'],
      ['eighteen items', rlpList([...children, empty, empty]), 'a node has neither 2 nor 17 items'],
      ['a list longer than the node', Uint8Array.of(0xc5, 1, 2), 'RLP ends early'],
      ['an item longer than its list', Uint8Array.of(0xc2, 0x85, 1), 'RLP ends early'],
      ['a long form for a short list', Uint8Array.of(0xf8, 2, 0x20, 1), 'an RLP length is not canonical'],
      [
        'a long form with a leading zero',
        Uint8Array.of(0xf9, 0, 60, ...new Uint8Array(60)),
        'an RLP length is not canonical',
      ],
      ['a length of five bytes', Uint8Array.of(0xfc, 1, 0, 0, 0, 0), 'an RLP length is not canonical'],
      ['a length of 4 GiB', Uint8Array.of(0xfb, 255, 255, 255, 255), 'RLP ends early'],
      ['a length that wraps around', Uint8Array.of(0xc6, 0xbb, 255, 255, 255, 250, 0), 'RLP ends early'],
      ['a wrapped single byte', rlpList([Uint8Array.of(0x81, 0x20), empty]), 'an RLP byte is not canonical'],
      ['an empty path item', rlpList([empty, hash]), 'a path is malformed'],
      ['a path that is a list', rlpList([Uint8Array.of(0xc1, 0x20), hash]), 'a path is malformed'],
      ['a path with flag 4', rlpList([rlpString(Uint8Array.of(0x40)), hash]), 'a path is malformed'],
      ['a path with dirty padding', rlpList([rlpString(Uint8Array.of(0x21, 0)), hash]), 'a path is malformed'],
      ['an extension without path', rlpList([Uint8Array.of(0), hash]), 'an extension has an empty path'],
      [
        'an extension to nothing',
        rlpList([Uint8Array.of(0x10), empty]),
        'a child is neither a hash nor an embedded node',
      ],
      [
        'an extension to 31 bytes',
        rlpList([Uint8Array.of(0x10), rlpString(new Uint8Array(31))]),
        'a child is neither a hash nor an embedded node',
      ],
      [
        'a child of 32 bytes embedded',
        rlpList([...children.slice(1), rlpList([new Uint8Array(31)]), empty]),
        'a child is neither a hash nor an embedded node',
      ],
      [
        'a branch child of one byte',
        rlpList([...children.slice(1), Uint8Array.of(1), empty]),
        'a child is neither a hash nor an embedded node',
      ],
      ['a branch value that is a list', rlpList([...children, Uint8Array.of(0xc0)]), 'a value is a list'],
      [
        'a leaf value that is a list',
        rlpList([rlpString(Uint8Array.of(0x20, 0)), Uint8Array.of(0xc0)]),
        'a value is a list',
      ],
      ['a leaf with an empty value', rlpList([rlpString(Uint8Array.of(0x20, 0)), empty]), 'a leaf has an empty value'],
    ])('refuses a node with the right hash that is %s', (_, bytes, message) => {
      expect(() => merkle.trieValue(keccak(bytes), Uint8Array.of(0), [bytes])).toThrow(new MerkleProofError(message, 0))
    })

    it('wants nodes below 32 bytes in their parent, and others by hash', () => {
      const slots = Array.from({ length: 17 }, () => empty)
      const leafOf = (bytes: number) =>
        rlpList([rlpString(Uint8Array.of(0x30)), rlpString(new Uint8Array(bytes - 3).fill(5))])
      const walk = (child: Uint8Array, rest: Uint8Array[]) => {
        const branch = rlpList([child, ...slots.slice(1)])
        return merkle.trieValue(keccak(branch), Uint8Array.of(0), [branch, ...rest])
      }
      const [short, long] = [leafOf(31), leafOf(32)]
      expect([short.length, long.length]).toEqual([31, 32])
      expect(walk(short, [])?.length).toBe(28)
      expect(walk(rlpString(keccak(long)), [long])?.length).toBe(29)
      const fault = 'a node shorter than 32 bytes is referred to by its hash instead of standing in its parent'
      expect(() => walk(rlpString(keccak(short)), [short])).toThrow(new MerkleProofError(fault, 1))
      expect(() => walk(long, [])).toThrow(new MerkleProofError('a child is neither a hash nor an embedded node', 0))
    })

    it('takes a leaf larger than the input window, and refuses more than the slot allows', () => {
      const value = new Uint8Array(700_000).fill(0xcd)
      const large = buildTrie([[Uint8Array.of(1), value]])
      expect(merkle.trieValue(large.root, Uint8Array.of(1), large.proof(Uint8Array.of(1)))).toEqual(value)
      expect(() => merkle.trieValue(node(0), Uint8Array.of(1), [new Uint8Array(MAX_TRIE_PROOF_BYTES + 1)])).toThrow(
        new MerkleProofError('the nodes have more than 16 MiB together', 0),
      )
      expect(hashes.keccak256(new Uint8Array())).toEqual(keccak(new Uint8Array())) // the views survived the growth
    })

    it.each([
      ['a short root', new Uint8Array(31), Uint8Array.of(1), []],
      ['an empty key', EMPTY_ROOT, new Uint8Array(), []],
      ['a key of 65 bytes', EMPTY_ROOT, new Uint8Array(65), []],
    ])('refuses %s', (_, root, key, proof) => {
      expect(() => merkle.trieValue(root, key, proof)).toThrow(InvalidArgument)
    })
  })
})

/** The answer or the error of a call, so that two engines can be compared in everything. */
function outcome(merkle: EnginesUnderTest['merkle'], root: Uint8Array, key: Uint8Array, proof: Uint8Array[]): string {
  try {
    const value = merkle.trieValue(root, key, proof)
    return value ? `value ${toHex(value)}` : 'absent'
  } catch (error) {
    if (!(error instanceof MerkleProofError)) throw error
    return `${error.message} @ ${error.node}`
  }
}

describe('wasm against noble', () => {
  const agree = (root: Uint8Array, key: Uint8Array, proof: Uint8Array[]) => {
    const result = outcome(wasm.merkle, root, key, proof)
    expect(result).toBe(outcome(noble.merkle, root, key, proof))
    return result
  }

  it('on random tries, present and absent keys', () => {
    const key = fc.uint8Array({ minLength: 1, maxLength: 3 })
    const entries = fc.uniqueArray(fc.tuple(key, fc.uint8Array({ minLength: 1, maxLength: 40 })), {
      selector: ([k]) => toHex(k),
      maxLength: 30,
    })
    fc.assert(
      fc.property(entries, key, (list, other) => {
        const built = buildTrie(list)
        for (const [k, value] of list) expect(agree(built.root, k, built.proof(k))).toBe(`value ${toHex(value)}`)
        const known = list.find(([k]) => toHex(k) === toHex(other))
        expect(agree(built.root, other, built.proof(other))).toBe(known ? `value ${toHex(known[1])}` : 'absent')
      }),
      { numRuns: 60 },
    )
  })

  it('on every byte of a node changed, under the root that fits the change', () => {
    // The hash check cannot help here: decoder and walk alone must agree on what the bytes mean.
    const leaf = rlpList([rlpString(Uint8Array.of(0x3a, 0xbc)), rlpString(new Uint8Array(5).fill(7))])
    const nodes = [
      rlpList(
        Array.from({ length: 17 }, (_, i) =>
          i % 3 === 0 ? leaf : i % 3 === 1 ? Uint8Array.of(0x80) : rlpString(node(i)),
        ),
      ),
      rlpList([rlpString(Uint8Array.of(0, 0x1a)), leaf]),
      rlpList([rlpString(Uint8Array.of(0x20, 0x1a, 0xbc)), rlpString(new Uint8Array(60).fill(9))]),
    ]
    const outcomes = new Set<string>()
    for (const original of nodes) {
      for (let at = 0; at < original.length; at++) {
        for (const value of [
          0, 1, 0x0f, 0x20, 0x7f, 0x80, 0x81, 0xa0, 0xb7, 0xb8, 0xbb, 0xc0, 0xc1, 0xf7, 0xf8, 0xff,
        ]) {
          const changed = original.slice()
          changed[at] = value
          for (const key of [fromHex('1abc'), fromHex('0abc'), fromHex('30')])
            outcomes.add(agree(keccak(changed), key, [changed]).replace(/[0-9a-f@ ]+$/, ''))
        }
      }
    }
    expect(outcomes.size).toBeGreaterThan(9) // the changes reach most of the faults there are
  })

  it('on random bytes as a node', () => {
    const list = fc.uint8Array({ minLength: 1, maxLength: 55 }).map((bytes) => rlpList([bytes]))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 60 }), list), (bytes) => {
        agree(keccak(bytes), fromHex('12'), [bytes])
      }),
      { numRuns: 300 },
    )
  })
})
