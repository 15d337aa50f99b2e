import type { Random } from '../slots.ts'

/** The platform's secure random (WebCrypto), up to 65536 bytes at a time. */
export const secureRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
}
