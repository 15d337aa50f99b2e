import { InvalidArgument } from './errors.ts'
import type { PointFormat } from './slots.ts'

/** What the engines of the `Secp256k1` slot have in common: the checks of arguments, encodings of results. */

export function checkSecp256k1Length(argument: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new InvalidArgument(argument, `expected ${length} bytes, got ${bytes.length}`)
}

export function checkPublicKeyLength(publicKey: Uint8Array): void {
  if (publicKey.length !== 33 && publicKey.length !== 65)
    throw new InvalidArgument('publicKey', `expected 33 or 65 bytes, got ${publicKey.length}`)
}

export function checkPointFormat(format: PointFormat): void {
  if (format !== 'x' && format !== 'compressed' && format !== 'uncompressed')
    throw new InvalidArgument('format', `expected "x", "compressed" or "uncompressed", got ${JSON.stringify(format)}`)
}

export const NO_POINT = 'encodes no point of the curve'

/**
 * The message is hashed twice. Were it to change in between (shared memory), one nonce would answer two challenges, and
 * that gives the key away: so it is copied.
 */
export const copyMessage = (message: Uint8Array): Uint8Array => Uint8Array.from(message)

/** A fresh array with the wanted part of an uncompressed point. */
export function encodePoint(uncompressed: Uint8Array, format: PointFormat): Uint8Array {
  if (format === 'uncompressed') return uncompressed.slice()
  const x = uncompressed.slice(1, 33)
  if (format === 'x') return x
  const compressed = new Uint8Array(33)
  compressed[0] = 2 + (uncompressed[64]! & 1)
  compressed.set(x, 1)
  x.fill(0)
  return compressed
}
