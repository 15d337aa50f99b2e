import { type Contest, contest } from '../../compare.ts'
import type { Contestants } from '../contestants.ts'
import { accountProof, randomBytes, sameBytes } from '../inputs.ts'

const MIB = 1024 * 1024

export function hashContests({ ours, noble, peers }: Contestants): Contest[] {
  const { hashWasm, asSha256, ox } = peers
  const small = randomBytes(64)
  const large = randomBytes(MIB)
  /** As long as full branches of a trie. */
  const pair = [randomBytes(532), randomBytes(532)]
  const nodes = randomBytes(64 * 512)
  const roots = new Uint8Array(32 * 512)
  const hashWasmOf = (kind: 'keccak' | 'sha256', data: Uint8Array) =>
    hashWasm[kind].init().update(data).digest('binary')
  const same = sameBytes
  const keccak = (name: string, peerName: string, data: Uint8Array, peer: (data: Uint8Array) => Uint8Array) =>
    contest({ name, peerName, ours: () => ours.hashes.keccak256(data), peer: () => peer(data), agree: same })
  const sha = (name: string, peerName: string, data: Uint8Array, peer: (data: Uint8Array) => Uint8Array) =>
    contest({ name, peerName, ours: () => ours.hashes.sha256(data), peer: () => peer(data), agree: same })
  return [
    keccak('keccak256, 64 B', 'hash-wasm', small, (data) => hashWasmOf('keccak', data)),
    keccak('keccak256, 64 B', 'ox/wasm', small, ox.Hash.keccak256),
    keccak('keccak256, 64 B', 'noble', small, noble.hashes.keccak256),
    contest({
      name: 'keccak256, pairs of trie nodes, per node',
      peerName: 'hash-wasm',
      ours: () => ours.hashes.keccak256Many(pair),
      peer: () => pair.map((node) => hashWasmOf('keccak', node)),
      agree: (mine, theirs) => sameBytes(mine, Uint8Array.from(theirs.flatMap((hash) => [...hash]))),
      oursPerCall: 2,
      peerPerCall: 2,
    }),
    keccak('keccak256, 1 MiB', 'hash-wasm', large, (data) => hashWasmOf('keccak', data)),
    contest({
      name: 'sha256, many 64-byte nodes, per node',
      peerName: 'as-sha256',
      ours: () => ours.hashes.sha256Pairs(nodes),
      peer: () => {
        asSha256.hashInto(nodes, roots)
        return roots
      },
      agree: same,
      oursPerCall: 512,
      peerPerCall: 512,
    }),
    sha('sha256, 64 B', 'as-sha256', small, asSha256.digest64),
    sha('sha256, 1 MiB', 'hash-wasm', large, (data) => hashWasmOf('sha256', data)),
    sha('sha256, 1 MiB', 'noble', large, noble.hashes.sha256),
  ]
}

export function merkleContests({ ours, noble, peers }: Contestants): Contest[] {
  const proof = accountProof()
  const walk = (engines: Contestants['noble']) => engines.merkle.trieValue(proof.root, proof.key, proof.nodes)
  return [
    contest({
      name: 'Merkle-Patricia account proof',
      peerName: '@ethereumjs/mpt',
      ours: () => walk(ours),
      peer: () => peers.mpt.verifyMerkleProof(proof.key, proof.nodes, { root: proof.root }),
      agree: sameBytes,
    }),
    contest({
      name: 'Merkle-Patricia account proof',
      peerName: 'noble',
      ours: () => walk(ours),
      peer: () => walk(noble),
      agree: sameBytes,
    }),
  ]
}
