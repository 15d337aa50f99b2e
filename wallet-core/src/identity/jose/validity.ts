/** The times of a JWT (RFC 7519 §4.1), judged by a clock that may be a little off. @module */
import { CredentialRefused, MalformedCredential } from '../credential/errors.ts'
import type { JsonObject } from './jws.ts'

/** Seconds that two clocks may differ. */
export const SKEW = 60

/** @param now ms since the epoch @throws {CredentialRefused} EXPIRED, NOT_YET_VALID @throws {MalformedCredential} */
export function checkTimes(payload: JsonObject, now: number): void {
  const seconds = now / 1000
  const exp = timeOf(payload, 'exp')
  const nbf = timeOf(payload, 'nbf')
  const iat = timeOf(payload, 'iat')
  if (exp !== null && seconds >= exp + SKEW) throw new CredentialRefused('EXPIRED', 'its time is over')
  if (nbf !== null && seconds < nbf - SKEW) throw new CredentialRefused('NOT_YET_VALID', 'its time has not come')
  if (iat !== null && seconds < iat - SKEW) throw new CredentialRefused('NOT_YET_VALID', 'it was issued in the future')
}

/** Seconds since the epoch, or null. @throws {MalformedCredential} */
export function timeOf(payload: JsonObject, name: string): number | null {
  const value = payload[name]
  if (value === undefined) return null
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0 || value > 1e12) {
    throw new MalformedCredential(`"${name}" is not a time`)
  }
  return value
}
