import { readWasmFile } from '../../src/infrastructure/wasm-files.ts'
import { nobleEngines } from '../../src/noble/engines.ts'
import { instantiateHashes } from '../../src/wasm/hashes-module.ts'
import { wasmMerkle } from '../../src/wasm/merkle.ts'
import { buildTrie } from '../trie-builder.ts'
import { type Decoder, decoder } from './decoder.ts'
import { mutated, type Next, pick, randomBytes } from './random-input.ts'
import { asking, poison } from './twins.ts'

const MILLION = 1_000_000
const { hashes: nobleHashes, merkle: noble } = nobleEngines()
const keccak256 = nobleHashes.keccak256

interface TrieInput {
  readonly root: Uint8Array
  readonly key: Uint8Array
  readonly nodes: readonly Uint8Array[]
}

interface BranchInput {
  readonly leaf: Uint8Array
  readonly branch: readonly Uint8Array[]
  readonly index: number
}

export async function merkleDecoders(): Promise<Decoder[]> {
  const bytes = await readWasmFile('hashes')
  const make = async (side: 0 | 1) => {
    const module = await instantiateHashes(bytes)
    const { memory } = module.kernel
    const near = 32_768 // what a call may have overwritten; the rest stays as it is filled once
    poison(memory, side, [[module.input, memory.buffer.byteLength]])(0)
    return { slot: wasmMerkle(module), fill: poison(memory, side, [[module.input, module.input + near]]) }
  }
  const instances = [await make(0), await make(1)] as const
  const keys = Array.from({ length: 40 }, (_, i) => keccak256(Uint8Array.of(i)))
  const values = keys.map((_, i) => new Uint8Array(1 + 3 * i).fill(i + 1))
  const trie = buildTrie(keys.map((key, i) => [key, values[i]!] as const))
  const stillWorks = () => {
    for (const { slot } of instances)
      for (const i of [0, 17, 39]) {
        const value = slot.trieValue(trie.root, keys[i]!, trie.proof(keys[i]!))
        if (value?.length !== values[i]!.length) throw new Error('a good proof is refused')
      }
  }
  const proofs = keys.map((key) => ({ key, nodes: trie.proof(key) }))
  return [
    decoder<TrieInput>({
      name: 'trie proof',
      runs: MILLION,
      compared: 8,
      make: (next) => changedProof(trie.root, pick(proofs, next), next),
      ...asking(instances, noble, (merkle, { root, key, nodes }: TrieInput) => merkle.trieValue(root, key, nodes)),
      stillWorks,
    }),
    decoder<BranchInput>({
      name: 'SSZ branch',
      runs: MILLION,
      compared: 8,
      make: changedBranch,
      ...asking(instances, noble, (merkle, { leaf, branch, index }: BranchInput) =>
        merkle.sszBranchRoot(leaf, branch, index),
      ),
      stillWorks,
    }),
  ]
}

/**
 * A node changed, and the one above it or the root changed with it, so that the decoder sees it behind a good hash; or
 * nodes left out, doubled, swapped; or the key another.
 */
function changedProof(
  root: Uint8Array,
  good: { key: Uint8Array; nodes: readonly Uint8Array[] },
  next: Next,
): TrieInput {
  const kind = next(8)
  const nodes = [...good.nodes]
  if (kind === 0) nodes.splice(next(nodes.length), 1)
  else if (kind === 1) nodes.splice(next(nodes.length), 0, pick(nodes, next))
  else if (kind === 2) return { root, key: mutated(good.key, next).subarray(0, 64), nodes }
  else if (kind === 3) nodes[next(nodes.length)] = mutated(pick(nodes, next), next)
  else {
    const at = next(nodes.length)
    let before = keccak256(nodes[at]!)
    nodes[at] = mutated(nodes[at]!, next)
    let after = keccak256(nodes[at])
    for (let above = at - 1; above >= 0; above--) {
      const parent = replaced(nodes[above]!, before, after)
      before = keccak256(nodes[above]!)
      after = keccak256(parent)
      nodes[above] = parent
    }
    return { root: after, key: good.key, nodes }
  }
  return { root, key: good.key, nodes }
}

function replaced(node: Uint8Array, before: Uint8Array, after: Uint8Array): Uint8Array {
  const copy = Buffer.from(node)
  const at = copy.indexOf(before)
  if (at >= 0) copy.set(after, at)
  return Uint8Array.from(copy)
}

function changedBranch(next: Next): BranchInput {
  const depth = next(8) === 0 ? next(60) : next(12)
  const good = next(2) === 0
  const bytes = () => (good || next(2 * depth + 2) > 0 ? randomBytes(32, next) : mutated(randomBytes(32, next), next))
  const strange = pick([2 ** 32, 2 ** 52, 2 ** 53, -1, 0.5, Number.NaN], next)
  return {
    leaf: bytes(),
    branch: Array.from({ length: depth }, bytes),
    index: next(8) ? next(2 ** Math.min(depth, 31)) : strange,
  }
}
