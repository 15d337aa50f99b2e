import { expect, test } from 'vitest'
import { blobBaseFee, blobParametersAt, nextBlobBaseFee } from './blob-fee.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { timeOfSlot } from './forks.ts'
import type { NetworkProfile } from './profile.ts'
import { PROFILES } from './profiles.ts'

const { mainnet, gnosis } = PROFILES as { mainnet: NetworkProfile; gnosis: NetworkProfile }
const at = (profile: NetworkProfile, epoch: number) =>
  BigInt(timeOfSlot(profile, epoch * profile.preset.SLOTS_PER_EPOCH) / 1000)

test.each([
  ['before Cancun', 269_567, null],
  ['Cancun (EIP-4844)', 269_568, [3, 6, 3_338_477n, false]],
  ['Prague (EIP-7691)', 364_032, [6, 9, 5_007_716n, false]],
  ['Osaka', 411_392, [6, 9, 5_007_716n, true]],
  ['BPO1', 412_672, [10, 15, 8_346_193n, true]],
  ['BPO2', 419_072, [14, 21, 11_684_671n, true]],
] as const)('mainnet parameters: %s', (_name, epoch, expected) => {
  const parameters = blobParametersAt(mainnet, at(mainnet, epoch))
  expect(
    parameters && [
      parameters.targetBlobs,
      parameters.maxBlobs,
      parameters.baseFeeUpdateFraction,
      parameters.reservePrice,
    ],
  ).toEqual(expected)
})

// As the chain specifications of its execution clients have it (Nethermind, Erigon): eip4844MinBlobGasPrice 0x3b9aca00.
test.each([
  ['Cancun', 889_856],
  ['Prague', 1_337_856],
  ['Osaka', 1_714_688],
])('Gnosis has one blob in two, and a higher floor: %s', (_name, epoch) => {
  const timestamp = at(gnosis, epoch)
  expect(blobParametersAt(gnosis, timestamp)).toMatchObject({
    targetBlobs: 1,
    maxBlobs: 2,
    baseFeeUpdateFraction: 1_112_826n,
  })
  expect(blobBaseFee({ excessBlobGas: 0n, timestamp }, gnosis)).toBe(1_000_000_000n)
})

test('the next price: down to the least, up with full blocks, and bounded by execution gas since Osaka', () => {
  const header = (epoch: number, excessBlobGas: bigint, blobGasUsed: bigint, baseFeePerGas: bigint) =>
    ({ timestamp: at(mainnet, epoch), excessBlobGas, blobGasUsed, baseFeePerGas }) as ExecutionHeader
  expect(nextBlobBaseFee(header(364_032, 0n, 131_072n, 7n), mainnet)).toBe(1n)
  const fraction = 5_007_716n
  // e^10 and e^(10 + three blobs over the target)
  const excess = 10n * fraction
  expect(blobBaseFee(header(364_032, excess, 0n, 7n), mainnet)).toBe(22_026n)
  expect(nextBlobBaseFee(header(364_032, excess, 9n * 131_072n, 7n), mainnet)).toBe(
    BigInt(Math.floor(Math.exp(Number(excess + 3n * 131_072n) / Number(fraction)))),
  )
  // EIP-7918: with execution gas this dear, an empty block does not let the price fall.
  expect(nextBlobBaseFee(header(411_392, excess, 0n, 10n ** 9n), mainnet)).toBe(22_026n)
  expect(nextBlobBaseFee(header(411_392, excess, 0n, 1n), mainnet)).toBeLessThan(22_026n)
})
