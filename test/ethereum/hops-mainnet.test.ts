/** Hops made of real mainnet updates: the anchor of the plain updates, in a few tens of kilobytes. */
import { toHex } from '@glowworm/light-client/data/hex'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { produceCompactFinalityUpdate } from '@glowworm/light-client/ledgers/ethereum/compact/produce'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { timeOfSlot, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { beaconRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import { decodeBootstrap, decodeUpdate, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { loadEngines } from '@glowworm/wasm-core'
import { expect, it } from 'vitest'
import { ENGINES } from '../engines.ts'
import { DENEB_BOOTSTRAP, DENEB_UPDATES } from '../recorded-mainnet.ts'
import { replayBeacon } from '../replay-beacon.ts'
import { describeVectors, vectorBytes, vectorText } from '../vectors.ts'
import { anchorIdentity, compactAnswers } from './plain-evidence.ts'

const profile = PROFILES.mainnet!
const now = timeOfSlot(profile, 1393 * 8192)

describeVectors('hops over the 46 Deneb periods 1347 to 1392', () => {
  it.each(ENGINES)('lead to the anchor of the plain updates (%s)', async (kind, load) => {
    const engines = await load()
    const bootstrap = withDigest(profile, 11_034_656, vectorBytes(DENEB_BOOTSTRAP), engines.hashes)
    const { header } = decodeBootstrap(bootstrap, profile, engines.hashes)
    const checkpoint = toHex(beaconRoot(header, engines.merkle))
    // noble takes long; a few periods show that it agrees.
    const updates = splitUpdates(vectorBytes(DENEB_UPDATES)).slice(0, kind === 'noble' ? 3 : 46)
    const compact = compactAnswers({ profile, checkpoint, bootstrap, updates, firstPeriod: 1347 }, engines)
    const family = createEthereumFamily(profile, engines, platformRandom.bytes)
    const trust = { checkpoint, maxAgeDays: 60 }

    const steps = updates.map((bytes) => ({ kind: 'update', bytes }) as const)
    const { anchors, failure } = family.advanceAll(family.bootstrap(trust, bootstrap, now), steps, now)
    expect(failure).toBeNull()
    const start = await compact.answer({ type: 'compact_bootstrap', root: checkpoint })
    const hops = await compact.answer({ type: 'hops', startPeriod: 1347, count: 128 })
    const hopped = family.advance(family.bootstrapCompact(trust, start, now), { kind: 'hops', bytes: hops }, now)
    expect(anchorIdentity(hopped)).toBe(anchorIdentity(anchors.at(-1)!))

    // The newest finality there is in the data: that of the last update, as a finality update.
    const last = decodeUpdate(updates.at(-1)!, profile, engines.hashes)
    const before = decodeUpdate(updates.at(-2)!, profile, engines.hashes)
    const finality = produceCompactFinalityUpdate(last, before.next_sync_committee.pubkeys, profile, engines)
    const { store } = family.advance(hopped, { kind: 'compact_finality_update', bytes: finality }, now)
    expect(store.finalized_header.beacon).toEqual(last.finalized_header.beacon)
    expect(start.length + hops.length + finality.length).toBeLessThan(1000 * updates.length + 6000)
    if (kind === 'wasm') expect(start.length + hops.length + finality.length).toBeLessThanOrEqual(45_000)
  })
})

describeVectors('hops of other forks', () => {
  it.each([
    ['Capella, periods 862 to 867', 'mainnet-capella-json/bootstrap', 'mainnet-capella-json/updates', 868],
    ['Fulu, period 1711', 'mainnet-fulu-json/lc_bootstrap', 'mainnet-fulu-json/lc_updates', 1712],
  ])('%s (JSON)', async (_, bootstrapFile, updatesFile, after) => {
    const engines = await loadEngines()
    const json = (file: string) => vectorText(`eth-lightclient/${file}.json`)
    const server = await replayBeacon({
      answer: (path) => ({ body: json(path === 'updates' ? updatesFile : bootstrapFile) }),
    })
    const beacon = beaconRestSource({ url: server.url, profile, hashes: engines.hashes, http: platformHttp })
    const ask = async (request: EvidenceRequest) => (await beacon.request(request, AbortSignal.timeout(10_000))).bytes
    const bootstrap = await ask({ type: 'bootstrap', root: `0x${'00'.repeat(32)}` })
    const updates = splitUpdates(await ask({ type: 'updates', startPeriod: 0, count: 128 }))
    await server.close()
    const { header } = decodeBootstrap(bootstrap, profile, engines.hashes)
    const checkpoint = toHex(beaconRoot(header, engines.merkle))
    const firstPeriod = Math.floor(header.beacon.slot / 8192)
    const compact = compactAnswers({ profile, checkpoint, bootstrap, updates, firstPeriod }, engines)
    const family = createEthereumFamily(profile, engines, platformRandom.bytes)
    const time = timeOfSlot(profile, after * 8192)
    const trust = { checkpoint, maxAgeDays: 60 }
    const steps = updates.map((bytes) => ({ kind: 'update', bytes }) as const)
    const { anchors, failure } = family.advanceAll(family.bootstrap(trust, bootstrap, time), steps, time)
    expect(failure).toBeNull()
    const start = await compact.answer({ type: 'compact_bootstrap', root: checkpoint })
    const hops = await compact.answer({ type: 'hops', startPeriod: firstPeriod, count: 128 })
    const hopped = family.advance(family.bootstrapCompact(trust, start, time), { kind: 'hops', bytes: hops }, time)
    expect(anchorIdentity(hopped)).toBe(anchorIdentity(anchors.at(-1)!))
  })
})
