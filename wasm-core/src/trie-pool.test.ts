import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type EnginesUnderTest, enginesUnderTest, noble, wasm } from '../test/engines.ts'
import { buildTrie, rlpList, rlpString } from '../test/trie-builder.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument, MerkleProofError, MissingTrieNode } from './errors.ts'
import { MAX_TRIE_NODES, MAX_TRIE_PROOF_BYTES } from './trie-faults.ts'

const keccak = noble.hashes.keccak256
const EMPTY_NODE = Uint8Array.of(0x80)
const EMPTY_ROOT = keccak(EMPTY_NODE)

/** An account with many slots: hashed keys, so that all proofs share the nodes near the root. */
const slots = Array.from({ length: 40 }, (_, i) => keccak(Uint8Array.of(i)))
const slotValue = (i: number) => new Uint8Array(1 + (i % 33)).fill(i + 1)
const storage = buildTrie(slots.map((key, i) => [key, slotValue(i)]))
const absent = Array.from({ length: 5 }, (_, i) => keccak(Uint8Array.of(100, i)))
const keys = [...slots.slice(0, 12), ...absent]
const expected = [...slots.slice(0, 12).map((_, i) => slotValue(i)), ...absent.map(() => null)]
const pool = poolFor(storage, keys)

/** The nodes of the proofs of all keys, each once. */
function poolFor(trie: ReturnType<typeof buildTrie>, wanted: readonly Uint8Array[]): Uint8Array[] {
  const nodes = wanted.flatMap((key) => trie.proof(key))
  return [...new Map(nodes.map((node) => [toHex(node), node])).values()]
}

describe.each(enginesUnderTest)('many keys from one pool by $name', ({ merkle }) => {
  it('shares nodes', () => {
    expect(pool.length).toBeLessThan(keys.flatMap((key) => storage.proof(key)).length / 2)
    expect(merkle.trieValues(storage.root, keys, pool)).toEqual(expected)
  })

  it('takes nodes in any order, and keys twice', () => {
    const reversed = [...pool].reverse()
    expect(merkle.trieValues(storage.root, [...keys, ...keys], reversed)).toEqual([...expected, ...expected])
  })

  it('agrees with one proof at a time', () => {
    for (const key of keys)
      expect(merkle.trieValues(storage.root, [key], storage.proof(key))).toEqual([
        merkle.trieValue(storage.root, key, storage.proof(key)),
      ])
  })

  it('knows the empty trie, with and without its one node', () => {
    expect(merkle.trieValues(EMPTY_ROOT, keys.slice(0, 2), [])).toEqual([null, null])
    expect(merkle.trieValues(EMPTY_ROOT, keys.slice(0, 2), [EMPTY_NODE])).toEqual([null, null])
    expect(() => merkle.trieValues(EMPTY_ROOT, keys, [EMPTY_NODE, pool[0]!])).toThrow(
      new MerkleProofError('a node is given that the path does not use', 1),
    )
  })

  it('asks nothing for no keys', () => {
    expect(merkle.trieValues(storage.root, [], [])).toEqual([])
    expect(() => merkle.trieValues(storage.root, [], pool)).toThrow(MerkleProofError)
  })

  it('names each node that is missing, and the first key that needs it', () => {
    for (const [i, left] of pool.entries()) {
      const error = errorOf(() =>
        merkle.trieValues(
          storage.root,
          keys,
          pool.filter((_, at) => at !== i),
        ),
      )
      expect(error).toBeInstanceOf(MissingTrieNode)
      const { key, hash } = error as MissingTrieNode
      expect(toHex(hash)).toBe(toHex(keccak(left)))
      const users = keys.map((wanted) => storage.proof(wanted).some((node) => toHex(node) === toHex(left)))
      expect(key).toBe(users.indexOf(true))
    }
  })

  it('names the root when nothing is given', () => {
    expect(errorOf(() => merkle.trieValues(storage.root, keys, []))).toEqual(new MissingTrieNode(0, storage.root))
  })

  it('says that the node of the empty trie is missing where a child has its hash', () => {
    const children = Array.from({ length: 16 }, () => rlpString(EMPTY_ROOT))
    const branch = rlpList([...children, EMPTY_NODE])
    expect(errorOf(() => merkle.trieValues(keccak(branch), [fromHex('12')], [branch]))).toEqual(
      new MissingTrieNode(0, EMPTY_ROOT),
    )
  })

  it.each<[string, (nodes: Uint8Array[]) => Uint8Array[], string, number]>([
    ['a surplus node in front', (nodes) => [EMPTY_NODE, ...nodes], 'a node is given that the path does not use', 0],
    ['a surplus node behind', (nodes) => [...nodes, EMPTY_NODE], 'a node is given that the path does not use', -1],
    ['a repeated node', (nodes) => [...nodes, nodes[3]!], 'a node is given twice', -1],
    ['a node given three times', (nodes) => [nodes[3]!, nodes[3]!, ...nodes], 'a node is given twice', 1],
  ])('refuses %s', (_, change, message, at) => {
    const nodes = change(pool)
    expect(() => merkle.trieValues(storage.root, keys, nodes)).toThrow(
      new MerkleProofError(message, at < 0 ? nodes.length + at : at),
    )
  })

  it('refuses a node that only a key not asked for would use', () => {
    const more = poolFor(storage, [...keys, slots[30]!])
    expect(more.length).toBeGreaterThan(pool.length)
    expect(() => merkle.trieValues(storage.root, keys, more)).toThrow('a node is given that the path does not use')
  })

  it('names the malformed node, wherever it lies', () => {
    const bad = rlpList([rlpString(Uint8Array.of(0x40)), rlpString(new Uint8Array(32))])
    const branch = rlpList([rlpString(keccak(bad)), ...Array.from({ length: 16 }, () => EMPTY_NODE)])
    for (const [nodes, at] of [
      [[branch, bad], 1],
      [[bad, branch], 0],
    ] as const)
      expect(() => merkle.trieValues(keccak(branch), [Uint8Array.of(0)], nodes)).toThrow(
        new MerkleProofError('a path is malformed', at),
      )
  })

  it('refuses too many nodes, and too large ones, before hashing any', () => {
    const many = Array.from({ length: MAX_TRIE_NODES + 1 }, () => EMPTY_NODE)
    expect(() => merkle.trieValues(storage.root, keys, many)).toThrow('there are more than 65,536 nodes')
    const some = Array.from({ length: 4 }, () => EMPTY_NODE)
    expect(() => merkle.trieValues(storage.root, [Uint8Array.of(1)], some)).toThrow(
      new MerkleProofError('there are more nodes than the key has nibbles', 3),
    )
    expect(() => merkle.trieValues(storage.root, keys, [new Uint8Array(MAX_TRIE_PROOF_BYTES + 1)])).toThrow(
      'the nodes have more than 16 MiB together',
    )
  })

  it.each([
    ['a short root', new Uint8Array(31), keys],
    ['an empty key', EMPTY_ROOT, [keys[0]!, new Uint8Array()]],
    ['a key of 65 bytes', EMPTY_ROOT, [new Uint8Array(65)]],
  ])('refuses %s', (_, root, wanted) => {
    expect(() => merkle.trieValues(root, wanted, [])).toThrow(InvalidArgument)
  })

  it('returns copies, also of Node Buffers', () => {
    const buffers = pool.map((node) => Buffer.from(node))
    const values = merkle.trieValues(Buffer.from(storage.root), keys, buffers)
    for (const buffer of buffers) buffer.fill(0)
    expect(values).toEqual(expected)
    expect(Object.getPrototypeOf(values[0])).toBe(Uint8Array.prototype)
  })
})

describe('wasm against noble', () => {
  const agree = (root: Uint8Array, wanted: readonly Uint8Array[], nodes: readonly Uint8Array[]) => {
    const result = outcome(wasm.merkle, root, wanted, nodes)
    expect(result).toBe(outcome(noble.merkle, root, wanted, nodes))
    return result
  }
  const key = fc.uint8Array({ minLength: 1, maxLength: 3 })
  const entries = fc.uniqueArray(fc.tuple(key, fc.uint8Array({ minLength: 1, maxLength: 40 })), {
    selector: ([k]) => toHex(k),
    maxLength: 25,
  })

  it('on random tries, keys and orders, whole and with a node missing, repeated or changed', () => {
    const harm = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }))
    fc.assert(
      fc.property(entries, fc.array(key, { maxLength: 8 }), fc.nat(), harm, (list, others, turn, [which, at, bits]) => {
        const trie = buildTrie(list)
        const wanted = [...others, ...list.slice(0, 12).map(([k]) => k)]
        const nodes = poolFor(trie, wanted)
        const start = nodes.length === 0 ? 0 : turn % nodes.length
        const given = [...nodes.slice(start), ...nodes.slice(0, start)]
        const values = new Map(list.map(([k, value]) => [toHex(k), toHex(value)]))
        expect(agree(trie.root, wanted, given)).toBe(wanted.map((k) => values.get(toHex(k)) ?? 'absent').join(' '))
        if (given.length === 0) return
        const place = which % given.length
        expect(agree(trie.root, wanted, given.toSpliced(place, 1))).toMatch(/missing/)
        expect(agree(trie.root, wanted, [...given, given[place]!])).toMatch(/twice|more nodes/)
        const changed = given[place]!.slice()
        changed[at % changed.length]! ^= bits
        expect(agree(trie.root, wanted, given.with(place, changed))).toMatch(/missing|twice/)
      }),
      { numRuns: 60 },
    )
  })

  it('on every byte of a branch changed, under the root that fits the change', () => {
    const leaf = rlpList([rlpString(Uint8Array.of(0x3a, 0xbc)), rlpString(new Uint8Array(5).fill(7))])
    const deep = rlpList([rlpString(Uint8Array.of(0x3a, 0xbc)), rlpString(new Uint8Array(50).fill(7))])
    const child = (i: number) => [leaf, EMPTY_NODE, rlpString(keccak(deep))][i % 3]!
    const branch = rlpList([...Array.from({ length: 16 }, (_, i) => child(i)), EMPTY_NODE])
    const outcomes = new Set<string>()
    for (let at = 0; at < branch.length; at++)
      for (const value of [0, 0x20, 0x80, 0xa0, 0xb8, 0xc0, 0xf8, 0xff]) {
        const changed = branch.with(at, value)
        const wanted = [fromHex('0abc'), fromHex('1abc'), fromHex('2abc')]
        outcomes.add(agree(keccak(changed), wanted, [deep, changed]).replaceAll(/[0-9a-fx]{8,}|\d+/g, ''))
      }
    expect(outcomes.size).toBeGreaterThan(5)
  })
})

function errorOf(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** The answer or the error of a call, so that two engines can be compared in everything. */
function outcome(
  merkle: EnginesUnderTest['merkle'],
  root: Uint8Array,
  wanted: readonly Uint8Array[],
  nodes: readonly Uint8Array[],
): string {
  try {
    return merkle
      .trieValues(root, wanted, nodes)
      .map((value) => (value ? toHex(value) : 'absent'))
      .join(' ')
  } catch (error) {
    if (error instanceof MissingTrieNode) return error.message
    if (error instanceof MerkleProofError) return `${error.message} @ ${error.node}`
    throw error
  }
}
