/** EIP-191 version 0x45: what `personal_sign` signs. */

import type { Hex } from '@glowworm/light-client'
import { concatBytes, toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'

/** keccak256("\x19Ethereum Signed Message:\n" ‖ decimal length ‖ message) */
export function personalMessageDigest(message: Uint8Array, keccak256: (data: Uint8Array) => Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`)
  return keccak256(concatBytes(prefix, message))
}

/** r ‖ s ‖ v with v = 27 or 28, as JSON-RPC gives it. */
export function signPersonalMessage(
  message: Uint8Array,
  secretKey: Uint8Array,
  engines: Pick<Engines, 'hashes' | 'secp256k1'>,
): Hex {
  const signature = engines.secp256k1.sign(personalMessageDigest(message, engines.hashes.keccak256), secretKey)
  signature[64]! += 27
  return toHex(signature)
}

/** The message as a person can read it: valid UTF-8 without control or direction-changing characters, else null. */
export function readableText(message: Uint8Array): string | null {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(message)
  } catch {
    return null
  }
  return /[\p{Cc}\p{Co}\p{Cn}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(
    text.replace(/[\t\n]|\r\n/g, ''),
  )
    ? null
    : text
}
