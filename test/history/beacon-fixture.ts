/** A beacon chain across the forks Capella to Gloas, over execution headers that are nothing but a hash and a number. */
import type { BlockRecord } from '@glowworm/devnet/beacon/block'
import { type BeaconChain, createBeaconChain } from '@glowworm/devnet/beacon/chain'
import { bytesOf, type DevnetFork, hexOf, scheduleForks } from '@glowworm/devnet/forks'
import { answerBeacon } from '@glowworm/devnet/server/beacon-rest'
import type { Hex } from '@glowworm/light-client'
import { minimalBytes, toHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { EMPTY_TRIE_ROOT } from '@glowworm/light-client/ledgers/ethereum/contract'
import { BeaconBlockHeader } from '@glowworm/light-client/ledgers/ethereum/data'
import { type NetworkProfile, PRESETS } from '@glowworm/light-client/ledgers/ethereum/profile'
import { nobleEngines } from '@glowworm/wasm-core'

const engines = nobleEngines()
const GENESIS = 1_700_000_000
const SECONDS = 6

/** None on a boundary of SLOTS_PER_HISTORICAL_ROOT (64 slots, 8 epochs). */
export const FORK_EPOCHS: Record<DevnetFork, number> = { capella: 0, deneb: 10, electra: 20, fulu: 30, gloas: 80 }
export const LAST_SLOT = 720
/** The last block of each fork, which is taken for final. */
export const LAST_OF: Record<DevnetFork, number> = {
  capella: 79,
  deneb: 159,
  electra: 239,
  fulu: 639,
  gloas: LAST_SLOT,
}
const MISSED = new Set([3, 64, 65, 100, 127, 128, 191, 255, 256, 257, 300])

export interface ExecutionBlock {
  readonly number: number
  readonly hash: Hex
  /** RLP. */
  readonly header: Uint8Array
}

export interface BeaconFixture {
  readonly profile: NetworkProfile
  readonly chain: BeaconChain
  block(slot: number): BlockRecord
  /** The header of a block as our own code has it. */
  beacon(slot: number): BeaconBlockHeader
  /** Execution blocks by number, from 1 on, with the slot of the beacon block that proves each. */
  readonly execution: ReadonlyMap<number, ExecutionBlock & { readonly slot: number }>
  /** The Beacon API of the devnet, without a network. `change` may tamper with answers. */
  http(change?: (path: string, answer: { status: number; type: string; body: Uint8Array }) => void): Http & {
    readonly asked: string[]
  }
}

export function beaconFixture(): BeaconFixture {
  const forks = scheduleForks(FORK_EPOCHS)
  const made = createBeaconChain({
    genesisTime: GENESIS,
    secondsPerSlot: SECONDS,
    validators: 64,
    forks,
    blobSchedule: [],
    conditions: { participation: () => 1, misses: (slot) => MISSED.has(slot), justifies: () => true },
  })
  const profile: NetworkProfile = {
    name: 'beacon fixture',
    family: 'ethereum',
    chainId: 7,
    symbol: 'ETH',
    preset: PRESETS.minimal,
    secondsPerSlot: SECONDS,
    genesis: { time: GENESIS, validatorsRoot: toHex(made.schedule.genesisValidatorsRoot) },
    forks,
    blobSchedule: [],
    maxCheckpointAgeDays: 10_000,
    sources: { beacon: [], execution: [], peers: [] },
  }
  // The devnet forgets; here everything is kept.
  const blocks = new Map([[0, made.head()]])
  const find = (wanted: (block: BlockRecord) => boolean) => [...blocks.values()].find(wanted)
  const chain: BeaconChain = {
    ...made,
    block: (root) => find((block) => block.root === root),
    blockAtSlot: (slot) => blocks.get(slot),
    blockWithState: (root) => find(({ beacon }) => hexOf(beacon.stateRoot) === root),
  }
  const execution = new Map<number, ExecutionBlock & { slot: number }>()
  let parent: ExecutionBlock = executionBlock(0, `0x${'00'.repeat(32)}`, GENESIS)
  for (let slot = 1, number = 0; slot <= LAST_SLOT; slot++) {
    if (MISSED.has(slot)) continue
    const timestamp = GENESIS + slot * SECONDS
    const block = executionBlock(++number, parent.hash, timestamp)
    blocks.set(slot, made.append(slot, payloadOf(block, parent, timestamp)))
    // From Gloas on a beacon block proves the payload before its own.
    if (slot < FORK_EPOCHS.gloas * 8) execution.set(number, { ...block, slot })
    else if (!execution.has(number - 1)) execution.set(number - 1, { ...parent, slot })
    parent = block
  }
  const block = (slot: number): BlockRecord => {
    const found = chain.blockAtSlot(slot)
    if (!found) throw new Error(`no block at slot ${slot}`)
    return found
  }
  return {
    profile,
    chain,
    block,
    execution,
    beacon(slot) {
      const { beacon } = block(slot)
      return {
        slot,
        proposer_index: BigInt(beacon.proposerIndex),
        parent_root: beacon.parentRoot,
        state_root: beacon.stateRoot,
        body_root: beacon.bodyRoot,
      }
    },
    http(change) {
      const asked: string[] = []
      const http: Http = async ({ url, method, headers, maxBytes }) => {
        const target = new URL(url)
        asked.push(target.pathname)
        const served = { chain, chainId: 7, secondsPerSlot: SECONDS }
        const answer = answerBeacon(served, { method, url: target, accept: headers.accept ?? '', body: '' })
        const body = typeof answer.body === 'string' ? new TextEncoder().encode(answer.body) : answer.body
        const given = { status: answer.status, type: answer.type as string, body: Uint8Array.from(body) }
        change?.(target.pathname, given)
        if (given.body.length > maxBytes) throw new Error('too large')
        const named: Record<string, string> = { 'content-type': given.type }
        return { status: given.status, header: (name) => named[name] ?? null, bytes: given.body }
      }
      return Object.assign(http, { asked })
    },
  }
}

export const beaconRootHex = (header: BeaconBlockHeader): Hex =>
  toHex(BeaconBlockHeader.hashTreeRoot(header, engines.merkle))

function executionBlock(number: number, parent: Hex, timestamp: number): ExecutionBlock {
  const word = new Uint8Array(32)
  const header = encode([
    bytesOf(parent),
    word,
    new Uint8Array(20),
    bytesOf(EMPTY_TRIE_ROOT),
    word,
    word,
    new Uint8Array(256),
    new Uint8Array(0),
    minimalBytes(BigInt(number)),
    minimalBytes(30_000_000n),
    new Uint8Array(0),
    minimalBytes(BigInt(timestamp)),
    new Uint8Array(0),
    word,
    new Uint8Array(8),
    minimalBytes(7n),
  ])
  return { number, hash: toHex(engines.hashes.keccak256(header)), header }
}

function payloadOf({ number, hash }: ExecutionBlock, parent: ExecutionBlock, timestamp: number) {
  const word = new Uint8Array(32)
  return {
    parentHash: bytesOf(parent.hash),
    feeRecipient: new Uint8Array(20),
    stateRoot: word,
    receiptsRoot: word,
    logsBloom: new Uint8Array(256),
    prevRandao: word,
    blockNumber: number,
    gasLimit: 30_000_000,
    gasUsed: 0,
    timestamp,
    extraData: Uint8Array.of(number & 255),
    baseFeePerGas: 7n,
    blockHash: bytesOf(hash),
    transactionsRoot: word,
    withdrawalsRoot: word,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
  }
}
