import { blake2b as nobleBlake2b } from '@noble/hashes/blake2.js'
import { InvalidArgument } from './errors.ts'
import type { Blake2b } from './slots.ts'

/** BLAKE2b by noble. */
export const blake2b: Blake2b = (data, length) => {
  if (!Number.isSafeInteger(length) || length < 1 || length > 64)
    throw new InvalidArgument('length', `expected 1..64 bytes, got ${length}`)
  return nobleBlake2b(data, { dkLen: length })
}
