/** The wallet without a person: see `headless/headless-wallet.ts` and docs/headless.md. */
export type { Attachable } from './headless/attach.ts'
export { type HeadlessOptions, type HeadlessWallet, headlessWallet } from './headless/headless-wallet.ts'
export { InvalidPolicy, type Policy, readPolicy } from './policy/policy.ts'
