/** `/eth/v1/config/*`: the constants of this chain in the words of the Beacon API. @module */
import type { ForkActivation } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { BeaconChain } from '../beacon/chain.ts'
import { PRESET, SLOTS_PER_HISTORICAL_ROOT, SLOTS_PER_PERIOD } from '../forks.ts'

const FAR_FUTURE_EPOCH = '18446744073709551615'
const SCHEDULED = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas'] as const

export function specJson(served: { chain: BeaconChain; chainId: number; secondsPerSlot: number }) {
  const { forks, blobSchedule } = served.chain.schedule
  const forkKeys = SCHEDULED.flatMap((name, i) => {
    const fork = forks.find((candidate) => candidate.name === name)
    const prefix = name.toUpperCase()
    return [
      [`${prefix}_FORK_VERSION`, fork?.version ?? `0x0${i + 1}000001`],
      [`${prefix}_FORK_EPOCH`, fork ? String(fork.epoch) : FAR_FUTURE_EPOCH],
    ]
  })
  return {
    CONFIG_NAME: 'glowworm-devnet',
    PRESET_BASE: 'minimal',
    DEPOSIT_CHAIN_ID: String(served.chainId),
    DEPOSIT_NETWORK_ID: String(served.chainId),
    SECONDS_PER_SLOT: String(served.secondsPerSlot),
    SLOT_DURATION_MS: String(served.secondsPerSlot * 1000),
    SLOTS_PER_EPOCH: String(PRESET.SLOTS_PER_EPOCH),
    SLOTS_PER_HISTORICAL_ROOT: String(SLOTS_PER_HISTORICAL_ROOT),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: String(PRESET.EPOCHS_PER_SYNC_COMMITTEE_PERIOD),
    SYNC_COMMITTEE_SIZE: String(PRESET.SYNC_COMMITTEE_SIZE),
    MIN_SYNC_COMMITTEE_PARTICIPANTS: '1',
    UPDATE_TIMEOUT: String(SLOTS_PER_PERIOD),
    MAX_REQUEST_LIGHT_CLIENT_UPDATES: '128',
    MAX_BLOBS_PER_BLOCK_ELECTRA: '9',
    DOMAIN_SYNC_COMMITTEE: '0x07000000',
    GENESIS_FORK_VERSION: '0x00000001',
    ...Object.fromEntries(forkKeys),
    BLOB_SCHEDULE: blobSchedule.map(({ epoch, maxBlobs }) => ({
      EPOCH: String(epoch),
      MAX_BLOBS_PER_BLOCK: String(maxBlobs),
    })),
  }
}

export function forkScheduleJson(forks: readonly ForkActivation[]) {
  return forks.map(({ version, epoch }, i) => ({
    previous_version: forks[i - 1]?.version ?? version,
    current_version: version,
    epoch: String(epoch),
  }))
}
