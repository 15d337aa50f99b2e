/** What a proven block holds: state under its state root, and its transactions, receipts and withdrawals. @module */
import type { Engines } from '@glowworm/wasm-core'
import { type Instant, seal, type Verified } from '../verified.ts'
import { decodeList, verifyReceipts, verifyTransactions, verifyWithdrawals } from './block-content.ts'
import type { Account } from './claims.ts'
import { decodeStateProof, type StateProof, verifyAccount, verifyCode, verifySlot } from './contract.ts'
import type { EvidenceRequest, Hex } from './evidence.ts'
import type { Block, StateAnchor } from './proven-block.ts'

/** An account with the slots that were asked for, in that order, and the trie nodes that prove both. */
export interface ProvenState {
  readonly account: Account
  readonly slots: readonly { readonly slot: Hex; readonly value: Hex }[]
  readonly proof: StateProof
}

/** @param slots 32 bytes each. */
export function stateRequest(
  block: StateAnchor,
  address: Hex,
  slots: readonly Hex[],
): EvidenceRequest & { readonly type: 'account' } {
  return { type: 'account', blockHash: block.hash, address, slots }
}

/**
 * Account and slots as asked for, whatever the source echoes; absence is proven too.
 * @param evidence answer to `stateRequest`
 * @throws {InvalidStateProof | RlpError}
 */
export function provenState(
  block: Verified<StateAnchor>,
  address: Hex,
  slots: readonly Hex[],
  evidence: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<ProvenState> {
  const proof = decodeStateProof(evidence, slots.length)
  const account = verifyAccount(block.value.stateRoot, address, proof.account, engines)
  const values = slots.map((slot, i) => ({
    slot,
    value: verifySlot(account.storageRoot, slot, proof.slots[i]!, engines),
  }))
  const method =
    slots.length > 0 ? 'account and storage proofs under the state root' : 'account proof under the state root'
  return from(block, { account, slots: values, proof }, method, now)
}

/** @throws {InvalidCode} */
export function provenCode(
  block: Verified<StateAnchor>,
  state: Verified<ProvenState>,
  code: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<Hex> {
  const value = verifyCode(state.value.account.codeHash, code, engines)
  return from(block, value, 'hash of the code in the proven account', now)
}

/** EIP-2718 encodings, in order. @throws {InvalidBlockContent | RlpError} */
export function provenTransactions(
  block: Verified<Block>,
  evidence: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<readonly Uint8Array[]> {
  const list = decodeList(evidence, 'transactions')
  verifyTransactions(block.value, list, engines)
  return from(block, list, 'transactions root rebuilt from the whole block', now)
}

/** Consensus encodings, in order. @throws {InvalidBlockContent | RlpError} */
export function provenReceipts(
  block: Verified<Block>,
  evidence: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<readonly Uint8Array[]> {
  const list = decodeList(evidence, 'receipts')
  verifyReceipts(block.value, list, engines)
  return from(block, list, 'receipts root rebuilt from the whole block', now)
}

/** RLP of each withdrawal, in order; a block from before Shanghai has none. @throws {InvalidBlockContent | RlpError} */
export function provenWithdrawals(
  block: Verified<Block>,
  evidence: Uint8Array,
  engines: Engines,
  now: Instant,
): Verified<readonly Uint8Array[]> {
  const list = decodeList(evidence, 'withdrawals')
  verifyWithdrawals(block.value, list, engines)
  return from(block, list, 'withdrawals root rebuilt from the whole block', now)
}

function from<T>(block: Verified<StateAnchor>, value: T, method: string, now: Instant): Verified<T> {
  return seal(value, { anchor: block.anchor, finality: block.finality, method, checkedAt: now })
}
