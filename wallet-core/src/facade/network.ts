import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { WalletNetwork } from '../ports.ts'
import type { SourceChoice } from './facade.ts'

/** The network and its bundled directory of sources out of a network profile. */
export function networkOf(profile: NetworkProfile): WalletNetwork {
  const bundled = (kind: SourceChoice['kind'], addresses: readonly string[]): SourceChoice[] =>
    addresses.map((address) => ({ kind, address, chosen: true, bundled: true }))
  return {
    name: profile.name,
    chainId: profile.chainId,
    symbol: profile.symbol,
    checkpoint: profile.checkpoint ?? null,
    choices: [
      ...bundled('beacon', profile.sources.beacon),
      ...bundled('execution', profile.sources.execution),
      ...bundled('peer', profile.sources.peers),
    ],
  }
}
