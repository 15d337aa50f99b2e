export type * from './application/chain-reader.ts'
export { createLightClient, type LightClientOptions } from './application/follow.ts'
export { FORCE_UPDATE_RISK, FORCE_UPDATE_WORDS } from './application/force-update.ts'
export type * from './application/light-client.ts'
export * from './errors.ts'
export type * from './infrastructure/ports.ts'
export type * from './ledgers/ethereum/call-claims.ts'
export type * from './ledgers/ethereum/claims.ts'
export type * from './ledgers/ethereum/evidence.ts'
export type { ForcedUpdate } from './ledgers/ethereum/force-update.ts'
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
export { PRODUCT } from './product.ts'
