/** Price of blob gas (EIP-4844, EIP-7691, EIP-7892, EIP-7918), derived from proven headers. Pure. @module */
import type { ExecutionHeader } from './execution-header.ts'
import { compute_epoch_at_slot, slotAt } from './forks.ts'
import { FORK_NAMES, type NetworkProfile } from './profile.ts'

export const GAS_PER_BLOB = 131_072n
/** MIN_BASE_FEE_PER_BLOB_GAS of networks that do not say otherwise. */
const USUAL_MINIMUM = 1
const BLOB_BASE_COST = 8192n

export interface BlobParameters {
  readonly targetBlobs: number
  readonly maxBlobs: number
  readonly baseFeeUpdateFraction: bigint
  /** Whether execution gas bounds the price of blobs from below (EIP-7918, since Osaka). */
  readonly reservePrice: boolean
}

/** The parameters at a block's time. Null before Cancun. @param timestamp seconds */
export function blobParametersAt(profile: NetworkProfile, timestamp: bigint): BlobParameters | null {
  const epoch = compute_epoch_at_slot(profile, slotAt(profile, Number(timestamp) * 1000))
  const fork = profile.forks.findLast((candidate) => candidate.epoch <= epoch)?.name
  if (fork === undefined || !since(fork, 'deneb')) return null
  const scheduled = profile.blobSchedule.findLast((entry) => entry.epoch <= epoch)
  const maxBlobs = scheduled?.maxBlobs ?? (since(fork, 'electra') ? 9 : 6)
  return {
    targetBlobs: scheduled?.targetBlobs ?? (scheduled || since(fork, 'electra') ? Math.floor((maxBlobs * 2) / 3) : 3),
    maxBlobs,
    baseFeeUpdateFraction: BigInt(scheduled?.baseFeeUpdateFraction ?? usualFraction(maxBlobs)),
    reservePrice: since(fork, 'fulu'),
  }
}

/**
 * Every fraction there has been — 3,338,477 for 6 blobs, 5,007,716 for 9, 8,346,193 for 15, 11,684,671 for 21 — lets
 * the price rise by an eighth over two full blocks' worth of blobs. A profile may say otherwise.
 */
function usualFraction(maxBlobs: number): number {
  return Math.round((maxBlobs * Number(GAS_PER_BLOB)) / (2 * Math.log(1.125)))
}

function since(fork: (typeof FORK_NAMES)[number], first: (typeof FORK_NAMES)[number]): boolean {
  return FORK_NAMES.indexOf(fork) >= FORK_NAMES.indexOf(first)
}

/** `fake_exponential` of EIP-4844. */
function fake_exponential(factor: bigint, numerator: bigint, denominator: bigint): bigint {
  let output = 0n
  let accumulator = factor * denominator
  for (let i = 1n; accumulator > 0n; i++) {
    output += accumulator
    accumulator = (accumulator * numerator) / (denominator * i)
  }
  return output / denominator
}

/** wei per unit of blob gas in a block; null before Cancun. */
export function blobBaseFee(
  header: Pick<ExecutionHeader, 'excessBlobGas' | 'timestamp'>,
  profile: NetworkProfile,
): bigint | null {
  const parameters = blobParametersAt(profile, header.timestamp)
  if (header.excessBlobGas === null || parameters === null) return null
  const minimum = BigInt(profile.minBaseFeePerBlobGas ?? USUAL_MINIMUM)
  return fake_exponential(minimum, header.excessBlobGas, parameters.baseFeeUpdateFraction)
}

/** wei per unit of blob gas in the block after this one, if no fork lies between them; null before Cancun. */
export function nextBlobBaseFee(header: ExecutionHeader, profile: NetworkProfile): bigint | null {
  const parameters = blobParametersAt(profile, header.timestamp)
  const fee = blobBaseFee(header, profile)
  const { excessBlobGas, blobGasUsed, baseFeePerGas, timestamp } = header
  if (parameters === null || fee === null || excessBlobGas === null || blobGasUsed === null) return null
  const target = BigInt(parameters.targetBlobs) * GAS_PER_BLOB
  const held = excessBlobGas + blobGasUsed
  const reserved = parameters.reservePrice && BLOB_BASE_COST * (baseFeePerGas ?? 0n) > GAS_PER_BLOB * fee
  const { maxBlobs, targetBlobs } = parameters
  const excess =
    held < target
      ? 0n
      : reserved
        ? excessBlobGas + (blobGasUsed * BigInt(maxBlobs - targetBlobs)) / BigInt(maxBlobs)
        : held - target
  return blobBaseFee({ excessBlobGas: excess, timestamp }, profile)
}
