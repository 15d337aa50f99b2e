/** What the EVM sees of the block, and which rules hold in it; all of it from a proven header. @module */
import { toHex } from '../data/hex.ts'
import { GlowwormError, InvalidInput } from '../errors.ts'
import { blobBaseFee } from '../ledgers/ethereum/blob-fee.ts'
import type { BlockOverrides } from '../ledgers/ethereum/call-claims.ts'
import type { ExecutionPayloadHeader } from '../ledgers/ethereum/data.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { ExecutionHeader } from '../ledgers/ethereum/execution-header.ts'
import { forkAtSlot, slotAt } from '../ledgers/ethereum/forks.ts'
import type { ForkName, NetworkProfile } from '../ledgers/ethereum/profile.ts'

/** Execution hard forks whose rules are known here. */
export type HardFork = 'paris' | 'shanghai' | 'cancun' | 'prague' | 'osaka'

const ORDER: readonly HardFork[] = ['paris', 'shanghai', 'cancun', 'prague', 'osaka']

export function isAtLeast(fork: HardFork, first: HardFork): boolean {
  return ORDER.indexOf(fork) >= ORDER.indexOf(first)
}

export interface BlockContext {
  readonly number: bigint
  readonly parentHash: Hex
  /** Seconds. */
  readonly timestamp: bigint
  readonly gasLimit: bigint
  readonly feeRecipient: Hex
  readonly prevRandao: Hex
  readonly baseFeePerGas: bigint
  readonly blobBaseFee: bigint
  readonly hardFork: HardFork
}

/** The fields of a header that the context is made of. */
export type ContextHeader = Pick<
  ExecutionHeader,
  'number' | 'parentHash' | 'timestamp' | 'gasLimit' | 'miner' | 'mixHash' | 'baseFeePerGas' | 'excessBlobGas'
>

const HARD_FORKS: Record<ForkName, HardFork | null> = {
  altair: null,
  bellatrix: 'paris',
  capella: 'shanghai',
  deneb: 'cancun',
  electra: 'prague',
  fulu: 'osaka',
  // Amsterdam changes what gas costs, and the rules at hand for it are drafts: a guess must not look proven.
  gloas: null,
}

/** @throws {UnknownForkRules} */
export function blockContext(header: ContextHeader, profile: NetworkProfile): BlockContext {
  const slot = slotAt(profile, Number(header.timestamp) * 1000)
  const { name } = forkAtSlot(profile, slot)
  const hardFork = HARD_FORKS[name]
  if (!hardFork || header.baseFeePerGas === null) throw new UnknownForkRules(name)
  return {
    number: header.number,
    parentHash: header.parentHash,
    timestamp: header.timestamp,
    gasLimit: header.gasLimit,
    feeRecipient: header.miner,
    prevRandao: header.mixHash,
    baseFeePerGas: header.baseFeePerGas,
    blobBaseFee: blobBaseFee(header, profile) ?? 0n,
    hardFork,
  }
}

/** The header as a light-client header carries it from Capella to Fulu. */
export function contextHeaderOf(execution: ExecutionPayloadHeader): ContextHeader {
  return {
    number: execution.block_number,
    parentHash: toHex(execution.parent_hash),
    timestamp: execution.timestamp,
    gasLimit: execution.gas_limit,
    miner: toHex(execution.fee_recipient),
    mixHash: toHex(execution.prev_randao),
    baseFeePerGas: execution.base_fee_per_gas,
    excessBlobGas: execution.excess_blob_gas ?? null,
  }
}

/** @throws {InvalidInput} */
export function overrideBlock(block: BlockContext, changes: BlockOverrides = {}): BlockContext {
  const { number, time, gasLimit, feeRecipient, prevRandao, baseFeePerGas, blobBaseFee } = changes
  for (const [name, value] of Object.entries({ number, time, gasLimit }))
    if (value !== undefined && (value < 0n || value >= 2n ** 64n))
      throw new InvalidInput(`blockOverrides.${name}`, 'expected a number below 2^64')
  return {
    ...block,
    ...(number === undefined ? {} : { number }),
    ...(time === undefined ? {} : { timestamp: time }),
    ...(gasLimit === undefined ? {} : { gasLimit }),
    ...(feeRecipient === undefined ? {} : { feeRecipient }),
    ...(prevRandao === undefined ? {} : { prevRandao }),
    ...(baseFeePerGas === undefined ? {} : { baseFeePerGas }),
    ...(blobBaseFee === undefined ? {} : { blobBaseFee }),
  }
}

/** Blocks of a fork under which this software cannot execute exactly as the network does. */
export class UnknownForkRules extends GlowwormError {
  constructor(fork: string) {
    super(
      { name: 'Contract.UnknownForkRules', code: 'UNKNOWN_FORK_RULES', kind: 'unprovable' },
      `calls cannot be executed on blocks of the fork ${fork}: its rules are not known exactly here`,
      { next: 'Accounts, storage and receipts can still be proven; update the software for calls.' },
    )
  }
}
