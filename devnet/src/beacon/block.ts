/** One beacon block over one execution block, and what light clients will be told about it. @module */
import { bytesOf, type DevnetFork, hexOf } from '../forks.ts'
import { ssz } from '../lodestar.ts'
import { bidFor, emptyBody, makeBody, type ProvenBody } from './body.ts'
import { branchOf } from './branch.ts'
import { type BlockHeader, type LightClientHeader, type PayloadHeader, type StateView, typesOf } from './fork-types.ts'
import { type BeaconChainState, setLatestHeader, withFields } from './state.ts'
import type { SyncAggregate } from './validators.ts'

type StateNode = StateView['node']

export interface Checkpoint {
  readonly epoch: number
  /** 0x-prefixed; 32 zero bytes while nothing is finalized. */
  readonly root: `0x${string}`
}

export interface BlockRecord {
  readonly slot: number
  readonly fork: DevnetFork
  readonly root: `0x${string}`
  readonly beacon: BlockHeader
  readonly body: ProvenBody
  /** In the block, signing its parent. */
  readonly syncAggregate: SyncAggregate
  readonly justified: Checkpoint
  readonly finalized: Checkpoint
  /** Branches in the block's post-state, at its fork's generalized indices. */
  readonly finalityBranch: Uint8Array[]
  readonly currentSyncCommitteeBranch: Uint8Array[]
  readonly nextSyncCommitteeBranch: Uint8Array[]
  /** The block's post-state, as a tree that shares what it has in common with others. */
  readonly state: StateNode
}

/** process_block for a state at the beginning of the block's slot. */
export function applyBlock(
  state: BeaconChainState,
  { payload, syncAggregate }: { payload: PayloadHeader; syncAggregate: SyncAggregate },
): BlockRecord {
  const { slot } = state.view
  const parentRoot = ssz.phase0.BeaconBlockHeader.hashTreeRoot(state.latestHeader)
  const body = makeBody(state.fork, slot, parentRoot, payload, syncAggregate)
  rememberPayload(state, parentRoot, payload)
  setLatestHeader(state, {
    slot,
    proposerIndex: slot % state.view.validators.length,
    parentRoot,
    stateRoot: new Uint8Array(32),
    bodyRoot: body.root,
  })
  return recordOf(state, body, syncAggregate)
}

/** The record of the genesis block: no payload, signed for by nobody. */
export function genesisBlock(state: BeaconChainState): BlockRecord {
  return recordOf(state, emptyBody(state.fork), { bits: [], signature: new Uint8Array(96) })
}

/** What the state keeps of the payload: its header, from Gloas on the bid for it and the hash before it. */
function rememberPayload({ fork, view }: BeaconChainState, parentRoot: Uint8Array, payload: PayloadHeader): void {
  if (fork !== 'gloas') {
    const type = typesOf(fork).BeaconState.fields.latestExecutionPayloadHeader
    view.latestExecutionPayloadHeader = type.toViewDU(payload)
    return
  }
  const gloas = view as unknown as ReturnType<typeof ssz.gloas.BeaconState.defaultViewDU>
  const bid = { ...ssz.gloas.ExecutionPayloadBid.defaultValue(), ...bidFor(view.slot, parentRoot, payload) }
  gloas.latestExecutionPayloadBid = ssz.gloas.ExecutionPayloadBid.toViewDU(bid)
  gloas.latestBlockHash = payload.parentHash
}

function recordOf(state: BeaconChainState, body: ProvenBody, syncAggregate: SyncAggregate): BlockRecord {
  const { view, fork } = state
  const beacon = withFields(state.latestHeader, { stateRoot: view.hashTreeRoot() })
  const type = typesOf(fork).BeaconState
  const branch = (...path: (keyof typeof type.fields | 'root')[]) => branchOf(view.node, type.getPathInfo(path).gindex)
  return {
    slot: view.slot,
    fork,
    root: hexOf(ssz.phase0.BeaconBlockHeader.hashTreeRoot(beacon)),
    beacon,
    body,
    syncAggregate,
    justified: checkpointOf(view.currentJustifiedCheckpoint.toValue()),
    finalized: checkpointOf(view.finalizedCheckpoint.toValue()),
    finalityBranch: branch('finalizedCheckpoint', 'root'),
    currentSyncCommitteeBranch: branch('currentSyncCommittee'),
    nextSyncCommitteeBranch: branch('nextSyncCommittee'),
    state: view.node,
  }
}

/** SSZ of a block's post-state. */
export function stateSsz({ fork, state }: BlockRecord): Uint8Array {
  return typesOf(fork).BeaconState.getViewDU(state).serialize()
}

/** A block with the header of its payload in place of it, signed by nobody; undefined from Gloas on. */
export function blindedBlock({ fork, beacon, body }: BlockRecord) {
  if (!body.node) return undefined
  const { SignedBlindedBeaconBlock, BlindedBeaconBlockBody } = typesOf(fork)
  const { slot, proposerIndex, parentRoot, stateRoot } = beacon
  const message = {
    slot,
    proposerIndex,
    parentRoot,
    stateRoot,
    body: BlindedBeaconBlockBody.getViewDU(body.node).toValue(),
  }
  const value = { message, signature: new Uint8Array(96) }
  return {
    ssz: () => SignedBlindedBeaconBlock.serialize(value),
    json: () => SignedBlindedBeaconBlock.toJson(value),
  }
}

function checkpointOf({ epoch, root }: { epoch: number; root: Uint8Array }): Checkpoint {
  return { epoch, root: hexOf(root) }
}

/** block_to_light_client_header, in the layout of `format`: its own fork's, or that of a later attested block. */
export function lightClientHeaderOf({ beacon, body }: BlockRecord, format: DevnetFork): LightClientHeader {
  const { payload, blockHash } = body
  if (format !== 'gloas' && payload) return { beacon, execution: payload.header, executionBranch: payload.branch }
  // The static type is Electra's; the value only ever meets Gloas' codec.
  const header = { beacon, executionBlockHash: blockHash.hash, executionBranch: blockHash.branch }
  return header as unknown as LightClientHeader
}

export function emptyLightClientHeader(format: DevnetFork): LightClientHeader {
  if (format !== 'gloas') return ssz.electra.LightClientHeader.defaultValue()
  return ssz.gloas.LightClientHeader.defaultValue() as unknown as LightClientHeader
}

/** What `eth_getBlockByNumber` with whole transactions says about a block, as far as the payload header needs it. */
export interface ExecutionBlock {
  readonly hash: string
  readonly parentHash: string
  readonly miner: string
  readonly stateRoot: string
  readonly receiptsRoot: string
  readonly logsBloom: string
  readonly mixHash: string
  readonly number: string
  readonly gasLimit: string
  readonly gasUsed: string
  readonly timestamp: string
  readonly extraData: string
  readonly baseFeePerGas: string
  readonly blobGasUsed?: string
  readonly excessBlobGas?: string
  readonly transactions: readonly { readonly hash: string }[]
}

/** The payload header of an execution block; `transactions` are its EIP-2718 encodings in order. */
export function payloadHeaderOf(block: ExecutionBlock, transactions: Uint8Array[]): PayloadHeader {
  return {
    parentHash: bytesOf(block.parentHash),
    feeRecipient: bytesOf(block.miner),
    stateRoot: bytesOf(block.stateRoot),
    receiptsRoot: bytesOf(block.receiptsRoot),
    logsBloom: bytesOf(block.logsBloom),
    prevRandao: bytesOf(block.mixHash),
    blockNumber: Number(block.number),
    gasLimit: Number(block.gasLimit),
    gasUsed: Number(block.gasUsed),
    timestamp: Number(block.timestamp),
    extraData: bytesOf(block.extraData),
    baseFeePerGas: BigInt(block.baseFeePerGas),
    blockHash: bytesOf(block.hash),
    transactionsRoot: ssz.bellatrix.Transactions.hashTreeRoot(transactions),
    withdrawalsRoot: ssz.capella.Withdrawals.hashTreeRoot([]),
    blobGasUsed: BigInt(block.blobGasUsed ?? '0x0'),
    excessBlobGas: BigInt(block.excessBlobGas ?? '0x0'),
  }
}
