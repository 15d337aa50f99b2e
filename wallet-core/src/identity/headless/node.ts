/** The verifier of presentations for Node: `createNodeVerifier(client)`, with a light client that follows the chain. @module */
import type { LightClient } from '@glowworm/light-client'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Clock, Http } from '@glowworm/light-client/infrastructure/ports'
import { secureRandom } from '@glowworm/wasm-core/infrastructure/secure-random'
import { loadBls12381Groups } from '@glowworm/wasm-core/load-bls12381-groups'
import { createBbs } from '../bbs/bbs.ts'
import { createDidResolver } from '../did/resolver.ts'
import { type Bounds, createPresentationVerifier, type PresentationVerifier } from './presentation-verifier.ts'

export interface NodeVerifierOptions {
  readonly bounds?: Bounds
  readonly http?: Http
  readonly clock?: Pick<Clock, 'now'>
}

export function createNodeVerifier(client: LightClient, options: NodeVerifierOptions = {}): PresentationVerifier {
  const { http = platformHttp, clock = platformClock, bounds } = options
  const { keccak256 } = client.chain.engines.hashes
  const loadGroups = loadBls12381Groups
  const resolver = createDidResolver({ http, clock, keccak256, loadGroups, chain: () => client.chain })
  const loadBbs = async () => createBbs(await loadGroups(), 'BLS12-381-SHA-256', secureRandom)
  return createPresentationVerifier({ http, clock, keccak256, resolver, loadBbs }, bounds)
}
