/** Methods that are computed here, out of the parameters alone. */
import type { Hex } from '@glowworm/light-client'
import { dataParam } from '@glowworm/light-client/application/rpc/parameters'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { addressOf } from '../accounts/address.ts'
import { personalMessageDigest } from '../signing/personal-message.ts'
import { invalidParams } from './errors.ts'
import type { Params } from './parameters.ts'

/** Keccak-256 of the bytes (EIP-1474). */
export function sha3(engines: Engines, [data]: Params): Hex {
  return toHex(engines.hashes.keccak256(fromHex(dataParam(data, 'data'), 'data')))
}

/** Who signed a message: `personal_sign` backwards. `signature`: r ‖ s ‖ v with v 27 or 28. */
export function ecRecover(engines: Engines, [message, signature]: Params): Hex {
  if (typeof message !== 'string') throw invalidParams('message: expected text or 0x-prefixed bytes')
  const bytes = messageBytes(message)
  const sealed = fromHex(dataParam(signature, 'signature'), 'signature')
  const v = sealed[64]
  if (sealed.length !== 65 || (v !== 27 && v !== 28))
    throw invalidParams('signature: expected 65 bytes of which the last is 27 or 28')
  const compact = Uint8Array.of(...sealed.subarray(0, 64), v - 27)
  const digest = personalMessageDigest(bytes, engines.hashes.keccak256)
  try {
    return addressOf(engines.secp256k1.recover(compact, digest), engines.hashes.keccak256)
  } catch {
    throw invalidParams('signature: nobody can have signed this')
  }
}

/** Bytes where the text is hexadecimal with 0x, else the text itself in UTF-8. */
export function messageBytes(message: string): Uint8Array {
  return /^0x([0-9a-fA-F]{2})*$/.test(message) ? fromHex(message, 'message') : new TextEncoder().encode(message)
}
