/** Where the registries of did:ethr are. @module */
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'

/** As ethr-did-resolver 11.1.3 lists them (src/config/deployments.ts). */
export const REGISTRIES: Readonly<Record<number, Hex>> = {
  1: '0xdca7ef03e98e0dc2b855be647c39abe984fcf21b',
  100: '0x03d5003bf0e79c5f5223588f347eba39afbc3818',
  11155111: '0x03d5003bf0e79c5f5223588f347eba39afbc3818',
}

/** The registry of a network: the one its profile names, or one that everybody knows. */
export const registryOf = ({ chainId, didRegistry }: Pick<NetworkProfile, 'chainId' | 'didRegistry'>): Hex | null =>
  didRegistry ?? REGISTRIES[chainId] ?? null
