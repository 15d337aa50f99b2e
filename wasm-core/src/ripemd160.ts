import { ripemd160 as nobleRipemd160 } from '@noble/hashes/legacy.js'
import type { Digest } from './slots.ts'

/** RIPEMD-160 by noble. 20 bytes out. For what Bitcoin's addresses need; too short for anything new. */
export const ripemd160: Digest = (data) => nobleRipemd160(data)
