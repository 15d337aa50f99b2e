/** Everything an account can be asked to sign, and the digest that the signature is over. */
import type { Hex } from '@glowworm/light-client'
import { toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { personalMessageDigest } from './personal-message.ts'
import { encodeUnsigned, type Transaction } from './transaction.ts'
import type { HashedTypedData } from './typed-data/hash.ts'

export type Signable =
  | { readonly kind: 'transaction'; readonly transaction: Transaction }
  /** Signed as EIP-191 version 0x45 does. */
  | { readonly kind: 'message'; readonly message: Uint8Array }
  /** `json` is the text it came as, for devices that read it for themselves. */
  | { readonly kind: 'typed-data'; readonly hashed: HashedTypedData; readonly json: string }

/** 32 bytes. @throws {InvalidTransaction} */
export function digestOf(signable: Signable, hashes: Engines['hashes']): Uint8Array {
  switch (signable.kind) {
    case 'transaction':
      return hashes.keccak256(encodeUnsigned(signable.transaction, hashes))
    case 'message':
      return personalMessageDigest(signable.message, hashes.keccak256)
    case 'typed-data':
      return signable.hashed.digest
  }
}

/** r ‖ s ‖ v with v = 27 or 28, as JSON-RPC gives it. `signature`: r ‖ s ‖ parity, 65 bytes. */
export function signatureText(signature: Uint8Array): Hex {
  const text = signature.slice()
  text[64]! += 27
  return toHex(text)
}
