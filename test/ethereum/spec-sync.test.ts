/** The official `light_client/sync` cases (consensus-specs tests, minimal preset), step by step. */
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { LightClientHeader } from '@glowworm/light-client/ledgers/ethereum/data'
import {
  FORK_NAMES,
  type ForkName,
  type NetworkProfile,
  PRESETS,
} from '@glowworm/light-client/ledgers/ethereum/profile'
import { beaconRoot, get_lc_execution_root } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import { initialize_light_client_store } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/initialize'
import {
  process_light_client_store_force_update,
  process_light_client_update,
} from '@glowworm/light-client/ledgers/ethereum/sync-protocol/process'
import type { LightClientStore } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/store'
import { decodeBootstrap, decodeUpdate } from '@glowworm/light-client/ledgers/ethereum/wire'
import { uncompress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ENGINES } from '../engines.ts'
import { describeVectors, vectorBytes, vectorNames, vectorText } from '../vectors.ts'

const FOLDER = 'eth-lightclient/spec-minimal-sync'

interface Check {
  slot: string
  beacon_root: string
  execution_root: string
}
interface Step {
  process_update?: { update_fork_digest: string; update: string; current_slot: string; checks: Checks }
  force_update?: { current_slot: string; checks: Checks }
  upgrade_store?: { store_fork_digest: string; checks: Checks }
}
interface Checks {
  finalized_header: Check
  optimistic_header: Check
}

describeVectors('consensus-specs light_client/sync', () => {
  describe.each(ENGINES)('%s', (_, load) => {
    for (const fork of vectorNames(FOLDER))
      for (const name of vectorNames(`${FOLDER}/${fork}`))
        it(`${fork} ${name}`, async () => {
          const folder = `${FOLDER}/${fork}/${name}`
          const yaml = <T>(file: string) => parse(vectorText(`${folder}/${file}`), { schema: 'failsafe' }) as T
          const meta = yaml<Record<string, string>>('meta.yaml')
          const profile = profileOf(yaml('config.yaml'), meta.genesis_validators_root!)
          const engines = await load()
          const object = (file: string, digest: string) => {
            const ssz = new Uint8Array(uncompress(vectorBytes(`${folder}/${file}.ssz_snappy`)))
            return Uint8Array.from([...fromHex(digest, 'digest', 4), ...ssz])
          }
          const bootstrap = decodeBootstrap(object('bootstrap', meta.bootstrap_fork_digest!), profile, engines.hashes)
          let store = initialize_light_client_store(
            fromHex(meta.trusted_block_root, 'root', 32),
            bootstrap,
            profile,
            engines,
          )
          const expectHeader = (header: LightClientHeader, check: Check) => {
            expect(header.beacon.slot).toBe(Number(check.slot))
            expect(toHex(beaconRoot(header, engines.merkle))).toBe(check.beacon_root)
            expect(toHex(get_lc_execution_root(header, profile, engines.merkle))).toBe(check.execution_root)
          }
          const steps = yaml<Step[]>('steps.yaml')
          expect(steps.length).toBeGreaterThan(0)
          for (const step of steps) {
            store = take(step, store)
            const { checks } = (step.process_update ?? step.force_update ?? step.upgrade_store)!
            expectHeader(store.finalized_header, checks.finalized_header)
            expectHeader(store.optimistic_header, checks.optimistic_header)
          }
          function take(step: Step, before: LightClientStore): LightClientStore {
            if (step.force_update)
              return process_light_client_store_force_update(before, Number(step.force_update.current_slot), profile)
            if (!step.process_update) return before // upgrades need no rewriting of the store: headers keep their layout
            const { update, update_fork_digest, current_slot } = step.process_update
            const value = decodeUpdate(object(update, update_fork_digest), profile, engines.hashes)
            return process_light_client_update(before, value, Number(current_slot), profile, engines)
          }
        })
  })
})

function profileOf(config: Record<string, string>, validatorsRoot: string): NetworkProfile {
  const forks = FORK_NAMES.flatMap((name: ForkName) => {
    const epoch = config[`${name.toUpperCase()}_FORK_EPOCH`]
    const version = config[`${name.toUpperCase()}_FORK_VERSION`] as `0x${string}`
    return epoch === undefined || Number(epoch) > Number.MAX_SAFE_INTEGER
      ? []
      : [{ name, epoch: Number(epoch), version }]
  })
  return {
    name: 'spec-minimal',
    family: 'ethereum',
    chainId: 1,
    symbol: 'ETH',
    preset: PRESETS.minimal,
    secondsPerSlot: 6,
    genesis: { time: 0, validatorsRoot: validatorsRoot as `0x${string}` },
    forks,
    blobSchedule: [],
    sources: { beacon: [], execution: [], peers: [] },
  }
}
