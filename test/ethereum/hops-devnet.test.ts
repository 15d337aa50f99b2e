/** Hops made of a devnet's updates through five forks, with empty slots and changing participation. */
import { startDevnet } from '@glowworm/devnet'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { loadEngines } from '@glowworm/wasm-core'
import { expect, it } from 'vitest'
import { anchorIdentity, compactAnswers } from './plain-evidence.ts'

it('lead period by period to the anchor of the plain updates', async () => {
  const engines = await loadEngines()
  const devnet = await startDevnet({
    mode: 'manual',
    forks: { capella: 0, deneb: 12, electra: 20, fulu: 28, gloas: 36 },
    pastPeriods: 6,
    conditions: {
      participation: (slot) => (22 + (slot % 11)) / 32,
      misses: (slot) => slot % 7 === 3,
    },
  })
  try {
    const { profile, checkpoint } = devnet
    const beacon = beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
    const ask = async (request: EvidenceRequest) => (await beacon.request(request, AbortSignal.timeout(10_000))).bytes
    const bootstrap = await ask({ type: 'bootstrap', root: checkpoint })
    const updates = splitUpdates(await ask({ type: 'updates', startPeriod: 0, count: 128 }))
    const finality = await ask({ type: 'finality_update' })
    expect(updates.length).toBeGreaterThanOrEqual(6)
    const compact = compactAnswers({ profile, checkpoint, bootstrap, updates, finality }, engines)
    const family = createEthereumFamily(profile, engines, platformRandom.bytes)
    const now = devnet.time() * 1000
    let plain = family.bootstrap({ checkpoint }, bootstrap, now)
    const start = await compact.answer({ type: 'compact_bootstrap', root: checkpoint })
    let hopped = family.bootstrapCompact({ checkpoint }, start, now)
    for (const [startPeriod, bytes] of updates.entries()) {
      plain = family.advance(plain, { kind: 'update', bytes }, now)
      const hop = await compact.answer({ type: 'hops', startPeriod, count: 1 })
      hopped = family.advance(hopped, { kind: 'hops', bytes: hop }, now)
      expect(anchorIdentity(hopped)).toBe(anchorIdentity(plain))
    }
    plain = family.advance(plain, { kind: 'finality_update', bytes: finality }, now)
    const named = await compact.answer({ type: 'compact_finality_update' })
    hopped = family.advance(hopped, { kind: 'compact_finality_update', bytes: named }, now)
    expect(anchorIdentity(hopped)).toBe(anchorIdentity(plain))
  } finally {
    await devnet.close()
  }
})
