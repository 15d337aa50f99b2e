/** Verification by BIP-340. Public values: variable time. */
import { PRIME } from '../../generated/secp256k1/field'
import { ORDER, scalarFreeze } from '../../generated/secp256k1/scalar'
import { multiplyPublic, SUM } from './ecmult'
import { fromBytes, isBelow, isZero } from './field'
import { PUBLIC_WORK, SIGNATURE } from './memory'
import { jacobianToAffine } from './points'
import { POINT, readPoint } from './public-key'
import { scalarNegate } from './scalar'
import { HASH, hashEnd } from './sha256'

const R: usize = PUBLIC_WORK + 1040
const S: usize = PUBLIC_WORK + 1080
const CHALLENGE: usize = PUBLIC_WORK + 1120

/**
 * Whether SIGNATURE (r ‖ s) is right under the x-only key at PUBLIC_KEY, written as a byte 2 and x, on the message that
 * was hashed since `challengeStart`: s·G - e·P has an even y, and its x is r.
 */
export function schnorrVerify(): bool {
  hashEnd()
  fromBytes(CHALLENGE, HASH)
  scalarFreeze(CHALLENGE, CHALLENGE)
  fromBytes(R, SIGNATURE)
  fromBytes(S, SIGNATURE + 32)
  if (isBelow(R, PRIME) == 0 || isBelow(S, ORDER) == 0 || !readPoint(33)) return false
  if (!isZero(CHALLENGE)) scalarNegate(CHALLENGE, CHALLENGE)
  if (!multiplyPublic(S, CHALLENGE, POINT)) return false
  jacobianToAffine(SUM, SUM)
  if (load<u8>(SUM, 40) & 1) return false
  return isBelow(SUM, R) == 0 && isBelow(R, SUM) == 0
}
