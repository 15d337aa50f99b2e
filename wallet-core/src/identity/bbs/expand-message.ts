/**
 * expand_message of RFC 9380 §5.3. The message comes in parts, which are hashed as they are and never joined, so that a
 * secret among them leaves no copy behind; what is computed on the way is wiped.
 * @module
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { shake256 } from '@noble/hashes/sha3.js'

/** @param dst 1 to 255 bytes. @returns `length` uniform bytes, up to 65,535 (§5.3.1: 8,160). */
export type ExpandMessage = (message: readonly Uint8Array[], dst: Uint8Array, length: number) => Uint8Array

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/** §5.3.1 with SHA-256. */
export const expandMessageXmd: ExpandMessage = (message, dst, length) => {
  const dstPrime = withLength(dst)
  const start = sha256.create().update(new Uint8Array(BLOCK_BYTES))
  for (const part of message) start.update(part)
  const b0 = start.update(i2osp(length, 2)).update(Uint8Array.of(0)).update(dstPrime).digest()
  const uniform = new Uint8Array(length)
  let previous = new Uint8Array(DIGEST_BYTES)
  for (let i = 1; (i - 1) * DIGEST_BYTES < length; i++) {
    for (const [at, byte] of b0.entries()) previous[at]! ^= byte
    const block = sha256.create().update(previous).update(Uint8Array.of(i)).update(dstPrime).digest()
    const at = (i - 1) * DIGEST_BYTES
    uniform.set(block.subarray(0, length - at), at)
    previous.fill(0)
    previous = block
  }
  previous.fill(0)
  b0.fill(0)
  return uniform
}

/** §5.3.2 with SHAKE-256. */
export const expandMessageXof: ExpandMessage = (message, dst, length) => {
  const hash = shake256.create({ dkLen: length })
  for (const part of message) hash.update(part)
  return hash.update(i2osp(length, 2)).update(withLength(dst)).digest()
}

/** I2OSP of RFC 8017 §4.1: big-endian, `length` bytes. */
export function i2osp(value: number, length: number): Uint8Array {
  const octets = new Uint8Array(length)
  for (let at = length - 1, rest = value; at >= 0; at--, rest = Math.floor(rest / 256)) octets[at] = rest % 256
  return octets
}

function withLength(dst: Uint8Array): Uint8Array {
  const prime = new Uint8Array(dst.length + 1)
  prime.set(dst)
  prime[dst.length] = dst.length
  return prime
}
