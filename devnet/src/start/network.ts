/** Which network `npm start` shows: the embedded one, or a real one by profile and the user's own sources. @module */
import { readFileSync } from 'node:fs'
import { type NetworkProfile, parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { startDevnet } from '../devnet.ts'
import { MissingSource, UnreadableProfile } from './errors.ts'
import type { StartOptions } from './options.ts'

export interface RunningNetwork {
  /** The profile as of now; the devnet's checkpoint moves along. */
  profile(): NetworkProfile
  readonly isDevnet: boolean
  /** Services beside it that a wallet can be tried with, by name. */
  readonly services: Readonly<Record<string, string>>
  close(): Promise<void>
}

type Wanted = Pick<StartOptions, 'network' | 'beacon' | 'execution' | 'checkpoint' | 'slotSeconds'>

/** @throws {MissingSource | UnreadableProfile} */
export async function openNetwork(options: Wanted): Promise<RunningNetwork> {
  if (options.network === 'devnet') {
    const devnet = await startDevnet({ secondsPerSlot: options.slotSeconds, identity: true })
    const { issuer, verifier } = devnet.identity!
    const services = { issuer: issuer.url, verifier: verifier.url }
    return { profile: devnet.liveProfile, isDevnet: true, services, close: devnet.close }
  }
  const profile = withSources(await readProfile(options.network), options)
  return { profile: () => profile, isDevnet: false, services: {}, close: async () => undefined }
}

/** The user's sources replace those of the profile. */
function withSources(profile: NetworkProfile, { beacon, execution, checkpoint }: Wanted): NetworkProfile {
  const sources = {
    beacon: beacon.length > 0 ? beacon : profile.sources.beacon,
    execution: execution.length > 0 ? execution : profile.sources.execution,
    peers: profile.sources.peers,
  }
  const root = checkpoint ?? profile.checkpoint
  const missing = [
    ...(sources.beacon.length === 0 ? ['--beacon URL'] : []),
    ...(sources.execution.length === 0 ? ['--execution URL'] : []),
    ...(root === undefined ? ['--checkpoint ROOT'] : []),
  ]
  if (root === undefined || missing.length > 0) throw new MissingSource(profile.name, missing)
  return { ...profile, sources, checkpoint: root }
}

/** A name among the light client's own profiles, or the path of a JSON file. */
async function readProfile(network: string): Promise<NetworkProfile> {
  try {
    const known = Object.hasOwn(PROFILES, network) ? PROFILES[network] : undefined
    if (known) return known
    return parseProfile(JSON.parse(readFileSync(network, 'utf8')))
  } catch (cause) {
    throw new UnreadableProfile(network, { cause })
  }
}
