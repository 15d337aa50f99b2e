/** Plain updates one by one, nothing batched: what a page that follows the head spends on each. */
import { beaconRestSource, loadEngines, PROFILES, platformHttp } from '@glowworm/light-client'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EvidenceRequest, Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { MAX_AGE_DAYS } from '../glowworm.mjs'
import type { Job } from '../job.ts'

/** @returns milliseconds for each update, from its bytes on */
export async function plainUpdates({ url, ...job }: Job): Promise<number[]> {
  const checkpoint = job.checkpoint as Hex
  const engines = await loadEngines()
  const profile = PROFILES.mainnet!
  const source = beaconRestSource({ url, profile, hashes: engines.hashes, http: platformHttp })
  const { signal } = new AbortController()
  const ask = async (request: EvidenceRequest) => (await source.request(request, signal)).bytes
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const trust = { checkpoint, maxAgeDays: MAX_AGE_DAYS }
  let anchor = family.bootstrap(trust, await ask({ type: 'bootstrap', root: checkpoint }), Date.now())
  const times: number[] = []
  for (const bytes of splitUpdates(await ask({ type: 'updates', startPeriod: 1347, count: 46 }))) {
    const start = performance.now()
    anchor = family.advance(anchor, { kind: 'update', bytes }, Date.now())
    times.push(performance.now() - start)
  }
  return times
}
