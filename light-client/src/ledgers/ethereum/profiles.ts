import { type NetworkProfile, parseProfile } from './profile.ts'
import gnosis from './profiles/gnosis.json' with { type: 'json' }
import hoodi from './profiles/hoodi.json' with { type: 'json' }
import mainnet from './profiles/mainnet.json' with { type: 'json' }
import sepolia from './profiles/sepolia.json' with { type: 'json' }

/** The networks this software knows by name. Any other comes as a JSON file of the same form. */
export const PROFILES: Readonly<Record<string, NetworkProfile>> = {
  mainnet: parseProfile(mainnet),
  sepolia: parseProfile(sepolia),
  hoodi: parseProfile(hoodi),
  gnosis: parseProfile(gnosis),
}
