/** Ethereum addresses and their checksum (EIP-55). */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import { WalletError } from '../errors.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

/** The last 20 bytes of the hash of the 64-byte public key; lower-case hex. `publicKey`: 65 bytes, uncompressed. */
export function addressOf(publicKey: Uint8Array, keccak256: Keccak256): Hex {
  return toHex(keccak256(publicKey.subarray(1)).subarray(12))
}

/** EIP-55 mixed-case form of a lower-case address. */
export function checksummed(address: Hex, keccak256: Keccak256): string {
  const digits = address.slice(2).toLowerCase()
  const hash = keccak256(new TextEncoder().encode(digits))
  let out = '0x'
  for (let i = 0; i < digits.length; i++) {
    const nibble = (hash[i >> 1]! >> (i % 2 === 0 ? 4 : 0)) & 15
    out += nibble >= 8 ? digits[i]!.toUpperCase() : digits[i]!
  }
  return out
}

/**
 * Reads an address as a person or a site writes it: lower case, upper case, or with a right EIP-55 checksum.
 * @returns lower case. @throws {InvalidAddress}
 */
export function parseAddress(text: string, keccak256: Keccak256): Hex {
  const trimmed = text.trim()
  if (!/^0x[0-9a-fA-F]{40}$/.test(trimmed))
    throw new InvalidAddress(`expected 0x and 40 hexadecimal digits, got ${trimmed.length} characters`)
  const digits = trimmed.slice(2)
  const lower = `0x${digits.toLowerCase()}` as Hex
  const mixed = digits !== digits.toLowerCase() && digits !== digits.toUpperCase()
  if (mixed && checksummed(lower, keccak256) !== trimmed)
    throw new InvalidAddress('its checksum (the pattern of capitals) does not fit: a character is wrong')
  return lower
}

export class InvalidAddress extends WalletError {
  constructor(reason: string) {
    super(
      { name: 'Accounts.InvalidAddress', code: 'INVALID_ADDRESS', kind: 'usage' },
      `This is not an address: ${reason}.`,
      {
        next: 'Copy the whole address again from where it came from.',
      },
    )
  }
}
