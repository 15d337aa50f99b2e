/** EIP-191 version 0x45: what `personal_sign` signs. */
import { concatBytes } from '@glowworm/light-client/data/hex'

/** keccak256("\x19Ethereum Signed Message:\n" ‖ decimal length ‖ message) */
export function personalMessageDigest(message: Uint8Array, keccak256: (data: Uint8Array) => Uint8Array): Uint8Array {
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`)
  return keccak256(concatBytes(prefix, message))
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
