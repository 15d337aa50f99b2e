/** Sync committees as the chain proves them: by the root of their keys and by their aggregate key. @module */
import type { Merkle } from '@glowworm/wasm-core'
import { bytesEqual, concatBytes } from '../../../data/hex.ts'
import { bytes48, keyVector } from '../../../data/ssz/types.ts'
import type { SyncCommittee } from '../data.ts'

/**
 * A committee whose root is proven. The aggregate key and the root of the keys are all that a signature check needs
 * besides the keys of those absent, which can come with branches of their own; so the keys may not be at hand.
 */
export interface ProvenCommittee {
  /** hash_tree_root of the vector of keys. */
  readonly pubkeys_root: Uint8Array
  readonly aggregate_pubkey: Uint8Array
  /** SYNC_COMMITTEE_SIZE keys of 48 bytes, one after another; null until they are loaded. */
  readonly pubkeys: Uint8Array | null
}

export const KEY_BYTES = 48

/** A whole committee with the root of its keys. It is proven only once its own root is. */
export function committeeOf({ pubkeys, aggregate_pubkey }: SyncCommittee, merkle: Merkle): ProvenCommittee {
  return { pubkeys_root: rootOfKeys(pubkeys, merkle), aggregate_pubkey, pubkeys }
}

/** hash_tree_root of the `SyncCommittee` container. */
export function committeeRoot(
  { pubkeys_root, aggregate_pubkey }: Omit<ProvenCommittee, 'pubkeys'>,
  merkle: Merkle,
): Uint8Array {
  return merkle.sszRoot(concatBytes(pubkeys_root, bytes48.hashTreeRoot(aggregate_pubkey, merkle)), 2)
}

export function sameCommittee(a: ProvenCommittee, b: ProvenCommittee): boolean {
  return bytesEqual(a.pubkeys_root, b.pubkeys_root) && bytesEqual(a.aggregate_pubkey, b.aggregate_pubkey)
}

/** hash_tree_root of a vector of keys. */
export function rootOfKeys(pubkeys: Uint8Array, merkle: Merkle): Uint8Array {
  return keyVector(pubkeys.length / KEY_BYTES).hashTreeRoot(pubkeys, merkle)
}
