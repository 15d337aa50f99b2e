/** Ethereum as a ledger family: the pure decisions of this folder behind the one interface. @module */
import type { Engines } from '@glowworm/wasm-core'
import { contextHeaderOf } from '../../contract/block-context.ts'
import type { ContractLayer } from '../../contract/contract-layer.ts'
import type { Work } from '../../contract/work.ts'
import { toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { LedgerFamily } from '../ledger-family.ts'
import { type AnchorReference, type Finality, type Instant, seal, type Verified } from '../verified.ts'
import { type Advanced, advance, advanceAll, type EthereumAdvance } from './advance.ts'
import { nextBaseFee } from './base-fee.ts'
import { decodeList, findTransaction, receiptAt, verifyReceipts, verifyTransactions } from './block-content.ts'
import {
  type EvidenceMap,
  finalityOf,
  headerByHash,
  MissingEvidence,
  NotInBlock,
  proveBlock,
  take,
} from './block-history.ts'
import type { CallClaim, CallValues, StateAt } from './call-claims.ts'
import type { Account, EthereumClaim, Receipt, Transaction } from './claims.ts'
import { bootstrap, bootstrapCompact, type EthereumAnchor, type EthereumTrust, executionOf } from './consensus.ts'
import { decodeStateProof, EMPTY_CODE_HASH, verifyAccount, verifyCode, verifySlot } from './contract.ts'
import { type EthereumRequest, type EvidenceRequest, type Hex, keyOf } from './evidence.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { timeOfSlot } from './forks.ts'
import { NoExecutionData } from './no-execution-data.ts'
import type { NetworkProfile } from './profile.ts'
import type { RandomBytes } from './sync-protocol/signature.ts'

export interface EthereumValues extends Record<EthereumClaim['type'], unknown> {
  account: Account
  storage: Hex
  code: Hex
  transaction: Transaction
  receipt: Receipt
  header: ExecutionHeader
  base_fee: bigint
  call: CallValues['call']
  gas_estimate: CallValues['gas_estimate']
  access_list: CallValues['access_list']
  simulation: CallValues['simulation']
}

export interface EthereumFamily
  extends LedgerFamily<EthereumTrust, EthereumAnchor, EthereumAdvance, EthereumClaim, EthereumValues, EthereumRequest> {
  /** @param work bounds the computing of a call */
  prove<C extends EthereumClaim>(
    anchor: EthereumAnchor,
    claim: C,
    evidence: EvidenceMap,
    now: Instant,
    work?: Work,
  ): Promise<Verified<EthereumValues[C['type']]>>
  /** `bootstrap` from the answer to `compact_bootstrap`. @throws {GlowwormError} */
  bootstrapCompact(trust: EthereumTrust, evidence: Uint8Array, now: Instant): EthereumAnchor
  /** Steps in a row with the verdicts of `advance`, their signatures verified together. */
  advanceAll(anchor: EthereumAnchor, steps: readonly EthereumAdvance[], now: Instant): Advanced
}

/**
 * @param random secure random bytes, for verifying many signatures at once
 * @param loadContractLayer called at the first call; for places where modules cannot be loaded later
 */
export function createEthereumFamily(
  profile: NetworkProfile,
  engines: Engines,
  random: RandomBytes,
  loadContractLayer: () => Promise<ContractLayer> = () => import('../../contract/index.ts'),
): EthereumFamily {
  const context = { profile, engines, random }
  const reference = (hash: Hex, height: bigint, time: Instant): AnchorReference => ({
    ledger: 'ethereum',
    network: profile.name,
    height,
    hash,
    time,
  })

  /** State root and identity of the head a claim is made against. From Gloas on the header must be asked for. */
  function head(anchor: EthereumAnchor, at: 'finalized' | 'optimistic', evidence: EvidenceMap) {
    const header = at === 'finalized' ? anchor.store.finalized_header : anchor.store.optimistic_header
    const execution = executionOf(header)
    if (!execution) throw new NoExecutionData(header.beacon.slot)
    const finality = finalityOf(anchor, at)
    const time = timeOfSlot(profile, header.beacon.slot)
    if (execution.stateRoot !== null && execution.blockNumber !== null) {
      const anchorReference = reference(execution.blockHash, execution.blockNumber, time)
      return { stateRoot: execution.stateRoot, blockHash: execution.blockHash, finality, anchorReference }
    }
    const block = headerByHash(execution.blockHash, evidence, engines)
    const anchorReference = reference(execution.blockHash, block.number, Number(block.timestamp) * 1000)
    return { stateRoot: block.stateRoot, blockHash: execution.blockHash, finality, anchorReference }
  }

  /** The block a call is executed on, with its header. Heads before Gloas carry theirs; others must be asked for. */
  function ground(anchor: EthereumAnchor, at: StateAt, evidence: EvidenceMap) {
    if (typeof at === 'object') {
      const block = proveBlock(anchor, at.blockHash, evidence, profile, engines)
      const { number, timestamp, stateRoot } = block.header
      const anchorReference = reference(block.hash, number, Number(timestamp) * 1000)
      return { ...block, stateRoot, anchorReference, blockHash: block.hash, gasUsed: block.header.gasUsed }
    }
    const { stateRoot, blockHash, finality, anchorReference } = head(anchor, at, evidence)
    const { execution } = at === 'finalized' ? anchor.store.finalized_header : anchor.store.optimistic_header
    const header = execution ? contextHeaderOf(execution) : headerByHash(blockHash, evidence, engines)
    const gasUsed = execution ? execution.gas_used : headerByHash(blockHash, evidence, engines).gasUsed
    return { stateRoot, blockHash, finality, anchorReference, header, gasUsed }
  }

  /** Loads the EVM when it is first needed. */
  async function proveCall(anchor: EthereumAnchor, claim: CallClaim, evidence: EvidenceMap, now: Instant, work?: Work) {
    const { finality, anchorReference, ...block } = ground(anchor, claim.at, evidence)
    const { execute } = await loadContractLayer().catch((cause: unknown) => {
      throw new EvmNotLoaded(cause)
    })
    const value = await execute({ ...block, evidence, profile, engines }, claim, work)
    const proof = { anchor: anchorReference, finality, method: CALL_METHODS[claim.type], checkedAt: now }
    return seal(value, proof)
  }

  function feeFigures(anchor: EthereumAnchor, evidence: EvidenceMap) {
    const header = anchor.store.optimistic_header
    if (header.execution) {
      const { base_fee_per_gas, gas_used, gas_limit } = header.execution
      return { baseFeePerGas: base_fee_per_gas, gasUsed: gas_used, gasLimit: gas_limit }
    }
    const { baseFeePerGas, gasUsed, gasLimit } = headerByHash(toHex(header.execution_block_hash!), evidence, engines)
    if (baseFeePerGas === null) throw new NoExecutionData(header.beacon.slot)
    return { baseFeePerGas, gasUsed, gasLimit }
  }

  function prove(
    anchor: EthereumAnchor,
    claim: Exclude<EthereumClaim, CallClaim>,
    evidence: EvidenceMap,
    now: Instant,
  ): Verified<unknown> {
    const sealed = <T>(value: T, anchorReference: AnchorReference, finality: Finality, method: string) =>
      seal(value, { anchor: anchorReference, finality, method, checkedAt: now })

    if (claim.type === 'account' || claim.type === 'storage' || claim.type === 'code') {
      const { stateRoot, blockHash, finality, anchorReference } = head(anchor, claim.at, evidence)
      const slots = claim.type === 'storage' ? [claim.slot] : []
      const proof = decodeStateProof(
        take(evidence, { type: 'account', blockHash, address: claim.address, slots }),
        slots.length,
      )
      const account = verifyAccount(stateRoot, claim.address, proof.account, engines)
      if (claim.type === 'account')
        return sealed(account, anchorReference, finality, 'account proof (Merkle-Patricia) under the state root')
      if (claim.type === 'storage') {
        const value = verifySlot(account.storageRoot, claim.slot, proof.slots[0]!, engines)
        return sealed(value, anchorReference, finality, 'storage proof (Merkle-Patricia) under the account')
      }
      if (account.codeHash === EMPTY_CODE_HASH)
        return sealed('0x', anchorReference, finality, 'account proof: the account has no code')
      const { codeHash } = account
      const code = take(evidence, { type: 'code', blockHash, address: claim.address, codeHash })
      return sealed(
        verifyCode(codeHash, code, engines),
        anchorReference,
        finality,
        'hash of the code in the proven account',
      )
    }

    if (claim.type === 'base_fee') {
      const { anchorReference, finality } = head(anchor, 'optimistic', evidence)
      const fee = nextBaseFee(feeFigures(anchor, evidence))
      return sealed(fee, anchorReference, finality, 'derived from the proven header (EIP-1559)')
    }

    const block = proveBlock(anchor, claim.blockHash, evidence, profile, engines)
    const anchorReference = reference(block.hash, block.header.number, Number(block.header.timestamp) * 1000)
    if (claim.type === 'header')
      return sealed(block.header, anchorReference, block.finality, 'header hash on the chain of parents')
    // What is there is checked before more is asked for, so that false evidence is blamed on whoever sent it.
    const [transactionsRequest, receiptsRequest] = contentRequests(claim.blockHash)
    const wanted = claim.type === 'receipt' ? [transactionsRequest, receiptsRequest] : [transactionsRequest]
    const transactions = optionalList(transactionsRequest, evidence, 'transactions')
    if (transactions) verifyTransactions(block.header, transactions, engines)
    const receipts = optionalList(receiptsRequest, evidence, 'receipts')
    if (receipts) verifyReceipts(block.header, receipts, engines)
    const missing = wanted.filter((request) => !evidence.has(keyOf(request)))
    if (!transactions || missing.length > 0) throw new MissingEvidence(missing)
    const identity = { hash: block.hash, number: block.header.number }
    const transaction = findTransaction(transactions, claim.transactionHash, identity, engines)
    if (!transaction) throw new NotInBlock(claim.transactionHash, claim.blockHash)
    if (claim.type === 'transaction')
      return sealed(transaction, anchorReference, block.finality, 'transactions root rebuilt from the whole block')
    if (!receipts) throw new MissingEvidence(missing)
    return sealed(
      receiptAt(receipts, transaction, block.header),
      anchorReference,
      block.finality,
      'receipts root rebuilt from the whole block',
    )
  }

  return {
    id: 'ethereum',
    capabilities: {
      claims: [
        'account',
        'storage',
        'code',
        'transaction',
        'receipt',
        'header',
        'base_fee',
        ...Object.keys(CALL_METHODS),
      ],
      limits: [
        'That a transaction is pending, or will be included, cannot be proven.',
        'A missing receipt is no proof that a transaction was not included.',
        'Before Capella the headers carry no execution data, so no state can be proven.',
      ],
    },
    bootstrap: (trust, evidence, now) => bootstrap(trust, evidence, now, profile, engines),
    bootstrapCompact: (trust, evidence, now) => bootstrapCompact(trust, evidence, now, profile, engines),
    advance: (anchor, step, now) => advance(anchor, step, now, context),
    advanceAll: (anchor, steps, now) => advanceAll(anchor, steps, now, context),
    prove: async <C extends EthereumClaim>(
      anchor: EthereumAnchor,
      claim: C,
      evidence: EvidenceMap,
      now: Instant,
      work?: Work,
    ) =>
      (isCall(claim)
        ? await proveCall(anchor, claim, evidence, now, work)
        : prove(anchor, claim, evidence, now)) as Verified<EthereumValues[C['type']]>,
    keyOf,
  }
}

/** How the values of calls are proven, in a phrase. */
const CALL_METHODS: Record<CallClaim['type'], string> = {
  call: 'executed here on proven state',
  gas_estimate: 'executed here on proven state, with less and less gas',
  access_list: 'executed here on proven state, until the list was stable',
  simulation: 'executed here on proven state, in blocks that do not exist',
}

export function isCall(claim: EthereumClaim): claim is CallClaim {
  return claim.type in CALL_METHODS
}

function contentRequests(blockHash: Hex): [transactions: EvidenceRequest, receipts: EvidenceRequest] {
  return [
    { type: 'transactions', blockHash },
    { type: 'receipts', blockHash },
  ]
}

function optionalList(request: EvidenceRequest, evidence: EvidenceMap, what: string): Uint8Array[] | null {
  const bytes = evidence.get(keyOf(request))
  return bytes ? decodeList(bytes, what) : null
}

/** The EVM comes as a module of its own, and it could not be had: offline, or where modules cannot be loaded later. */
export class EvmNotLoaded extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Ethereum.EvmNotLoaded', code: 'EVM_NOT_LOADED', kind: 'unreachable' },
      'the part of this software that executes calls could not be loaded',
      { cause, next: 'Check your connection and try again.' },
    )
  }
}
