import type { Random } from './ports.ts'

/** Secure random bytes of the platform. */
export const platformRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
