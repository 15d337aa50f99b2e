/**
 * What can be asked for, not whom: the network layer's vocabulary for Ethereum evidence. Requests are plain data
 * (JSON-safe) so that they can cross a worker boundary or a libp2p stream. Each answer is a byte string in the
 * canonical form given here, whoever carries it; sources that speak JSON translate, and that translation is not
 * trusted: verifiers check the bytes.
 * @module
 */
import type { PeerRequest } from '../ledger-evidence.ts'

/** 0x-prefixed lower-case hex. */
export type Hex = `0x${string}`

/**
 * | request | answer bytes |
 * |---|---|
 * | bootstrap | 4-byte fork digest ‖ SSZ LightClientBootstrap |
 * | updates | for each period: u64le length ‖ 4-byte fork digest ‖ SSZ LightClientUpdate (length counts digest and SSZ) |
 * | finality_update, optimistic_update | 4-byte fork digest ‖ SSZ |
 * | compact_bootstrap, hops, compact_finality_update | docs/hops.md; hops of as many of the periods as there are, at least one |
 * | committee | all keys of a sync committee, 48 bytes each, whose vector has this root |
 * | execution_header | RLP of the header (keccak256 of it is the block hash) |
 * | execution_headers | RLP list of strings: headers as above, the first with this hash, each next the parent of the one before; at most `count`, at least one |
 * | historical_block | the block with this number, proven under the state of a finalized beacon block: `historical/containers.ts` |
 * | account | RLP [[account proof nodes…], [[storage proof nodes…] per slot in the order asked]] |
 * | code | the code bytes |
 * | state | proofs of several accounts and slots that share nodes: `state-evidence.ts` |
 * | receipts | RLP list of strings: the consensus encoding of every receipt of the block, in order |
 * | transactions | RLP list of strings: the EIP-2718 encoding of every transaction of the block, in order |
 * | withdrawals | RLP list of strings: the RLP of every withdrawal of the block, in order |
 * | transaction_location | 32-byte block hash ‖ u32be index; empty when unknown (a hint where to look, never proof) |
 */
export type EvidenceRequest =
  | { readonly type: 'bootstrap'; readonly root: Hex }
  | { readonly type: 'updates'; readonly startPeriod: number; readonly count: number }
  | { readonly type: 'finality_update' }
  | { readonly type: 'optimistic_update' }
  | { readonly type: 'compact_bootstrap'; readonly root: Hex }
  | { readonly type: 'hops'; readonly startPeriod: number; readonly count: number }
  | { readonly type: 'compact_finality_update' }
  | { readonly type: 'committee'; readonly pubkeysRoot: Hex }
  | { readonly type: 'execution_header'; readonly blockHash: Hex }
  | { readonly type: 'execution_headers'; readonly blockHash: Hex; readonly count: number }
  | { readonly type: 'historical_block'; readonly finalizedRoot: Hex; readonly blockNumber: number }
  | { readonly type: 'account'; readonly blockHash: Hex; readonly address: Hex; readonly slots: readonly Hex[] }
  | { readonly type: 'code'; readonly blockHash: Hex; readonly address: Hex; readonly codeHash: Hex }
  | { readonly type: 'state'; readonly blockHash: Hex; readonly accounts: readonly StateAccount[] }
  | { readonly type: 'receipts'; readonly blockHash: Hex }
  | { readonly type: 'transactions'; readonly blockHash: Hex }
  | { readonly type: 'withdrawals'; readonly blockHash: Hex }
  | { readonly type: 'transaction_location'; readonly transactionHash: Hex }

/** One account of a `state` request: its own proof, those of `slots`, and its code where `code` says so. */
export interface StateAccount {
  readonly address: Hex
  readonly slots: readonly Hex[]
  readonly code: boolean
}

/**
 * Accounts and slots in one `state` request, counted together. So many fit into a request to a peer; who needs more
 * asks several times at once.
 */
export const MAX_STATE_ITEMS = 48

/**
 * What nobody can prove but a wallet needs to act. Answers are UTF-8 JSON; their use is `Attested<T>` only.
 *
 * | request | answer |
 * |---|---|
 * | pending_nonce | `{"nonce": hex}` |
 * | fee_hint | `{"baseFeePerGas": hex, "maxPriorityFeePerGas": hex}` |
 * | gas_hint | `{"gas": hex}`, or `{"revert": hex}` when the node says the call fails |
 * | access_list_hint | `{"accessList": [{"address": hex, "storageKeys": [hex…]}…]}`: state that a call may read |
 * | log_blocks_hint | `{"blocks": [hex…]}`: numbers of blocks with logs of a contract that have this second topic |
 * | send_transaction | `{"hash": hex}` (the caller computes the hash itself and compares) |
 */
export type HearsayRequest =
  | { readonly type: 'pending_nonce'; readonly address: Hex }
  | { readonly type: 'fee_hint' }
  | {
      readonly type: 'gas_hint'
      readonly from: Hex
      readonly to: Hex | null
      readonly value: Hex
      readonly data: Hex
    }
  | {
      readonly type: 'access_list_hint'
      readonly blockHash: Hex
      readonly from: Hex
      readonly to: Hex | null
      readonly value: Hex
      readonly data: Hex
    }
  | { readonly type: 'log_blocks_hint'; readonly address: Hex; readonly topic: Hex }
  | { readonly type: 'send_transaction'; readonly raw: Hex }

export type EthereumRequest = EvidenceRequest | HearsayRequest

/** The canonical identity of a request. Field order is fixed so that equal requests have equal keys. */
export function keyOf(request: PeerRequest): string {
  const keys = Object.keys(request).sort()
  return JSON.stringify(request, request.type === 'state' ? [...keys, 'address', 'code', 'slots'] : keys)
}
