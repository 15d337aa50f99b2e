import { sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import type { Digest } from './slots.ts'

/** SHA-512 (FIPS 180-4) by noble. 64 bytes out. */
export const sha512: Digest = (data) => nobleSha512(data)
