export type { IssuerPage, Surface } from './app/wallet-context.ts'
export { type MountOptions, mountWallet } from './mount.tsx'
