/** Catching up over the 46 real Deneb periods of the vectors, from loopback HTTP, with WASM and with noble. */
import { catchUp } from '@glowworm/light-client/application/catch-up'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { createSourcePool } from '@glowworm/light-client/application/source-pool'
import { toHex } from '@glowworm/light-client/data/hex'
import { clockAt } from '@glowworm/light-client/infrastructure/clock'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { timeOfSlot, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { beaconRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import { decodeBootstrap } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { type Engines, loadEngines, nobleEngines } from '@glowworm/wasm-core'
import { DENEB_BOOTSTRAP, DENEB_UPDATES, updateRange } from '../recorded-mainnet.ts'
import { replayBeacon } from '../replay-beacon.ts'
import { vectorBytes } from '../vector-files.ts'
import { median, type Row, round } from './compare.ts'

const ROUNDS = 3

export async function run(): Promise<Row[]> {
  const profile = PROFILES.mainnet!
  const bootstrap = vectorBytes(DENEB_BOOTSTRAP)
  const updates = vectorBytes(DENEB_UPDATES)
  const wasm = await loadEngines()
  const { header } = decodeBootstrap(withDigest(profile, 11_034_656, bootstrap, wasm.hashes), profile, wasm.hashes)
  const checkpoint = toHex(beaconRoot(header, wasm.merkle))
  const server = await replayBeacon({
    answer: (path, query) => {
      if (path === `bootstrap/${checkpoint}`) return { body: bootstrap, version: 'deneb' }
      return path === 'updates' ? { body: updateRange(updates, 1347, query) } : null
    },
  })
  const clock = clockAt(timeOfSlot(profile, 1393 * 8192))
  const times: Record<'wasm' | 'noble', number[]> = { wasm: [], noble: [] }
  let bytes = 0
  const once = async (engines: Engines) => {
    const pool = createSourcePool(clock)
    pool.add(beaconRestSource({ url: server.url, profile, hashes: engines.hashes, http: platformHttp }))
    const start = performance.now()
    const chain = await catchUp({
      profile,
      family: createEthereumFamily(profile, engines),
      trust: { checkpoint, maxAgeDays: 60 },
      pool,
      clock,
      store: null,
      cache: createEvidenceCache(1024 * 1024),
      signal: new AbortController().signal,
      onProgress: () => {},
    })
    if (chain.periods !== 46) throw new Error(`expected 46 periods, proved ${chain.periods}`)
    bytes = chain.bytes
    times[engines.kind].push(performance.now() - start)
  }
  for (let i = 0; i < ROUNDS; i++) {
    await once(wasm)
    await once(nobleEngines())
  }
  await server.close()
  const [ours, peer] = [median(times.wasm), median(times.noble)]
  return [
    {
      name: 'catch up over 46 mainnet periods',
      ours: round(ours),
      peer: round(peer),
      peerName: 'noble',
      ratio: round(peer / ours),
      unit: 'ms',
    },
    { name: 'bytes for it (plain updates, SSZ)', ours: bytes, peer: null, peerName: null, ratio: null, unit: 'B' },
  ]
}
