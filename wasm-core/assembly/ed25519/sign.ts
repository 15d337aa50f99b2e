/**
 * RFC 8032 §5.1.5 and §5.1.6. The host drives: it calls `signStart`, hands over the message, calls `signNonce`, hands
 * over the message once more, and calls `signEnd`. Nothing here branches on a value.
 */
import { combMultiply } from './comb'
import { encodeTwo } from './encoding'
import { PUBLIC_KEY, SECRET_KEY, SIGNATURE, SIGNING } from './memory'
import { enterWide, leave, scalarAdd, scalarMul } from './scalar'
import { HASH, hashEnd, hashStart, hashUpdate } from './sha512'

const SECRET: usize = SIGNING // the secret scalar modulo L
const NONCE: usize = SIGNING + 32
const CHALLENGE: usize = SIGNING + 64
const PREFIX: usize = SIGNING + 96
/** 64 bytes, of which 32 stay zero. */
const WIDE: usize = SIGNING + 128
const KEY_POINT: usize = SIGNING + 192
const NONCE_POINT: usize = SIGNING + 336

/** SECRET and PREFIX from SECRET_KEY. */
function expand(): void {
  hashStart()
  hashUpdate(SECRET_KEY, 32)
  hashEnd()
  memory.copy(PREFIX, HASH + 32, 32)
  memory.fill(WIDE, 0, 64)
  memory.copy(WIDE, HASH, 32)
  store<u8>(WIDE, load<u8>(WIDE) & 248)
  store<u8>(WIDE, (load<u8>(WIDE, 31) & 127) | 64, 31)
  enterWide(SECRET, WIDE)
  leave(SECRET, SECRET)
}

/** Public key of SECRET_KEY to PUBLIC_KEY. */
export function publicKey(): void {
  expand()
  combMultiply(KEY_POINT, SECRET)
  encodeTwo(PUBLIC_KEY, PUBLIC_KEY, KEY_POINT, KEY_POINT)
}

/** Begins the hash that gives the nonce; the message follows. */
export function signStart(): void {
  expand()
  hashStart()
  hashUpdate(PREFIX, 32)
}

/** R to SIGNATURE and the public key to PUBLIC_KEY; begins the hash that gives the challenge; the message follows. */
export function signNonce(): void {
  hashEnd()
  enterWide(NONCE, HASH)
  leave(NONCE, NONCE)
  combMultiply(NONCE_POINT, NONCE)
  combMultiply(KEY_POINT, SECRET)
  encodeTwo(SIGNATURE, PUBLIC_KEY, NONCE_POINT, KEY_POINT)
  hashStart()
  hashUpdate(SIGNATURE, 32)
  hashUpdate(PUBLIC_KEY, 32)
}

/** S = nonce + challenge · secret to SIGNATURE + 32. */
export function signEnd(): void {
  hashEnd()
  enterWide(CHALLENGE, HASH)
  scalarMul(CHALLENGE, SECRET, CHALLENGE)
  scalarAdd(SIGNATURE + 32, CHALLENGE, NONCE)
}
