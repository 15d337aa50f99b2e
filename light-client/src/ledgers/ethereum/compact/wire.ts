/** Compact evidence as bytes (docs/hops.md): version ‖ content. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { concatBytes } from '../../../data/hex.ts'
import { SszError, type SszType } from '../../../data/ssz/types.ts'
import { type WireFormat, withDigest } from '../forks.ts'
import type { NetworkProfile } from '../profile.ts'
import { attestedSlot, decodeObject } from '../wire.ts'
import {
  type CommitteeHop,
  type CompactBootstrap,
  type CompactFinalityUpdate,
  committeeHopType,
  compactBootstrapType,
  compactFinalityUpdateType,
  type HopEnd,
  hopEndType,
} from './containers.ts'
import { UnknownCompactVersion } from './errors.ts'

/** First byte of every compact answer. */
export const COMPACT_VERSION = 1

/** Most hops in one answer; with more, a liar could make a client verify for long before it finds the first lie. */
export const MAX_HOPS = 128

/** The two parts that a hop is kept in. Only the last hop of a run is sent with its end. */
export interface HopParts {
  /** SSZ CommitteeHop. */
  readonly hop: Uint8Array
  /** 4-byte fork digest ‖ SSZ HopEnd. */
  readonly end: Uint8Array
}

export function encodeHopParts(
  hop: CommitteeHop,
  end: HopEnd,
  profile: NetworkProfile,
  format: WireFormat,
  hashes: Hashes,
): HopParts {
  const { slot } = end.attested_header.beacon
  return {
    hop: committeeHopType(profile.preset).serialize(hop),
    end: withDigest(profile, slot, hopEndType(profile.preset, format).serialize(end), hashes),
  }
}

/** version ‖ (u32le length ‖ part)…: the hops in order of their periods, then the end of the last. */
export function joinHops(hops: readonly Uint8Array[], end: Uint8Array): Uint8Array {
  const framed = [...hops, end].flatMap((part) => {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, part.length, true)
    return [length, part]
  })
  return concatBytes(Uint8Array.of(COMPACT_VERSION), ...framed)
}

/** @throws {SszError | UnknownCompactVersion} */
export function splitHops(bytes: Uint8Array): { hops: Uint8Array[]; end: Uint8Array } {
  const content = contentOf(bytes)
  const view = new DataView(content.buffer, content.byteOffset, content.length)
  const parts: Uint8Array[] = []
  for (let at = 0; at < content.length; ) {
    if (at + 4 > content.length) throw new SszError('a length is cut off')
    const length = view.getUint32(at, true)
    if (length > content.length - at - 4) throw new SszError(`a part of ${length} bytes does not fit`)
    parts.push(content.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  const end = parts.pop()
  if (!end || parts.length === 0) throw new SszError('a run of hops needs a hop and its end')
  if (parts.length > MAX_HOPS) throw new SszError(`a run has ${parts.length} hops, at most ${MAX_HOPS} are allowed`)
  return { hops: parts, end }
}

export function decodeHops(
  bytes: Uint8Array,
  profile: NetworkProfile,
  hashes: Hashes,
): { hops: readonly CommitteeHop[]; end: HopEnd } {
  const { hops, end } = splitHops(bytes.slice())
  const type = committeeHopType(profile.preset)
  const endType = (format: WireFormat) => hopEndType(profile.preset, format)
  return {
    hops: hops.map((hop) => type.deserialize(hop)),
    end: decodeObject(end, endType, attestedSlot, profile, hashes).value,
  }
}

export function encodeCompactBootstrap(
  value: CompactBootstrap,
  format: WireFormat,
  profile: NetworkProfile,
  hashes: Hashes,
): Uint8Array {
  const ssz = compactBootstrapType(profile.preset, format).serialize(value)
  return versioned(withDigest(profile, value.header.beacon.slot, ssz, hashes))
}

export function decodeCompactBootstrap(bytes: Uint8Array, profile: NetworkProfile, hashes: Hashes): CompactBootstrap {
  const type = (format: WireFormat) => compactBootstrapType(profile.preset, format)
  return decodeObject(contentOf(bytes), type, (value) => value.header.beacon.slot, profile, hashes).value
}

export function encodeCompactFinalityUpdate(
  value: CompactFinalityUpdate,
  format: WireFormat,
  profile: NetworkProfile,
  hashes: Hashes,
): Uint8Array {
  const ssz = compactFinalityUpdateType(profile.preset, format).serialize(value)
  return versioned(withDigest(profile, attestedSlot(value.update), ssz, hashes))
}

export function decodeCompactFinalityUpdate(
  bytes: Uint8Array,
  profile: NetworkProfile,
  hashes: Hashes,
): { value: CompactFinalityUpdate; format: WireFormat } {
  const type = (format: WireFormat): SszType<CompactFinalityUpdate> => compactFinalityUpdateType(profile.preset, format)
  return decodeObject(contentOf(bytes), type, ({ update }) => attestedSlot(update), profile, hashes)
}

function versioned(content: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(COMPACT_VERSION), content)
}

/** A version this software does not know is a newer peer's, not a lie; another source is asked. */
function contentOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) throw new SszError('the answer is empty')
  if (bytes[0] !== COMPACT_VERSION) throw new UnknownCompactVersion(bytes[0]!)
  return bytes.subarray(1)
}
