/** A light-client object as it travels: fork digest and SSZ. What is checked here is the label, not the proof. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { bytesEqual, concatBytes, toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import {
  compute_epoch_at_slot,
  compute_fork_digest,
  formatOfDigest,
  type WireFormat,
} from '../../ledgers/ethereum/forks.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { type LightClientMethod, typeOf } from './methods.ts'

/** What a decoded object of any of the four types has. */
interface Labelled {
  readonly header?: { readonly beacon: { readonly slot: number } }
  readonly attested_header?: { readonly beacon: { readonly slot: number } }
  readonly signature_slot?: number
}

export interface LightClientObject {
  /** The canonical form of evidence: digest ‖ SSZ. */
  readonly bytes: Uint8Array
  /** Slot that decides the digest: of the header, or the attested header. */
  readonly slot: number
  /** Null in a bootstrap, which nobody signs. */
  readonly signatureSlot: number | null
}

/**
 * Joins digest and SSZ into evidence, if the digest is the one of the object's own epoch: of two digests that share a
 * layout (BPO forks) only one is right.
 * @throws {WrongForkDigest | SszError | UnknownForkDigest}
 */
export function labelObject(
  method: LightClientMethod,
  digest: Uint8Array,
  ssz: Uint8Array,
  profile: NetworkProfile,
  hashes: Hashes,
): LightClientObject {
  const value = decode(method, formatOfDigest(profile, digest, hashes), profile, ssz)
  const { slot } = (value.header ?? value.attested_header!).beacon
  const expected = compute_fork_digest(profile, compute_epoch_at_slot(profile, slot), hashes)
  if (!bytesEqual(expected, digest)) throw new WrongForkDigest(digest, expected, slot)
  return { bytes: concatBytes(digest, ssz), slot, signatureSlot: value.signature_slot ?? null }
}

function decode(method: LightClientMethod, format: WireFormat, { preset }: NetworkProfile, ssz: Uint8Array): Labelled {
  return typeOf(method, preset, format).deserialize(ssz) as Labelled
}

/** An object under a digest that belongs to another epoch than its own. */
export class WrongForkDigest extends GlowwormError {
  constructor(digest: Uint8Array, expected: Uint8Array, slot: number) {
    super(
      { name: 'Network.WrongForkDigest', code: 'WRONG_FORK_DIGEST', kind: 'lie' },
      `an object of slot ${slot} came under the fork digest ${toHex(digest)}, its own is ${toHex(expected)}`,
    )
  }
}
