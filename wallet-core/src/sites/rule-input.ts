/** Reads what the interface says about a site's rule. */
import { WalletError } from '../errors.ts'

/** @returns the serialised origin. @throws {InvalidOrigin} */
export function originOf(given: unknown): string {
  const url = typeof given === 'string' && URL.canParse(given) ? new URL(given) : null
  if (url === null || url.origin !== given) throw new InvalidOrigin()
  return url.origin
}

/** @throws {InvalidExpiry} */
export function expiryOf(given: unknown, now: number): number | null {
  if (given === null || given === undefined) return null
  if (typeof given !== 'number' || !Number.isSafeInteger(given) || given <= now) throw new InvalidExpiry()
  return given
}

export class InvalidOrigin extends WalletError {
  constructor() {
    super(
      { name: 'Sites.InvalidOrigin', code: 'INVALID_ORIGIN', kind: 'usage' },
      'This is not the origin of a site: expected scheme, host and port alone.',
    )
  }
}

export class InvalidExpiry extends WalletError {
  constructor() {
    super(
      { name: 'Sites.InvalidExpiry', code: 'INVALID_EXPIRY', kind: 'usage' },
      'A permission ends at a moment that is still to come.',
    )
  }
}
