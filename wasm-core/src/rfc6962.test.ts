import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enginesUnderTest } from '../test/engines.ts'
import { describeVectors, fromHex, toHex, vectorJson } from '../test/vectors.ts'
import { InvalidArgument, MerkleProofError } from './errors.ts'
import { rfc6962InclusionRoot, rfc6962LeafHash, rfc6962Root, verifyRfc6962Consistency } from './rfc6962.ts'

/** The recursive definitions of RFC 6962 §2.1, which the iterative code under test does not use. */
const sha256 = (...parts: (Uint8Array | number[])[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(Uint8Array.from(part))
  return new Uint8Array(hash.digest())
}
const split = (n: number) => 2 ** (Math.ceil(Math.log2(n)) - 1) // the largest power of two below n
function treeHash(entries: readonly Uint8Array[]): Uint8Array {
  if (entries.length === 0) return sha256()
  if (entries.length === 1) return sha256([0], entries[0]!)
  const k = split(entries.length)
  return sha256([1], treeHash(entries.slice(0, k)), treeHash(entries.slice(k)))
}
function path(m: number, entries: readonly Uint8Array[]): Uint8Array[] {
  if (entries.length <= 1) return []
  const k = split(entries.length)
  return m < k
    ? [...path(m, entries.slice(0, k)), treeHash(entries.slice(k))]
    : [...path(m - k, entries.slice(k)), treeHash(entries.slice(0, k))]
}
function consistency(m: number, entries: readonly Uint8Array[], isWhole = true): Uint8Array[] {
  if (m === entries.length) return isWhole ? [] : [treeHash(entries)]
  const k = split(entries.length)
  return m <= k
    ? [...consistency(m, entries.slice(0, k), isWhole), treeHash(entries.slice(k))]
    : [...consistency(m - k, entries.slice(k), false), treeHash(entries.slice(0, k))]
}

const entriesOf = (count: number) => Array.from({ length: count }, (_, i) => new Uint8Array(i % 70).fill(i + 1))
const flip = (bytes: Uint8Array, at: number) => bytes.with(at % 32, bytes[at % 32]! ^ (1 << (at % 8)))
const throwsProofError = (call: () => unknown) => expect(call).toThrow(MerkleProofError)

describe.each(enginesUnderTest)('RFC 6962 by $name', ({ hashes }) => {
  const leavesOf = (entries: readonly Uint8Array[]) => entries.map((entry) => rfc6962LeafHash(entry, hashes))
  const treeOf = (entries: readonly Uint8Array[]) => ({ size: entries.length, root: treeHash(entries) })

  it('knows the root of no leaves and the leaf hash of nothing', () => {
    expect(toHex(rfc6962Root([], hashes))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(toHex(rfc6962LeafHash(new Uint8Array(), hashes))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    )
  })

  it('knows the eight leaves of the reference implementation of certificate transparency', () => {
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f']
    const root = rfc6962Root(leavesOf(inputs.map(fromHex)), hashes)
    expect(toHex(root)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328')
  })

  it('has the roots of the definition', () => {
    for (let count = 0; count <= 40; count++)
      expect(rfc6962Root(leavesOf(entriesOf(count)), hashes)).toEqual(treeHash(entriesOf(count)))
  })

  it('proves every leaf at its index and no other', () => {
    for (let size = 1; size <= 17; size++) {
      const entries = entriesOf(size)
      const root = toHex(treeHash(entries))
      for (const [index, leaf] of leavesOf(entries).entries()) {
        const proof = path(index, entries)
        for (let claimed = 0; claimed < size; claimed++) {
          const reached = rootOrFault(() => rfc6962InclusionRoot(leaf, claimed, size, proof, hashes))
          expect(reached === root, `${index} of ${size} as ${claimed}`).toBe(claimed === index)
        }
        throwsProofError(() => rfc6962InclusionRoot(leaf, index, size, [...proof, leaf], hashes))
        if (size > 1) throwsProofError(() => rfc6962InclusionRoot(leaf, index, size, proof.slice(0, -1), hashes))
      }
    }
  })

  it('proves consistency of any two sizes', () => {
    const entries = entriesOf(24)
    for (let second = 1; second <= entries.length; second++)
      for (let first = 1; first <= second; first++) {
        const [small, large] = [treeOf(entries.slice(0, first)), treeOf(entries.slice(0, second))]
        const proof = consistency(first, entries.slice(0, second))
        verifyRfc6962Consistency(small, large, proof, hashes)
        throwsProofError(() => verifyRfc6962Consistency(small, large, [...proof, large.root], hashes))
        if (proof.length > 0) throwsProofError(() => verifyRfc6962Consistency(small, large, proof.slice(0, -1), hashes))
        if (first < second)
          throwsProofError(() => verifyRfc6962Consistency({ ...small, root: large.root }, large, proof, hashes))
      }
  })

  it('refuses every change, in trees of any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 90 }), fc.nat(), fc.nat(), (size, pick, at) => {
        const entries = entriesOf(size)
        const index = pick % size
        const leaf = leavesOf(entries)[index]!
        const root = toHex(treeHash(entries))
        const proof = path(index, entries)
        expect(toHex(rfc6962InclusionRoot(leaf, index, size, proof, hashes))).toBe(root)
        const changed = proof.map((node, i) => (i === at % proof.length ? flip(node, at) : node))
        expect(toHex(rfc6962InclusionRoot(leaf, index, size, changed, hashes))).not.toBe(root)
        expect(toHex(rfc6962InclusionRoot(flip(leaf, at), index, size, proof, hashes))).not.toBe(root)

        const first = 1 + (pick % (size - 1))
        const [small, large] = [treeOf(entries.slice(0, first)), treeOf(entries)]
        const shown = consistency(first, entries)
        verifyRfc6962Consistency(small, large, shown, hashes)
        const other = shown.map((node, i) => (i === at % shown.length ? flip(node, at) : node))
        throwsProofError(() => verifyRfc6962Consistency(small, large, other, hashes))
        const forged = ({ size, root }: typeof small) => ({ size, root: flip(root, at) })
        throwsProofError(() => verifyRfc6962Consistency(forged(small), large, shown, hashes))
        throwsProofError(() => verifyRfc6962Consistency(small, forged(large), shown, hashes))
      }),
      { numRuns: 40 },
    )
  })

  it('does not take an inner node for a leaf', () => {
    const entries = entriesOf(4)
    const inner = treeHash(entries.slice(0, 2))
    // As an entry, the children of the inner node have another hash than the node.
    const asEntry = Uint8Array.from([...leavesOf(entries)[0]!, ...leavesOf(entries)[1]!])
    expect(rfc6962LeafHash(asEntry, hashes)).not.toEqual(inner)
    throwsProofError(() => rfc6962InclusionRoot(inner, 0, 4, [treeHash(entries.slice(2))], hashes))
  })

  it('takes indices beyond 32 bits', () => {
    // A lone leaf behind a full tree of 2^40: one node, the root of the rest.
    const [rest, leaf] = leavesOf(entriesOf(2))
    const root = rfc6962InclusionRoot(leaf!, 2 ** 40, 2 ** 40 + 1, [rest!], hashes)
    expect(root).toEqual(sha256([1], rest!, leaf!))
    const trees = [
      { size: 2 ** 40, root: rest! },
      { size: 2 ** 40 + 1, root },
    ] as const
    verifyRfc6962Consistency(...trees, [leaf!], hashes)
    throwsProofError(() => rfc6962InclusionRoot(leaf!, 2 ** 40 - 1, 2 ** 40 + 1, [rest!], hashes))
  })

  it.each<[string, () => unknown]>([
    ['a short leaf hash', () => rfc6962InclusionRoot(new Uint8Array(31), 0, 1, [], hashes)],
    ['a long node', () => rfc6962InclusionRoot(new Uint8Array(32), 0, 2, [new Uint8Array(33)], hashes)],
    ['an index that is the size', () => rfc6962InclusionRoot(new Uint8Array(32), 2, 2, [], hashes)],
    ['a size of 0', () => rfc6962InclusionRoot(new Uint8Array(32), 0, 0, [], hashes)],
    ['a size beyond the safe integers', () => rfc6962InclusionRoot(new Uint8Array(32), 0, 2 ** 53, [], hashes)],
    ['a short leaf in a list', () => rfc6962Root([new Uint8Array(3)], hashes)],
    ['a first tree without leaves', () => verifyRfc6962Consistency(sized(0), sized(3), [], hashes)],
    ['a first tree larger than the second', () => verifyRfc6962Consistency(sized(4), sized(3), [], hashes)],
    ['a root of 20 bytes', () => verifyRfc6962Consistency({ size: 1, root: new Uint8Array(20) }, sized(3), [], hashes)],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(InvalidArgument)
  })

  describeVectors('Tendermint, whose trees are the same', () => {
    it('transactions in a block', () => {
      const { result } = vectorJson<{ result: { txs: { tx: string; proof: TransactionProof }[] } }>(
        'tendermint/rpc/kvstore_fixtures/v0_38/incoming/tx_search_with_prove.json',
      )
      expect(result.txs.length).toBeGreaterThan(3)
      for (const { tx, proof } of result.txs) {
        const { total, index, leaf_hash, aunts } = proof.proof
        // A leaf is the hash of a transaction there, and not the transaction.
        const leaf = rfc6962LeafHash(hashes.sha256(Buffer.from(tx, 'base64')), hashes)
        expect(leaf).toEqual(new Uint8Array(Buffer.from(leaf_hash, 'base64')))
        const nodes = aunts.map((aunt) => new Uint8Array(Buffer.from(aunt, 'base64')))
        const root = rfc6962InclusionRoot(leaf, Number(index), Number(total), nodes, hashes)
        expect(toHex(root)).toBe(proof.root_hash.toLowerCase())
      }
    })
  })
})

interface TransactionProof {
  root_hash: string
  proof: { total: string; index: string; leaf_hash: string; aunts: string[] }
}

const sized = (size: number) => ({ size, root: new Uint8Array(32) })

/** The root as text, or why there is none. */
function rootOrFault(root: () => Uint8Array): string {
  try {
    return toHex(root())
  } catch (error) {
    if (!(error instanceof MerkleProofError)) throw error
    return error.message
  }
}
