/** Gossip of the consensus network: topics, message ids, and when which fork digest is listened to. Pure. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { concatBytes, toHex } from '../../data/hex.ts'
import { compute_epoch_at_slot, compute_fork_digest, timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { lengthBounds } from './methods.ts'
import { decodeSnappyBlock } from './snappy-block.ts'

export type GossipKind = 'finality_update' | 'optimistic_update'

export const GOSSIP_KINDS: readonly GossipKind[] = ['finality_update', 'optimistic_update']

/** consensus-specs phase0/p2p-interface.md, "Topics and messages". */
const MESSAGE_DOMAIN_INVALID_SNAPPY = Uint8Array.of(0, 0, 0, 0)
const MESSAGE_DOMAIN_VALID_SNAPPY = Uint8Array.of(1, 0, 0, 0)
const MESSAGE_ID_BYTES = 20

/** Epochs before and after a change of the digest in which both topics are listened to. */
const OVERLAP_EPOCHS = 2

/** MAXIMUM_GOSSIP_CLOCK_DISPARITY, milliseconds. */
const MAXIMUM_GOSSIP_CLOCK_DISPARITY = 500

/** `/eth2/<digest>/light_client_finality_update/ssz_snappy` */
export function topicName(digest: Uint8Array, kind: GossipKind): string {
  return `/eth2/${toHex(digest).slice(2)}/light_client_${kind}/ssz_snappy`
}

/** Bytes that a message may have when decompressed: the most of any layout. */
export function maxGossipBytes({ preset }: NetworkProfile): number {
  const formats = ['altair', 'capella', 'deneb', 'electra', 'gloas'] as const
  return Math.max(...formats.flatMap((format) => GOSSIP_KINDS.map((kind) => lengthBounds(kind, preset, format).max)))
}

/**
 * The identity of a message (altair/p2p-interface.md, `message-id`): the same content is the same message however it
 * was compressed.
 */
export function messageId(topic: string, data: Uint8Array, maxBytes: number, hashes: Hashes): Uint8Array {
  const name = new TextEncoder().encode(topic)
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(name.length), true)
  const content = decompressed(data, maxBytes)
  const message = content
    ? concatBytes(MESSAGE_DOMAIN_VALID_SNAPPY, length, name, content)
    : concatBytes(MESSAGE_DOMAIN_INVALID_SNAPPY, length, name, data)
  return hashes.sha256(message).slice(0, MESSAGE_ID_BYTES)
}

/** The content of a message, or null when it is not snappy or longer than it may be. */
export function decompressed(data: Uint8Array, maxBytes: number): Uint8Array | null {
  try {
    return decodeSnappyBlock(data, maxBytes)
  } catch {
    return null
  }
}

/** All digests that the profile knows, in order of their epochs, each with the first epoch it holds for. */
export function knownDigests(profile: NetworkProfile, hashes: Hashes): { digest: Uint8Array; epoch: number }[] {
  const first = profile.forks[0]!.epoch
  const changes = [...profile.forks, ...profile.blobSchedule]
    .map(({ epoch }) => epoch)
    .filter((epoch) => epoch >= first)
  const epochs = [...new Set(changes)].sort((a, b) => a - b)
  const known = epochs.map((epoch) => ({ epoch, digest: compute_fork_digest(profile, epoch, hashes) }))
  // entries of the blob schedule before Fulu change nothing
  return known.filter(({ digest }, i) => i === 0 || toHex(digest) !== toHex(known[i - 1]!.digest))
}

/** The digests to listen to at an epoch: the present one, and its neighbours within two epochs of a change. */
export function digestsAround(profile: NetworkProfile, epoch: number, hashes: Hashes): Uint8Array[] {
  const known = knownDigests(profile, hashes)
  return known
    .filter((entry, i) => {
      const until = known[i + 1]?.epoch ?? Number.POSITIVE_INFINITY
      return entry.epoch - OVERLAP_EPOCHS <= epoch && epoch < until + OVERLAP_EPOCHS
    })
    .map(({ digest }) => digest)
}

/** Milliseconds since the epoch at which `digestsAround` may change next. */
export function nextEpochTime(profile: NetworkProfile, slot: number): number {
  const next = compute_epoch_at_slot(profile, Math.max(0, slot)) + 1
  return timeOfSlot(profile, next * profile.preset.SLOTS_PER_EPOCH)
}

/** An update is gossiped after a third of its signature slot; one that comes earlier is ignored, not judged. */
export function isTooEarly(profile: NetworkProfile, signatureSlot: number, now: number): boolean {
  const due = timeOfSlot(profile, signatureSlot) + (profile.secondsPerSlot * 1000) / 3
  return now < due - MAXIMUM_GOSSIP_CLOCK_DISPARITY
}
