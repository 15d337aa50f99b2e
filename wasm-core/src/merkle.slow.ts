/**
 * A million changed inputs for each decoder of Merkle proofs: each ends in an answer or a typed error, the instance stays
 * usable, and now and then the other engine must say the same. `npm run test:slow`.
 */
import { expect, it } from 'vitest'
import { partialTree, sha256d } from '../test/bitcoin-blocks.ts'
import { type EnginesUnderTest, noble, wasm } from '../test/engines.ts'
import { buildTrie, rlpList, rlpString } from '../test/trie-builder.ts'
import { toHex } from '../test/vectors.ts'
import { decodeMerkleBlock, partialMerkleMatches } from './bitcoin-merkle-block.ts'
import { MerkleProofError, MissingTrieNode } from './errors.ts'

const RUNS = 1_000_000
const COMPARED = 64
const SEED = 0x9e3779b9

const keccak = wasm.hashes.keccak256
const leaf = rlpList([rlpString(Uint8Array.of(0x3a, 0xbc)), rlpString(new Uint8Array(5).fill(7))])
const long = rlpList([rlpString(Uint8Array.of(0x20, 0xbc)), rlpString(new Uint8Array(60).fill(9))])
const child = (i: number) => [leaf, Uint8Array.of(0x80), rlpString(keccak(long))][i % 3]!
const branch = rlpList([...Array.from({ length: 16 }, (_, i) => child(i)), Uint8Array.of(0x80)])
const extension = rlpList([rlpString(Uint8Array.of(0, 0x1a)), leaf])
const originals = [leaf, long, branch, extension]
const keys = [Uint8Array.of(0x0a, 0xbc), Uint8Array.of(0x1a, 0xbc), Uint8Array.of(0x2a, 0xbc), Uint8Array.of(0xbc)]
const good = buildTrie(keys.map((key, i) => [keccak(key), new Uint8Array(40).fill(i + 1)]))

it('trieValue', () => {
  const next = random(SEED)
  for (let i = 0; i < RUNS; i++) {
    const node = mutated(originals[next(4)]!, next)
    const key = keys[next(4)]!
    const ask = ({ merkle }: EnginesUnderTest) => outcome(() => [merkle.trieValue(keccak(node), key, [node])])
    const answer = ask(wasm)
    if (i % COMPARED === 0) expect(answer, toHex(node)).toBe(ask(noble))
    stillWorks(i)
  }
}, 600_000)

it('trieValues', () => {
  const next = random(SEED + 1)
  for (let i = 0; i < RUNS; i++) {
    const node = mutated(branch, next)
    const pool = next(2) ? [node, long] : [long, node]
    const ask = ({ merkle }: EnginesUnderTest) => outcome(() => merkle.trieValues(keccak(node), keys, pool))
    const answer = ask(wasm)
    if (i % COMPARED === 0) expect(answer, toHex(node)).toBe(ask(noble))
    stillWorks(i)
  }
}, 600_000)

it('merkleblock', () => {
  const next = random(SEED + 2)
  const tree = partialTree(
    Array.from({ length: 13 }, (_, i) => sha256d(Uint8Array.of(i))),
    new Set([3, 4, 11]),
  )
  const hashes = tree.hashes.flatMap((hash) => [...hash])
  const message = Uint8Array.from([
    ...new Uint8Array(80),
    ...[tree.transactions, 0, 0, 0, tree.hashes.length, ...hashes],
    ...[tree.flags.length, ...tree.flags],
  ])
  for (let i = 0; i < RUNS; i++) {
    const bytes = mutated(message, next, 80)
    const ask = ({ hashes: engine }: EnginesUnderTest) =>
      outcome(() => {
        const { root, matches } = partialMerkleMatches(decodeMerkleBlock(bytes).tree, engine)
        return [root, ...matches.map(({ id }) => id)]
      })
    const answer = ask(wasm)
    if (i % COMPARED === 0) expect(answer, toHex(bytes)).toBe(ask(noble))
    stillWorks(i)
  }
}, 600_000)

/** One to four bytes changed, and sometimes cut off or added. */
function mutated(bytes: Uint8Array, next: (below: number) => number, from = 0): Uint8Array {
  let changed = bytes.slice()
  for (let count = 1 + next(4); count > 0; count--) changed[from + next(bytes.length - from)] = next(256)
  const kind = next(8)
  if (kind === 0) changed = changed.slice(0, from + next(bytes.length - from))
  if (kind === 1) changed = Uint8Array.from([...changed, next(256)])
  return changed
}

function outcome(ask: () => readonly (Uint8Array | null)[]): string {
  try {
    return ask()
      .map((value) => (value ? toHex(value) : 'absent'))
      .join(' ')
  } catch (error) {
    if (error instanceof MerkleProofError) return `${error.message} @ ${error.node}`
    if (error instanceof MissingTrieNode) return error.message
    throw error
  }
}

function stillWorks(i: number): void {
  if (i % 10_000 !== 0) return
  for (const [j, key] of keys.entries())
    expect(wasm.merkle.trieValue(good.root, keccak(key), good.proof(keccak(key)))).toEqual(
      new Uint8Array(40).fill(j + 1),
    )
}

/** xorshift32: the same inputs in every run. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}
