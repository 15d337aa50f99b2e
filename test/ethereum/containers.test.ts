/** Containers of every fork against @lodestar/types, and the Gloas header on constructed blocks. */

import { ByteVectorType, ContainerType, ListCompositeType, UintBigintType, UintNumberType } from '@chainsafe/ssz'
import { toHex } from '@glowworm/light-client/data/hex'
import { list } from '@glowworm/light-client/data/ssz/list'
import { bytes32, bytes48, SszError, type SszType } from '@glowworm/light-client/data/ssz/types'
import { committeeHopType } from '@glowworm/light-client/ledgers/ethereum/compact/containers'
import { type LightClientHeader, lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import {
  EXECUTION_BLOCK_HASH_GINDEX,
  EXECUTION_BLOCK_HASH_GINDEX_GLOAS,
  EXECUTION_PAYLOAD_GINDEX,
  FORK_RULES,
  type WireFormat,
} from '@glowworm/light-client/ledgers/ethereum/forks'
import { type ForkName, type NetworkProfile, PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { invalidHeaderReason } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ENGINES } from '../engines.ts'
import { loadLodestarTypes } from '../lodestar-types.ts'

const { ssz } = await loadLodestarTypes('minimal')
const FORMATS: readonly WireFormat[] = ['altair', 'capella', 'deneb', 'electra', 'gloas']
const OBJECTS = [
  'LightClientHeader',
  'LightClientBootstrap',
  'LightClientUpdate',
  'LightClientFinalityUpdate',
  'LightClientOptimisticUpdate',
] as const

/** What both libraries agree on about a type. */
interface OracleType {
  serialize(value: unknown): Uint8Array
  deserialize(bytes: Uint8Array): unknown
  hashTreeRoot(value: unknown): Uint8Array
  toJson(value: unknown): unknown
  fromJson(json: unknown): unknown
}
const oracleOf = (format: WireFormat, object: string) => (ssz[format] as unknown as Record<string, OracleType>)[object]!

describe.each(ENGINES)('containers with %s', (_, load) => {
  it.each(FORMATS)('%s: bytes, JSON and roots are those of @lodestar/types', async (format) => {
    const { merkle } = await load()
    const types = lightClientTypes(PRESETS.minimal, format)
    for (const name of OBJECTS) {
      const type = types[name] as SszType<unknown>
      const oracle = oracleOf(format, name)
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
          const bytes = randomBytesOf(type, oracle, seed)
          const value = type.deserialize(bytes)
          const theirs = oracle.deserialize(bytes)
          expect(toHex(type.serialize(value))).toBe(toHex(bytes))
          expect(toHex(type.hashTreeRoot(value, merkle))).toBe(toHex(oracle.hashTreeRoot(theirs)))
          const json = JSON.parse(JSON.stringify(oracle.toJson(theirs)))
          expect(toHex(type.serialize(type.fromJson(json)))).toBe(toHex(bytes))
        }),
        { numRuns: 3 },
      )
    }
  })

  it('refuses every truncation and every wrong offset with a typed error', async () => {
    const type = lightClientTypes(PRESETS.minimal, 'electra').LightClientUpdate
    const bytes = randomBytesOf(type as SszType<unknown>, oracleOf('electra', 'LightClientUpdate'), 7)
    for (let length = 0; length < bytes.length; length += 41)
      expect(() => type.deserialize(bytes.subarray(0, length)), `${length} bytes`).toThrow(SszError)
    const moved = bytes.slice()
    moved[0] = moved[0]! + 1
    expect(() => type.deserialize(moved)).toThrow(/offset/)
  })
})

/** The serialisation of a default object with every fixed byte drawn at random, where SSZ allows any byte. */
function randomBytesOf(type: SszType<unknown>, oracle: OracleType, seed: number): Uint8Array {
  const zero = type.serialize(type.zero())
  let state = seed + 1
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return state >>> 24
  }
  // Offsets and the high bytes of slots and indices (which the oracle holds as doubles) must stay what they are: a byte
  // changes only when both libraries still decode the result and encode it to itself.
  let bytes = zero
  for (let i = 0; i < zero.length; i += 1 + (next() % 150)) {
    const candidate = bytes.slice()
    candidate[i] = next()
    try {
      const same = (encoded: Uint8Array) => toHex(encoded) === toHex(candidate)
      if (
        same(type.serialize(type.deserialize(candidate))) &&
        same(oracle.serialize(oracle.fromJson(oracle.toJson(oracle.deserialize(candidate)))))
      )
        bytes = candidate
    } catch {
      // not a byte that may vary
    }
  }
  return bytes
}

describe('generalized indices', () => {
  /** Leaf of field `n` in a progressive container (EIP-7495): level k holds 4^k leaves on the left, the rest on the right. */
  function progressiveField(n: number): number {
    let level = 0
    let first = 0
    let node = 2 // child 3 holds active_fields
    while (n >= first + 4 ** level) {
      first += 4 ** level
      level++
      node = node * 2 + 1
    }
    return node * 2 * 4 ** level + (n - first)
  }
  const field = (leaves: number, n: number) => 2 ** Math.ceil(Math.log2(leaves)) + n
  const concat = (...indices: number[]) =>
    indices.reduce((all, next) => all * 2 ** Math.floor(Math.log2(next)) + (next - 2 ** Math.floor(Math.log2(next))))

  it('follow from the field numbers', () => {
    expect(concat(field(24, 20), field(2, 1))).toBe(FORK_RULES.altair.FINALIZED_ROOT_GINDEX)
    expect(field(24, 22)).toBe(FORK_RULES.altair.CURRENT_SYNC_COMMITTEE_GINDEX)
    expect(field(24, 23)).toBe(FORK_RULES.altair.NEXT_SYNC_COMMITTEE_GINDEX)
    expect(concat(field(37, 20), field(2, 1))).toBe(FORK_RULES.electra.FINALIZED_ROOT_GINDEX)
    expect(field(37, 22)).toBe(FORK_RULES.electra.CURRENT_SYNC_COMMITTEE_GINDEX)
    expect(field(38, 23)).toBe(FORK_RULES.fulu.NEXT_SYNC_COMMITTEE_GINDEX)
    expect(field(11, 9)).toBe(EXECUTION_PAYLOAD_GINDEX)
    expect(concat(field(11, 9), field(15, 12))).toBe(EXECUTION_BLOCK_HASH_GINDEX.capella)
    expect(concat(field(12, 9), field(17, 12))).toBe(EXECUTION_BLOCK_HASH_GINDEX.deneb)
    expect(concat(progressiveField(20), field(2, 1))).toBe(FORK_RULES.gloas.FINALIZED_ROOT_GINDEX)
    expect(progressiveField(22)).toBe(FORK_RULES.gloas.CURRENT_SYNC_COMMITTEE_GINDEX)
    expect(progressiveField(23)).toBe(FORK_RULES.gloas.NEXT_SYNC_COMMITTEE_GINDEX)
    expect(concat(progressiveField(10), field(2, 0), progressiveField(0))).toBe(EXECUTION_BLOCK_HASH_GINDEX_GLOAS)
  })
})

describe('Gloas headers', () => {
  const epochs: Record<ForkName, number> = {
    altair: 0,
    bellatrix: 10,
    capella: 20,
    deneb: 30,
    electra: 40,
    fulu: 50,
    gloas: 60,
  }
  const profile: NetworkProfile = {
    name: 'constructed',
    family: 'ethereum',
    chainId: 1,
    symbol: 'ETH',
    preset: PRESETS.minimal,
    secondsPerSlot: 6,
    genesis: { time: 0, validatorsRoot: `0x${'00'.repeat(32)}` },
    forks: (Object.keys(epochs) as ForkName[]).map((name, i) => ({
      name,
      epoch: epochs[name],
      version: `0x0${i + 1}000001`,
    })),
    blobSchedule: [],
    sources: { beacon: [], execution: [], peers: [] },
  }
  const HASH = Uint8Array.from({ length: 32 }, (_, i) => i + 1)

  /** A header of the Gloas layout over a block body of the given fork, its branch made by an independent tree. */
  function headerFor(fork: 'capella' | 'electra' | 'gloas', gindex: number): LightClientHeader {
    const type = ssz[fork].BeaconBlockBody
    const body = type.defaultValue() as unknown as {
      executionPayload?: { blockHash: Uint8Array }
      signedExecutionPayloadBid?: { message: { parentBlockHash: Uint8Array } }
    }
    if (fork === 'gloas') body.signedExecutionPayloadBid!.message.parentBlockHash = HASH
    else body.executionPayload!.blockHash = HASH
    const view = type.toView(body as never) as unknown as { node: TreeNode; hashTreeRoot(): Uint8Array }
    const body_root = view.hashTreeRoot()
    const branch = branchOf(view.node, gindex)
    const beacon = {
      slot: epochs[fork] * 8 + 3,
      proposer_index: 1n,
      parent_root: new Uint8Array(32),
      state_root: new Uint8Array(32),
      body_root,
    }
    const padding = Array.from({ length: 11 - branch.length }, () => new Uint8Array(32))
    return { beacon, execution_block_hash: HASH, execution_branch: [...padding, ...branch] }
  }

  it.each([
    ['gloas', EXECUTION_BLOCK_HASH_GINDEX_GLOAS],
    ['electra', EXECUTION_BLOCK_HASH_GINDEX.deneb],
    ['capella', EXECUTION_BLOCK_HASH_GINDEX.capella],
  ] as const)('over a %s block are valid, and no longer after any change', async (fork, gindex) => {
    for (const [, load] of ENGINES) {
      const engines = await load()
      const header = headerFor(fork, gindex)
      expect(invalidHeaderReason(header, profile, engines)).toBeNull()
      const changed = { ...header, execution_block_hash: HASH.with(31, 0) }
      expect(invalidHeaderReason(changed, profile, engines)).toMatch(/not in the block body/)
      header.execution_branch!.forEach((node, i) => {
        const execution_branch = header.execution_branch!.with(i, node.with(0, node[0]! ^ 1))
        expect(invalidHeaderReason({ ...header, execution_branch }, profile, engines), `node ${i}`).not.toBeNull()
      })
      // A branch one node short must be refused, not read from its other end.
      expect(
        invalidHeaderReason({ ...header, execution_branch: header.execution_branch!.slice(-3) }, profile, engines),
      ).not.toBeNull()
    }
  })

  it('before Capella carry nothing', async () => {
    const engines = await ENGINES[0]![1]()
    const header = headerFor('capella', EXECUTION_BLOCK_HASH_GINDEX.capella)
    const early = { ...header, beacon: { ...header.beacon, slot: 8 } }
    expect(invalidHeaderReason(early, profile, engines)).toMatch(/before Capella/)
    const empty = {
      ...early,
      execution_block_hash: new Uint8Array(32),
      execution_branch: early.execution_branch!.map(() => new Uint8Array(32)),
    }
    expect(invalidHeaderReason(empty, profile, engines)).toBeNull()
  })
})

interface TreeNode {
  readonly root: Uint8Array
  readonly left: TreeNode
  readonly right: TreeNode
}

/** Siblings on the way to a generalized index, the deepest first. */
function branchOf(root: TreeNode, gindex: number): Uint8Array[] {
  const path = gindex.toString(2).slice(1)
  const branch: Uint8Array[] = []
  let node = root
  for (const step of path) {
    branch.unshift(Uint8Array.from(step === '1' ? node.left.root : node.right.root))
    node = step === '1' ? node.right : node.left
  }
  return branch
}

describe.each(ENGINES)('a committee hop with %s', (_, load) => {
  const uint64 = new UintBigintType(8)
  const slot = new UintNumberType(8)
  const root = new ByteVectorType(32)
  const key = new ByteVectorType(48)
  const size = PRESETS.minimal.SYNC_COMMITTEE_SIZE
  const oracle = new ContainerType({
    attested: new ContainerType({ slot, proposerIndex: uint64, parentRoot: root, bodyRoot: root }),
    finalized: ssz.phase0.BeaconBlockHeader,
    nextPubkeysRoot: root,
    nextAggregatePubkey: key,
    stateProof: new ListCompositeType(root, 64),
    syncAggregate: ssz.altair.SyncAggregate,
    signatureSlot: slot,
    absentPubkeys: new ListCompositeType(key, size),
    absentProof: new ListCompositeType(root, size),
  })

  it('has the bytes and the root that @chainsafe/ssz gives the container of docs/hops.md', async () => {
    const { merkle } = await load()
    const type = committeeHopType(PRESETS.minimal)
    fc.assert(
      fc.property(fc.nat(8), fc.nat(size), fc.nat(size), fc.nat(255), (proof, absent, nodes, seed) => {
        const bytes = (length: number) => (_: unknown, i: number) => new Uint8Array(length).fill(seed + i + 1)
        const value = {
          ...type.zero(),
          next_pubkeys_root: new Uint8Array(32).fill(seed),
          signature_slot: seed * 1000,
          state_proof: Array.from({ length: proof }, bytes(32)),
          absent_pubkeys: Array.from({ length: absent }, bytes(48)),
          absent_proof: Array.from({ length: nodes }, bytes(32)),
        }
        const serialized = type.serialize(value)
        const theirs = oracle.deserialize(serialized)
        expect(toHex(oracle.serialize(theirs))).toBe(toHex(serialized))
        expect(toHex(type.serialize(type.deserialize(serialized)))).toBe(toHex(serialized))
        expect(toHex(type.hashTreeRoot(value, merkle))).toBe(toHex(oracle.hashTreeRoot(theirs)))
        expect(toHex(type.serialize(type.fromJson(JSON.parse(JSON.stringify(type.toJson(value))))))).toBe(
          toHex(serialized),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('is refused with too many elements, or half of one', () => {
    const keys = list(bytes48, 2)
    expect(keys.deserialize(new Uint8Array(96))).toHaveLength(2)
    expect(() => keys.deserialize(new Uint8Array(144))).toThrow(SszError)
    expect(() => keys.deserialize(new Uint8Array(95))).toThrow(SszError)
    expect(() => list(bytes32, 1).fromJson([`0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`])).toThrow(SszError)
    expect(() => list(bytes32, 1).fromJson('0x')).toThrow(SszError)
  })
})
