/** Our ways through the job: by hops, by plain updates, and by plain updates on the noble fallback. */
import { type CatchUpOptions, catchUp } from '@glowworm/light-client/application/catch-up'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { type EvidenceSource, NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import type { Engines } from '@glowworm/wasm-core'
import type { Contestant } from './contestant.ts'
import { PERIODS, type SyncJob } from './job.ts'

export function ours(name: string, way: CatchUpOptions['way'], engines: Engines): Contestant {
  return {
    name,
    async run(job) {
      const { profile, checkpoint, clock } = job
      const pool = createSourcePool(clock)
      const { hashes } = engines
      pool.add(
        way === 'hops' ? compactSource(job) : beaconRestSource({ url: job.url, profile, hashes, http: platformHttp }),
      )
      const family = createEthereumFamily(profile, engines, platformRandom.bytes)
      const { signal } = new AbortController()
      const chain = await catchUp({
        profile,
        engines,
        family,
        trust: { checkpoint, maxAgeDays: 60 },
        pool,
        clock,
        store: null,
        cache: createEvidenceCache({ profile, engines, checkpoint, maxBytes: 1024 * 1024 }),
        way,
        signal,
        onProgress: () => {},
      })
      if (chain.periods !== PERIODS || chain.hops !== (way === 'hops' ? PERIODS : 0))
        throw new Error(`expected ${PERIODS} periods by ${way}, proved ${chain.periods}, ${chain.hops} by hops`)
      const kind = way === 'hops' ? 'compact_finality_update' : 'finality_update'
      const { result } = await pool.ask(
        { type: kind },
        (bytes) => family.advance(chain.anchor, { kind, bytes }, clock.now()),
        signal,
      )
      return result.store.finalized_header.beacon.slot
    },
  }
}

/** Compact evidence has no REST form of its own: peers carry it. Here it comes over HTTP too, so that the way is as long. */
function compactSource({ url, checkpoint }: SyncJob): EvidenceSource {
  const description = { id: url, carrier: 'beacon-rest', words: 'the bench' } as const
  const paths: Partial<Record<string, string>> = {
    compact_bootstrap: `compact_bootstrap/${checkpoint}`,
    hops: 'hops',
    compact_finality_update: 'compact_finality_update',
  }
  return {
    description,
    serves: (type) => paths[type] !== undefined,
    async request(request, signal) {
      const query = request.type === 'hops' ? `?start_period=${request.startPeriod}` : ''
      const answer = await platformHttp({
        url: `${url}/eth/v1/beacon/light_client/${paths[request.type]}${query}`,
        method: 'GET',
        headers: {},
        maxBytes: 1024 * 1024,
        signal,
      })
      if (answer.status !== 200) throw new NotAvailable('the bench', request.type)
      return { bytes: answer.bytes, from: description }
    },
    close: async () => {},
  }
}
