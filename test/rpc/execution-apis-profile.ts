import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'

/** The chain of the execution APIs' test suite: its forks by time, in epochs of ten seconds. */
export const EXECUTION_APIS = parseProfile({
  name: 'execution-apis',
  family: 'ethereum',
  chainId: 3503995874084926,
  preset: { SLOTS_PER_EPOCH: 1, EPOCHS_PER_SYNC_COMMITTEE_PERIOD: 8, SYNC_COMMITTEE_SIZE: 32 },
  secondsPerSlot: 10,
  genesis: { time: 0, validatorsRoot: `0x${'00'.repeat(32)}` },
  forks: [
    ['altair', 0],
    ['bellatrix', 36],
    ['capella', 39],
    ['deneb', 42],
    ['electra', 45],
    ['fulu', 48],
  ].map(([name, epoch], i) => ({ name, epoch, version: `0x0${i + 1}000000` })),
  blobSchedule: [
    { epoch: 51, maxBlobs: 15 },
    { epoch: 54, maxBlobs: 21 },
  ],
})
