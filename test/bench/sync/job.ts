/** The job of the contest: from the bootstrap of period 1347 over 46 real mainnet periods, from loopback HTTP. */
import { compactEvidence } from '@glowworm/light-client/application/compact-evidence'
import { toHex } from '@glowworm/light-client/data/hex'
import { clockAt } from '@glowworm/light-client/infrastructure/clock'
import type { Clock } from '@glowworm/light-client/infrastructure/ports'
import { produceCompactFinalityUpdate } from '@glowworm/light-client/ledgers/ethereum/compact/produce'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import type { EvidenceRequest, Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { rulesAtSlot, timeOfSlot, withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { beaconRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import { decodeBootstrap, decodeUpdate, joinUpdates, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import type { Engines } from '@glowworm/wasm-core'
import { DENEB_BOOTSTRAP, DENEB_UPDATES, updateRange } from '../../recorded-mainnet.ts'
import { replayBeacon } from '../../replay-beacon.ts'
import { vectorBytes } from '../../vector-files.ts'

export const FIRST_PERIOD = 1347
export const PERIODS = 46
const BOOTSTRAP_SLOT = 11_034_656

export interface SyncJob {
  readonly profile: NetworkProfile
  readonly checkpoint: Hex
  /** Shows the first slot after the 46 periods: at that time the data is new. */
  readonly clock: Clock
  /**
   * Beacon REST below `/eth/v1/beacon/light_client/`: `bootstrap/ROOT`, `updates`, `finality_update` (of the last
   * update, which has the newest finality there is in the data). Beside them, for who speaks it, the same evidence
   * compact: `compact_bootstrap/ROOT`, `hops`, `compact_finality_update`.
   */
  readonly url: string
  /** Bodies as they are served, for who is fed by hand. */
  readonly bootstrap: Uint8Array
  readonly updates: readonly Uint8Array[]
  /** Slot of the newest finalized header: what everybody must arrive at. */
  readonly finalizedSlot: number
  /** Bytes of bodies served since the last call. */
  takeServed(): number
  close(): Promise<void>
}

export async function startSyncJob(engines: Engines): Promise<SyncJob> {
  const profile = PROFILES.mainnet!
  const { hashes, merkle } = engines
  const bootstrapSsz = vectorBytes(DENEB_BOOTSTRAP)
  const recorded = vectorBytes(DENEB_UPDATES)
  const bootstrap = withDigest(profile, BOOTSTRAP_SLOT, bootstrapSsz, hashes)
  const updates = splitUpdates(recorded)
  const checkpoint = toHex(beaconRoot(decodeBootstrap(bootstrap, profile, hashes).header, merkle))
  const [before, last] = updates.slice(-2).map((bytes) => decodeUpdate(bytes, profile, hashes))
  const { format } = rulesAtSlot(profile, last!.attested_header.beacon.slot)
  const finality = lightClientTypes(profile.preset, format).LightClientFinalityUpdate.serialize(last!)

  const plain = async (request: EvidenceRequest) => {
    if (request.type === 'bootstrap') return bootstrap
    if (request.type !== 'updates') return new Uint8Array(0)
    const from = request.startPeriod - FIRST_PERIOD
    return joinUpdates(updates.slice(Math.max(0, from), Math.max(0, from + request.count)))
  }
  const compact = compactEvidence({ profile, engines, plain, checkpoint })
  const { signal } = new AbortController()
  const prepared: Record<string, Uint8Array> = {
    [`compact_bootstrap/${checkpoint}`]: await compact.answer({ type: 'compact_bootstrap', root: checkpoint }, signal),
    hops: await compact.answer({ type: 'hops', startPeriod: FIRST_PERIOD, count: PERIODS }, signal),
    compact_finality_update: produceCompactFinalityUpdate(last!, before!.next_sync_committee.pubkeys, profile, engines),
  }
  let served = 0
  const bodyOf = (path: string, query: URLSearchParams) => {
    if (path === `bootstrap/${checkpoint}`) return { body: bootstrapSsz, version: format }
    if (path === 'finality_update') return { body: finality, version: format }
    if (path === 'updates') return { body: updateRange(recorded, FIRST_PERIOD, query) }
    const beyond = path === 'hops' && Number(query.get('start_period')) !== FIRST_PERIOD
    return prepared[path] && !beyond ? { body: prepared[path] } : null
  }
  const server = await replayBeacon({
    answer(path, query) {
      const answer = bodyOf(path, query)
      served += answer?.body.length ?? 0
      return answer
    },
  })
  return {
    profile,
    checkpoint,
    clock: clockAt(timeOfSlot(profile, (FIRST_PERIOD + PERIODS) * 8192)),
    url: server.url,
    bootstrap,
    updates,
    finalizedSlot: last!.finalized_header.beacon.slot,
    takeServed() {
      const bytes = served
      served = 0
      return bytes
    },
    close: server.close,
  }
}
