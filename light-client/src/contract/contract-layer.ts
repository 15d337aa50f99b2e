/** What the contract layer does for a ledger family; free of the EVM's own types, because it is loaded later. @module */
import type { Engines } from '@glowworm/wasm-core'
import type { EvidenceMap } from '../ledgers/ethereum/block-history.ts'
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { ContextHeader } from './block-context.ts'
import type { Work } from './work.ts'

/** A proven block with the evidence about its state. */
export interface ProvenGround {
  readonly blockHash: Hex
  readonly stateRoot: Hex
  readonly header: ContextHeader
  readonly evidence: EvidenceMap
  readonly profile: NetworkProfile
  readonly engines: Engines
  /** In the block itself: what the base fee of the next one follows from. */
  readonly gasUsed: bigint
}

export interface ContractLayer {
  /**
   * Executes what a claim asks for.
   * @param work bounds the computing; absent: nothing does
   * @throws {CallRefused | UnknownForkRules | MissingEvidence | InvalidStateProof | InvalidCode | ExecutionFault}
   * @throws {CallTookTooLong} @throws the reason of the work's signal
   */
  execute(ground: ProvenGround, claim: CallClaim, work?: Work): Promise<CallValues[CallClaim['type']]>
}
