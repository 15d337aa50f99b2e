import { InvalidArgument } from './errors.ts'
import type { Hashes } from './slots.ts'

/** BIP-340 `tagged_hash`: SHA-256(SHA-256(tag) ‖ SHA-256(tag) ‖ parts …), 32 bytes. */
export function taggedHash(
  { sha256 }: Pick<Hashes, 'sha256'>,
  tag: string,
  ...parts: readonly Uint8Array[]
): Uint8Array {
  const prefix = sha256(new TextEncoder().encode(tag))
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 64))
  bytes.set(prefix, 0)
  bytes.set(prefix, 32)
  let at = 64
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return sha256(bytes)
}

/**
 * The tweak of a taproot output (BIP-341): `hash_TapTweak` of the x-only internal key and, when there are scripts, the
 * root of their tree (32 bytes each).
 */
export function taprootTweak(
  hashes: Pick<Hashes, 'sha256'>,
  internalKey: Uint8Array,
  merkleRoot: Uint8Array | null,
): Uint8Array {
  if (internalKey.length !== 32)
    throw new InvalidArgument('internalKey', `expected 32 bytes, got ${internalKey.length}`)
  if (merkleRoot && merkleRoot.length !== 32)
    throw new InvalidArgument('merkleRoot', `expected 32 bytes, got ${merkleRoot.length}`)
  return taggedHash(hashes, 'TapTweak', internalKey, ...(merkleRoot ? [merkleRoot] : []))
}
