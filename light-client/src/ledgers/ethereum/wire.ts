/** From evidence bytes to light-client objects. Bytes are copied first: what is verified can no longer change. @module */
import type { Hashes } from '@glowworm/wasm-core'
import type { SszType } from '../../data/ssz/types.ts'
import { SszError } from '../../data/ssz/types.ts'
import {
  type LightClientBootstrap,
  type LightClientFinalityUpdate,
  type LightClientOptimisticUpdate,
  type LightClientTypes,
  type LightClientUpdate,
  lightClientTypes,
} from './data.ts'
import { formatOfDigest, rulesAtSlot, type WireFormat } from './forks.ts'
import type { NetworkProfile } from './profile.ts'

export function decodeBootstrap(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): LightClientBootstrap {
  const type = typeIn(profile, (types) => types.LightClientBootstrap)
  return decodeObject(bytes, type, (value) => value.header.beacon.slot, profile, hashes).value
}

export function decodeUpdate(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): LightClientUpdate {
  return decodeObject(
    bytes,
    typeIn(profile, (types) => types.LightClientUpdate),
    attestedSlot,
    profile,
    hashes,
  ).value
}

/** A finality update as the update it abbreviates (`create_light_client_finality_update` backwards). */
export function decodeFinalityUpdate(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): LightClientUpdate {
  const type = typeIn(profile, (types) => types.LightClientFinalityUpdate)
  const { value, format } = decodeObject(bytes, type, attestedSlot, profile, hashes)
  return fromFinalityUpdate(value, profile, format)
}

/** An optimistic update as the update it abbreviates. */
export function decodeOptimisticUpdate(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): LightClientUpdate {
  const type = typeIn(profile, (types) => types.LightClientOptimisticUpdate)
  const { value, format } = decodeObject(bytes, type, attestedSlot, profile, hashes)
  return fromOptimisticUpdate(value, profile, format)
}

export function fromFinalityUpdate(
  value: LightClientFinalityUpdate,
  profile: NetworkProfile,
  format: WireFormat,
): LightClientUpdate {
  const { next_sync_committee, next_sync_committee_branch } = lightClientTypes(
    profile.preset,
    format,
  ).LightClientUpdate.zero()
  return { ...value, next_sync_committee, next_sync_committee_branch }
}

export function fromOptimisticUpdate(
  value: LightClientOptimisticUpdate,
  profile: NetworkProfile,
  format: WireFormat,
): LightClientUpdate {
  return { ...lightClientTypes(profile.preset, format).LightClientUpdate.zero(), ...value }
}

/** Splits the answer to `updates` into its single updates (u64le length ‖ digest ‖ SSZ each). @throws {SszError} */
export function splitUpdates(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < bytes.length; ) {
    if (at + 8 > bytes.length) throw new SszError('a length is cut off')
    const length = view.getBigUint64(at, true)
    if (length < 4n || length > BigInt(bytes.length - at - 8))
      throw new SszError(`an update of ${length} bytes does not fit`)
    parts.push(bytes.subarray(at + 8, at + 8 + Number(length)))
    at += 8 + Number(length)
  }
  return parts
}

/** Joins single updates into the answer to `updates`. */
export function joinUpdates(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + 8 + part.length, 0))
  const view = new DataView(out.buffer)
  let at = 0
  for (const part of parts) {
    view.setBigUint64(at, BigInt(part.length), true)
    out.set(part, at + 8)
    at += 8 + part.length
  }
  return out
}

export const attestedSlot = (value: { attested_header: { beacon: { slot: number } } }) =>
  value.attested_header.beacon.slot

const typeIn =
  <T>(profile: NetworkProfile, choose: (types: LightClientTypes) => SszType<T>) =>
  (format: WireFormat) =>
    choose(lightClientTypes(profile.preset, format))

/**
 * 4-byte fork digest ‖ SSZ, of a type that depends on the layout the digest announces.
 * @throws {SszError | UnknownForkDigest} also when the layout is not that of the object's slot
 */
export function decodeObject<T>(
  bytes: Uint8Array,
  typeOf: (format: WireFormat) => SszType<T>,
  slotOf: (value: T) => number,
  profile: NetworkProfile,
  hashes: Hashes,
): { value: T; format: WireFormat } {
  if (bytes.length < 4) throw new SszError('the fork digest is missing')
  const own = bytes.slice()
  const format = formatOfDigest(profile, own.subarray(0, 4), hashes)
  const value = typeOf(format).deserialize(own.subarray(4))
  const expected = rulesAtSlot(profile, slotOf(value)).format
  if (expected !== format) throw new SszError(`an object of the ${expected} layout came labelled as ${format}`)
  return { value, format }
}
