/**
 * Signing by BIP-340. The host drives: it calls `schnorrStart`, hands over the message, calls `schnorrNonce`, hands over
 * the message once more, and calls `schnorrEnd`. Branches: on the key being valid, and on a nonce of 0, which nobody
 * will ever see.
 */
import { fieldAdd } from '../../generated/secp256k1/field'
import { scalarFreeze } from '../../generated/secp256k1/scalar'
import { AUX_TAG, CHALLENGE_TAG, NONCE_TAG } from '../../generated/secp256k1/tags'
import { combMultiply } from './comb'
import { fromBytes, isZero, toBytes } from './field'
import { EXTRA_ENTROPY, PUBLIC_KEY, SECRET_KEY, SIGNATURE, SIGNING } from './memory'
import { enter, multiplyFrozen, readScalar } from './scalar'
import { negateIfOdd } from './select'
import { HASH, hashEnd, hashUpdate, taggedHashStart } from './sha256'

const SECRET: usize = SIGNING // of the public key with even y
const NONCE: usize = SIGNING + 40
const POINT: usize = SIGNING + 80 // affine
const CHALLENGE: usize = SIGNING + 160
const MASKED: usize = SIGNING + 200 // 32 bytes: the key, exclusive or a hash of the auxiliary randomness

/** The x-only public key of SECRET_KEY to PUBLIC_KEY, after a byte 2; begins the hash that gives the nonce. */
export function schnorrStart(): bool {
  if (!readScalar(SECRET, SECRET_KEY)) return false
  combMultiply(POINT, SECRET)
  negateIfOdd(SECRET, POINT)
  store<u8>(PUBLIC_KEY, 2)
  toBytes(PUBLIC_KEY + 1, POINT)
  taggedHashStart(AUX_TAG)
  hashUpdate(EXTRA_ENTROPY, 32)
  hashEnd()
  toBytes(MASKED, SECRET)
  for (let i: usize = 0; i < 32; i += 8) store<u64>(MASKED + i, load<u64>(MASKED + i) ^ load<u64>(HASH + i))
  taggedHashStart(NONCE_TAG)
  hashUpdate(MASKED, 32)
  hashUpdate(PUBLIC_KEY + 1, 32)
  return true
}

/** r to SIGNATURE; begins the hash that gives the challenge. */
export function schnorrNonce(): bool {
  hashEnd()
  fromBytes(NONCE, HASH)
  scalarFreeze(NONCE, NONCE)
  if (isZero(NONCE)) return false
  combMultiply(POINT, NONCE)
  negateIfOdd(NONCE, POINT)
  toBytes(SIGNATURE, POINT)
  challengeStart()
  return true
}

/** s = nonce + challenge · secret to SIGNATURE + 32. */
export function schnorrEnd(): void {
  hashEnd()
  fromBytes(CHALLENGE, HASH)
  enter(CHALLENGE, CHALLENGE)
  multiplyFrozen(CHALLENGE, SECRET, CHALLENGE)
  fieldAdd(CHALLENGE, CHALLENGE, NONCE)
  scalarFreeze(CHALLENGE, CHALLENGE)
  toBytes(SIGNATURE + 32, CHALLENGE)
}

/** Begins the hash of r (at SIGNATURE), the x-only public key (after a byte at PUBLIC_KEY), and the message. */
export function challengeStart(): void {
  taggedHashStart(CHALLENGE_TAG)
  hashUpdate(SIGNATURE, 32)
  hashUpdate(PUBLIC_KEY + 1, 32)
}
