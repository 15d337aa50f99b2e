/** All that a program needs to prove for itself. Node, browsers, providers, receipts and peers have entries of their own. */
export { agreeOnCheckpoint } from './application/agree-checkpoint.ts'
export type * from './application/chain-reader.ts'
export { createLightClient, type LightClientOptions } from './application/follow.ts'
export { FORCE_UPDATE_RISK, FORCE_UPDATE_WORDS } from './application/force-update-words.ts'
export type * from './application/light-client.ts'
export {
  type OtherLedgers,
  type OtherLedgersOptions,
  otherLedgers,
  servedTogether,
} from './application/other-ledgers.ts'
export {
  OLD_CHECKPOINT_RISK,
  OLD_CHECKPOINT_WORDS,
  type RecoveryChoice,
  StaleCheckpoint,
  type StaleGround,
} from './consensus/checkpoint-age.ts'
export { CheckpointDisagreement } from './consensus/checkpoint-agreement.ts'
export { type Engines, loadEngines } from './engines.ts'
export * from './errors.ts'
export { platformClock } from './infrastructure/clock.ts'
export { platformHttp } from './infrastructure/http.ts'
export { memoryStore } from './infrastructure/memory-store.ts'
export type * from './infrastructure/ports.ts'
export type * from './ledgers/ethereum/call-claims.ts'
export type * from './ledgers/ethereum/claims.ts'
export type * from './ledgers/ethereum/evidence.ts'
export type { ForcedUpdate } from './ledgers/ethereum/force-update.ts'
export { type NetworkProfile, parseProfile } from './ledgers/ethereum/profile.ts'
export { PROFILES } from './ledgers/ethereum/profiles.ts'
export type * from './ledgers/ledger-evidence.ts'
export type * from './ledgers/ledger-family.ts'
export {
  type AnchorReference,
  type Attested,
  attest,
  type Finality,
  type Instant,
  isVerified,
  type LedgerId,
  type Verified,
} from './ledgers/verified.ts'
export * from './network/evidence-source.ts'
export { beaconRestSource, type HttpSourceOptions } from './network/http/beacon-rest.ts'
export { type ExecutionRpcOptions, executionRpcSource } from './network/http/execution-rpc.ts'
export { PRODUCT } from './product.ts'
