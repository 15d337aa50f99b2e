/** Block bodies: what a block says about its execution payload, and the branches that prove it. @module */
import { BitArray } from '@chainsafe/ssz'
import { type DevnetFork, hexOf } from '../forks.ts'
import { ssz } from '../lodestar.ts'
import { branchOf, type TreeNode } from './branch.ts'
import { type ForkTypes, type PayloadHeader, typesOf } from './fork-types.ts'
import type { SyncAggregate } from './validators.ts'

/** What light clients learn from a body. */
export interface ProvenBody {
  readonly root: Uint8Array
  /** The execution block a light-client header of this block leads to. From Gloas on that is the parent's. */
  readonly execution: { readonly number: number; readonly hash: `0x${string}` }
  /** Capella to Fulu: the payload header and its branch (gindex 25). */
  readonly payload?: { readonly header: PayloadHeader; readonly branch: Uint8Array[] }
  /** The execution block's hash with its branch, in the length that Gloas headers have. */
  readonly blockHash: { readonly hash: Uint8Array; readonly branch: Uint8Array[] }
  /** Capella to Fulu: the whole blinded body. */
  readonly node?: BodyNode
}

type BodyNode = ReturnType<ForkTypes['BlindedBeaconBlockBody']['defaultViewDU']>['node']

const GLOAS_BRANCH_LENGTH = 11
/** body.signed_execution_payload_bid.message.parent_block_hash */
const PARENT_BLOCK_HASH = 2856n
/** body.execution_payload, and its block_hash in 15- and 17-field payloads */
const EXECUTION_PAYLOAD = 25n
const BLOCK_HASH = { capella: 412n, later: 812n }

const GRAFFITI = new Uint8Array(32)
GRAFFITI.set(new TextEncoder().encode('glowworm devnet, worth nothing'))

/** The body of a block at `slot` over an execution block. */
export function makeBody(
  fork: DevnetFork,
  slot: number,
  parentRoot: Uint8Array,
  payload: PayloadHeader,
  aggregate: SyncAggregate,
): ProvenBody {
  const syncAggregate = {
    syncCommitteeBits: BitArray.fromBoolArray([...aggregate.bits]),
    syncCommitteeSignature: aggregate.signature,
  }
  if (fork === 'gloas') {
    const body = ssz.gloas.BeaconBlockBody.defaultValue()
    const signedExecutionPayloadBid = {
      message: { ...body.signedExecutionPayloadBid.message, ...bidFor(slot, parentRoot, payload) },
      signature: body.signedExecutionPayloadBid.signature,
    }
    const value = { ...body, graffiti: GRAFFITI, syncAggregate, signedExecutionPayloadBid }
    const view = ssz.gloas.BeaconBlockBody.toViewDU(value)
    return gloasBody(view.hashTreeRoot(), view.node, payload.parentHash, payload.blockNumber - 1)
  }
  const type = typesOf(fork).BlindedBeaconBlockBody
  const view = type.toViewDU({
    ...ssz.electra.BlindedBeaconBlockBody.defaultValue(),
    graffiti: GRAFFITI,
    syncAggregate,
    executionPayloadHeader: payload,
  })
  return payloadBody(fork, view.hashTreeRoot(), view.node, payload)
}

/** The body of the genesis block: nothing in it. */
export function emptyBody(fork: DevnetFork): ProvenBody {
  if (fork === 'gloas') {
    const view = ssz.gloas.BeaconBlockBody.defaultViewDU()
    return gloasBody(view.hashTreeRoot(), view.node, new Uint8Array(32), 0)
  }
  const view = typesOf(fork).BlindedBeaconBlockBody.defaultViewDU()
  return payloadBody(fork, view.hashTreeRoot(), view.node, ssz.electra.ExecutionPayloadHeader.defaultValue())
}

/** The builder's bid that the block carries in place of the payload. Nobody builds here, so it pays nothing. */
export function bidFor(slot: number, parentRoot: Uint8Array, payload: PayloadHeader) {
  return {
    parentBlockHash: payload.parentHash,
    parentBlockRoot: parentRoot,
    blockHash: payload.blockHash,
    prevRandao: payload.prevRandao,
    feeRecipient: payload.feeRecipient,
    gasLimit: BigInt(payload.gasLimit),
    slot,
  }
}

function payloadBody(fork: DevnetFork, root: Uint8Array, node: BodyNode, header: PayloadHeader): ProvenBody {
  const gindex = fork === 'capella' ? BLOCK_HASH.capella : BLOCK_HASH.later
  return {
    root,
    execution: { number: header.blockNumber, hash: hexOf(header.blockHash) },
    payload: { header, branch: branchOf(node, EXECUTION_PAYLOAD) },
    blockHash: { hash: header.blockHash, branch: padded(branchOf(node, gindex)) },
    node,
  }
}

function gloasBody(root: Uint8Array, node: TreeNode, hash: Uint8Array, number: number): ProvenBody {
  const branch = padded(branchOf(node, PARENT_BLOCK_HASH))
  return { root, execution: { number, hash: hexOf(hash) }, blockHash: { hash, branch } }
}

/** normalize_merkle_branch: zero nodes in front. */
function padded(branch: Uint8Array[]): Uint8Array[] {
  const padding = Array.from({ length: GLOAS_BRANCH_LENGTH - branch.length }, () => new Uint8Array(32))
  return [...padding, ...branch]
}
