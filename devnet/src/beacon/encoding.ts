/** Light-client objects as JSON and SSZ, in the forms of the Beacon API. @module */
import type { DevnetFork } from '../forks.ts'
import type { ForkTypes } from './fork-types.ts'
import { typesOf } from './fork-types.ts'

export const LIGHT_CLIENT_TYPES = {
  bootstrap: 'LightClientBootstrap',
  updates: 'LightClientUpdate',
  finality_update: 'LightClientFinalityUpdate',
  optimistic_update: 'LightClientOptimisticUpdate',
} as const satisfies Record<string, keyof ForkTypes>

export type LightClientResource = keyof typeof LIGHT_CLIENT_TYPES

/** The codec of one fork's object. The union of value types is hidden: a value only ever meets its own codec. */
interface Codec {
  serialize(value: unknown): Uint8Array
  deserialize(bytes: Uint8Array): unknown
  toJson(value: unknown): unknown
  fromJson(json: unknown): unknown
}

export function codecOf(resource: LightClientResource, fork: DevnetFork): Codec {
  return typesOf(fork)[LIGHT_CLIENT_TYPES[resource]] as unknown as Codec
}

/** One element of an SSZ `updates` answer: u64le length of what follows ‖ fork digest ‖ SSZ. */
export function frameUpdate(digest: Uint8Array, ssz: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(12 + ssz.length)
  frame.writeBigUInt64LE(BigInt(4 + ssz.length), 0)
  frame.set(digest, 8)
  frame.set(ssz, 12)
  return new Uint8Array(frame)
}

/** Takes an SSZ `updates` answer apart. Used on answers of this devnet only. */
export function unframeUpdates(bytes: Uint8Array): { digest: Uint8Array; ssz: Uint8Array }[] {
  const frames: { digest: Uint8Array; ssz: Uint8Array }[] = []
  for (let offset = 0; offset < bytes.length; ) {
    const length = Number(Buffer.from(bytes.buffer, bytes.byteOffset + offset, 8).readBigUInt64LE())
    const body = bytes.subarray(offset + 8, offset + 8 + length)
    frames.push({ digest: body.slice(0, 4), ssz: body.slice(4) })
    offset += 8 + length
  }
  return frames
}
