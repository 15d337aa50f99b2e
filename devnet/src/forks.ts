/** The fork schedule: which fork rules at an epoch, its version and its digest. @module */
import { createHash } from 'node:crypto'
import { FORK_NAMES, type ForkActivation, PRESETS, type Preset } from '@glowworm/light-client/ledgers/ethereum/profile'
import { InvalidOption } from './errors.ts'

export const PRESET: Preset = PRESETS.minimal
export const SLOTS_PER_PERIOD = PRESET.SLOTS_PER_EPOCH * PRESET.EPOCHS_PER_SYNC_COMMITTEE_PERIOD
/** Slots in `state.block_roots` under the minimal preset (SLOTS_PER_HISTORICAL_ROOT). */
export const SLOTS_PER_HISTORICAL_ROOT = 64

/** Forks whose light-client data carry execution proofs. */
export const DEVNET_FORKS = ['capella', 'deneb', 'electra', 'fulu', 'gloas'] as const
export type DevnetFork = (typeof DEVNET_FORKS)[number]

export interface BlobParameters {
  readonly epoch: number
  readonly maxBlobs: number
}

/** What fork digests and signing domains depend on. */
export interface ForkSchedule {
  readonly forks: readonly ForkActivation[]
  readonly blobSchedule: readonly BlobParameters[]
  readonly genesisValidatorsRoot: Uint8Array
}

/**
 * Completes a schedule: forks not named activate together with the next named one, as real configurations do.
 * `{ capella: 0, electra: 4 }` puts altair and bellatrix at 0 and deneb at 4. Versions are those of the minimal preset.
 * @throws {InvalidOption} where the first fork is not at epoch 0 or the order is wrong
 */
export function scheduleForks(named: Partial<Record<DevnetFork, number>>): readonly ForkActivation[] {
  const forks: ForkActivation[] = []
  let next: number | undefined
  for (let i = FORK_NAMES.length - 1; i >= 0; i--) {
    const name = FORK_NAMES[i]!
    const epoch = isDevnetFork(name) ? named[name] : undefined
    if (epoch !== undefined) {
      if (!Number.isSafeInteger(epoch) || epoch < 0) throw new InvalidOption(`forks.${name}`, 'expected an epoch ≥ 0')
      if (next !== undefined && epoch > next)
        throw new InvalidOption(`forks.${name}`, `epoch ${epoch} is later than the fork that follows (${next})`)
      next = epoch
    }
    if (next !== undefined) forks.unshift({ name, epoch: next, version: `0x0${i + 1}000001` })
  }
  if (forks.length === 0) throw new InvalidOption('forks', `expected at least one of ${DEVNET_FORKS.join(', ')}`)
  if (forks[0]?.epoch !== 0) throw new InvalidOption('forks', 'the earliest fork must be at epoch 0')
  return forks
}

/** Reads `electra:0,fulu:30`. @throws {InvalidOption} */
export function parseForks(text: string): Partial<Record<DevnetFork, number>> {
  const forks: Partial<Record<DevnetFork, number>> = {}
  for (const part of text.split(',')) {
    const [name = '', epoch = ''] = part.split(':')
    if (!isDevnetFork(name) || !/^\d+$/.test(epoch))
      throw new InvalidOption('forks', `expected name:epoch of ${DEVNET_FORKS.join(', ')}, got "${part}"`)
    forks[name] = Number(epoch)
  }
  scheduleForks(forks)
  return forks
}

export function isDevnetFork(name: string): name is DevnetFork {
  return (DEVNET_FORKS as readonly string[]).includes(name)
}

/** The fork that rules at `epoch`: the last activated one. */
export function forkAtEpoch(forks: readonly ForkActivation[], epoch: number): ForkActivation & { name: DevnetFork } {
  const fork = forks.findLast((candidate) => candidate.epoch <= epoch)
  if (!fork || !isDevnetFork(fork.name)) throw new InvalidOption('forks', `no fork of this devnet rules at ${epoch}`)
  return { ...fork, name: fork.name }
}

export const epochOf = (slot: number) => Math.floor(slot / PRESET.SLOTS_PER_EPOCH)
export const periodOf = (slot: number) => Math.floor(slot / SLOTS_PER_PERIOD)

/** compute_fork_data_root (phase0). */
export function forkDataRoot(version: string, genesisValidatorsRoot: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(32)
  chunk.set(bytesOf(version))
  return sha256(chunk, genesisValidatorsRoot)
}

/** compute_fork_digest: from Fulu on masked with the blob parameters in force (EIP-7892). */
export function forkDigest(schedule: ForkSchedule, epoch: number): Uint8Array {
  const fork = schedule.forks.findLast((candidate) => candidate.epoch <= epoch)
  if (!fork) throw new InvalidOption('forks', `no fork at epoch ${epoch}`)
  const digest = forkDataRoot(fork.version, schedule.genesisValidatorsRoot).slice(0, 4)
  if (FORK_NAMES.indexOf(fork.name) < FORK_NAMES.indexOf('fulu')) return digest
  const blobs = blobParametersAt(schedule, epoch)
  const packed = Buffer.alloc(16)
  packed.writeBigUInt64LE(BigInt(blobs.epoch), 0)
  packed.writeBigUInt64LE(BigInt(blobs.maxBlobs), 8)
  const mask = sha256(packed)
  return digest.map((byte, i) => byte ^ mask[i]!)
}

/** get_blob_parameters (fulu): the last entry of the schedule, else what Electra fixed. */
function blobParametersAt(schedule: ForkSchedule, epoch: number): BlobParameters {
  const entry = schedule.blobSchedule.findLast((candidate) => candidate.epoch <= epoch)
  if (entry) return entry
  const electra = schedule.forks.find((fork) => fork.name === 'electra')
  return { epoch: electra?.epoch ?? 0, maxBlobs: 9 }
}

/** compute_domain(DOMAIN_SYNC_COMMITTEE, version, genesis_validators_root). */
export function syncCommitteeDomain(version: string, genesisValidatorsRoot: Uint8Array): Uint8Array {
  const domain = new Uint8Array(32)
  domain[0] = 7
  domain.set(forkDataRoot(version, genesisValidatorsRoot).subarray(0, 28), 4)
  return domain
}

export function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

export const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'))
export const hexOf = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
