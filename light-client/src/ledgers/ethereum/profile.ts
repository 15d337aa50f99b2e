/**
 * The network profile: everything that distinguishes one Ethereum network from another, as one JSON file.
 * Schema and an example: docs/network-profile.md.
 * @module
 */
import { InvalidInput } from '../../errors.ts'
import type { Hex } from './evidence.ts'

export const FORK_NAMES = ['altair', 'bellatrix', 'capella', 'deneb', 'electra', 'fulu', 'gloas'] as const
export type ForkName = (typeof FORK_NAMES)[number]

/** Preset parameters (consensus-specs presets/). */
export interface Preset {
  readonly SLOTS_PER_EPOCH: number
  readonly EPOCHS_PER_SYNC_COMMITTEE_PERIOD: number
  readonly SYNC_COMMITTEE_SIZE: number
}

export const PRESETS: Record<'mainnet' | 'minimal', Preset> = {
  mainnet: { SLOTS_PER_EPOCH: 32, EPOCHS_PER_SYNC_COMMITTEE_PERIOD: 256, SYNC_COMMITTEE_SIZE: 512 },
  minimal: { SLOTS_PER_EPOCH: 8, EPOCHS_PER_SYNC_COMMITTEE_PERIOD: 8, SYNC_COMMITTEE_SIZE: 32 },
}

export interface ForkActivation {
  readonly name: ForkName
  readonly epoch: number
  /** 4 bytes. */
  readonly version: Hex
}

export interface BlobScheduleEntry {
  readonly epoch: number
  readonly maxBlobs: number
  /** Absent: two thirds of the most. */
  readonly targetBlobs?: number
  /** Of the execution layer's price of blob gas (EIP-7892). Absent: the one that all networks have used for this many blobs. */
  readonly baseFeeUpdateFraction?: number
}

export interface NetworkProfile {
  readonly name: string
  readonly family: 'ethereum'
  readonly chainId: number
  /** Symbol of the native coin. */
  readonly symbol: string
  readonly preset: Preset
  readonly secondsPerSlot: number
  readonly genesis: { readonly time: number; readonly validatorsRoot: Hex }
  /** Ascending by epoch; the first is the fork the sync protocol starts with (altair or later). */
  readonly forks: readonly ForkActivation[]
  /** Blob-parameter-only forks from Fulu on (EIP-7892), ascending; they change the fork digest. */
  readonly blobSchedule: readonly BlobScheduleEntry[]
  /** wei; least price of a unit of blob gas (EIP-4844). Absent: 1. */
  readonly minBaseFeePerBlobGas?: number
  /** Days a checkpoint may be old. Absent: the fork's weak-subjectivity period. */
  readonly maxCheckpointAgeDays?: number
  /** A block root to start from, where the profile's author vouches for one. */
  readonly checkpoint?: Hex
  readonly sources: {
    readonly beacon: readonly string[]
    readonly execution: readonly string[]
    readonly peers: readonly string[]
  }
  /** URL of a faucet that takes POST {"address": hex}; test networks only. */
  readonly faucet?: string
  /** The registry of did:ethr (ERC-1056), where it is not one of those that everybody knows. */
  readonly didRegistry?: Hex
  /** What wallets want to know besides, as it stands in the file: they read it for themselves. */
  readonly wallet?: unknown
}

/** Reads a profile. @throws {InvalidInput} naming the field. */
export function parseProfile(json: unknown): NetworkProfile {
  const top = record(json, 'profile')
  const preset =
    top.preset === 'mainnet' || top.preset === 'minimal'
      ? PRESETS[top.preset]
      : parsePreset(record(top.preset, 'preset'))
  const genesis = record(top.genesis, 'genesis')
  const sources = top.sources === undefined ? {} : record(top.sources, 'sources')
  const forks = list(top.forks, 'forks').map((entry, i) => parseFork(record(entry, `forks[${i}]`), i))
  forks.forEach((fork, i) => {
    const before = forks[i - 1]
    if (!before) return
    if (fork.epoch < before.epoch)
      throw new InvalidInput(`forks[${i}].epoch`, 'must not be earlier than the fork before')
    if (FORK_NAMES.indexOf(fork.name) <= FORK_NAMES.indexOf(before.name))
      throw new InvalidInput(`forks[${i}].name`, 'forks must be in order')
  })
  const blobSchedule = (top.blobSchedule === undefined ? [] : list(top.blobSchedule, 'blobSchedule')).map(
    (entry, i) => {
      const item = record(entry, `blobSchedule[${i}]`)
      return {
        epoch: integer(item.epoch, `blobSchedule[${i}].epoch`),
        maxBlobs: integer(item.maxBlobs, `blobSchedule[${i}].maxBlobs`),
        ...optional(item, 'targetBlobs', `blobSchedule[${i}]`),
        ...optional(item, 'baseFeeUpdateFraction', `blobSchedule[${i}]`),
      }
    },
  )
  blobSchedule.forEach(({ epoch }, i) => {
    const before = blobSchedule[i - 1]
    if (before && epoch <= before.epoch)
      throw new InvalidInput(`blobSchedule[${i}].epoch`, 'must be later than the entry before')
  })
  if (forks.length === 0) throw new InvalidInput('forks', 'expected at least one fork')
  if (top.family !== 'ethereum') throw new InvalidInput('family', 'expected "ethereum"')
  return {
    name: text(top.name, 'name'),
    family: 'ethereum',
    chainId: atLeastOne(top.chainId, 'chainId'),
    symbol: top.symbol === undefined ? 'ETH' : text(top.symbol, 'symbol'),
    preset,
    secondsPerSlot: atLeastOne(top.secondsPerSlot, 'secondsPerSlot'),
    genesis: {
      time: integer(genesis.time, 'genesis.time'),
      validatorsRoot: hex(genesis.validatorsRoot, 32, 'genesis.validatorsRoot'),
    },
    forks,
    blobSchedule,
    ...optional(top, 'minBaseFeePerBlobGas', 'profile'),
    ...(top.maxCheckpointAgeDays === undefined
      ? {}
      : { maxCheckpointAgeDays: positive(top.maxCheckpointAgeDays, 'maxCheckpointAgeDays') }),
    ...(top.checkpoint === undefined ? {} : { checkpoint: hex(top.checkpoint, 32, 'checkpoint') }),
    sources: {
      beacon: urls(sources.beacon, 'sources.beacon'),
      execution: urls(sources.execution, 'sources.execution'),
      peers: urls(sources.peers, 'sources.peers'),
    },
    ...(top.faucet === undefined ? {} : { faucet: text(top.faucet, 'faucet') }),
    ...(top.didRegistry === undefined ? {} : { didRegistry: hex(top.didRegistry, 20, 'didRegistry') }),
    wallet: top.wallet,
  }
}

function parsePreset(value: Record<string, unknown>): Preset {
  const preset = {
    SLOTS_PER_EPOCH: integer(value.SLOTS_PER_EPOCH, 'preset.SLOTS_PER_EPOCH'),
    EPOCHS_PER_SYNC_COMMITTEE_PERIOD: integer(
      value.EPOCHS_PER_SYNC_COMMITTEE_PERIOD,
      'preset.EPOCHS_PER_SYNC_COMMITTEE_PERIOD',
    ),
    SYNC_COMMITTEE_SIZE: integer(value.SYNC_COMMITTEE_SIZE, 'preset.SYNC_COMMITTEE_SIZE'),
  }
  for (const [name, number] of Object.entries(preset))
    if (number === 0 || number > 65_536) throw new InvalidInput(`preset.${name}`, 'expected a number from 1 to 65536')
  const size = preset.SYNC_COMMITTEE_SIZE
  if (size % 8 !== 0 || (size & (size - 1)) !== 0 || size > 65536)
    throw new InvalidInput('preset.SYNC_COMMITTEE_SIZE', 'expected a power of two from 8 to 65536')
  return preset
}

function parseFork(value: Record<string, unknown>, i: number): ForkActivation {
  const name = FORK_NAMES.find((fork) => fork === value.name)
  if (!name)
    throw new InvalidInput(`forks[${i}].name`, `expected one of ${FORK_NAMES.join(', ')}, got ${String(value.name)}`)
  return {
    name,
    epoch: integer(value.epoch, `forks[${i}].epoch`),
    version: hex(value.version, 4, `forks[${i}].version`),
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInput(what, 'expected an object')
  return value as Record<string, unknown>
}
function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new InvalidInput(what, 'expected a list')
  return value
}
function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value.length === 0) throw new InvalidInput(what, 'expected a non-empty text')
  return value
}
function integer(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw new InvalidInput(what, 'expected a whole number of at least 0')
  return value as number
}
function atLeastOne(value: unknown, what: string): number {
  if (integer(value, what) < 1) throw new InvalidInput(what, 'expected a whole number of at least 1')
  return value as number
}
function optional<K extends string>(value: Record<string, unknown>, name: K, what: string): { [P in K]?: number } {
  return value[name] === undefined
    ? {}
    : ({ [name]: atLeastOne(value[name], `${what}.${name}`) } as { [P in K]: number })
}
function positive(value: unknown, what: string): number {
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value))
    throw new InvalidInput(what, 'expected a number > 0')
  return value
}
function hex(value: unknown, bytes: number, what: string): Hex {
  if (typeof value !== 'string' || !new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(value))
    throw new InvalidInput(what, `expected 0x and ${bytes * 2} hex digits`)
  return value.toLowerCase() as Hex
}
function urls(value: unknown, what: string): string[] {
  return value === undefined ? [] : list(value, what).map((entry, i) => text(entry, `${what}[${i}]`))
}
