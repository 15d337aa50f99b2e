import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { WalletNetwork } from '../ports.ts'
import type { SourceChoice } from './facade.ts'
import { walletSection } from './wallet-section.ts'

/**
 * The network and its bundled directory of sources out of a network profile. Where peers are known, they are the
 * suggestion: an HTTP node would learn which accounts belong together with the address they are asked from.
 * @throws {InvalidInput} naming the field of the profile's `wallet`
 */
export function networkOf(profile: NetworkProfile): WalletNetwork {
  const hasPeers = profile.sources.peers.length > 0
  const bundled = (kind: SourceChoice['kind'], addresses: readonly string[]): SourceChoice[] =>
    addresses.map((address) => ({ kind, address, chosen: kind === 'peer' || !hasPeers, bundled: true }))
  return {
    name: profile.name,
    chainId: profile.chainId,
    identity: `${profile.chainId}-${profile.genesis.time}-${profile.genesis.validatorsRoot.slice(2, 10)}`,
    symbol: profile.symbol,
    checkpoint: profile.checkpoint ?? null,
    ...walletSection(profile.wallet),
    choices: [
      ...bundled('beacon', profile.sources.beacon),
      ...bundled('execution', profile.sources.execution),
      ...bundled('peer', profile.sources.peers),
    ],
  }
}
