/** What the two ends of the carriage call each other by. @module */
import type { RegistryQuestion } from '@glowworm/light-client/application/did-registry'
import type { RegistryHistory } from '@glowworm/light-client/ledgers/ethereum/did-registry/history'
import type { LedgerProof } from '../did/resolution.ts'
import type { IdentityRecords } from '../holder/records.ts'

/** Worker → document: the commands. Document → worker: what they need of the wallet. */
export const COMMANDS_CHANNEL = 'identity'
export const ACCESS_CHANNEL = 'identity-access'

export interface Snapshot {
  /** Another one after each change, also of another worker. */
  readonly revision: string
  readonly records: IdentityRecords
}

/** What an identity recorded in the registry, as the worker proved it. */
export interface CarriedHistory {
  readonly history: RegistryHistory
  readonly proof: Omit<LedgerProof, 'deactivated'>
}

/** Of whom, and how final it has to be. */
export type HistoryQuestion = Pick<RegistryQuestion, 'registry' | 'identity' | 'at'>

/** The records changed since they were read. */
export const MOVED = 'IDENTITY_MOVED'
