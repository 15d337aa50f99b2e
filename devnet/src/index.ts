/** An embedded Ethereum chain with a signing sync committee, and a proxy that lies on demand. @module */
export type { BeaconChain, Conditions } from './beacon/chain.ts'
export { type Devnet, type DevnetOptions, startDevnet } from './devnet.ts'
export * from './errors.ts'
export type { DevAccount } from './execution/accounts.ts'
export { FIXTURE_CODE, FIXTURE_CONTRACT, FIXTURE_STORAGE, POKED_TOPIC } from './execution/fixture-contract.ts'
export { type DevnetFork, parseForks } from './forks.ts'
export { type Liar, type LiarOptions, startLiar } from './liar/liar.ts'
export { isLiarMode, LIAR_MODES, LIES, type LiarMode, type Lie } from './liar/lies.ts'
