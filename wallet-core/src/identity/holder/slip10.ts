/**
 * Hardened keys on P-256 under a seed: SLIP-10 for the curve "Nist256p1 seed". All intermediate bytes are wiped; the numbers
 * that the curve's arithmetic makes of them cannot be, and are not computed with in constant time.
 * @module
 */
import { p256 } from '@noble/curves/nist.js'
import { bytesToNumberBE, concatBytes, numberToBytesBE } from '@noble/curves/utils.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'

const MASTER = new TextEncoder().encode('Nist256p1 seed')
const HARDENED = 0x80000000
const { ORDER } = p256.Point.Fn

/** Lends the 32-byte secret key at `path` (numbers below 2³¹, all hardened) to `use`. */
export function withP256Key<T>(seed: Uint8Array, path: readonly number[], use: (secretKey: Uint8Array) => T): T {
  let node = master(seed)
  try {
    for (const index of path) {
      const next = child(node, index)
      node.fill(0)
      node = next
    }
    return use(node.subarray(0, 32))
  } finally {
    node.fill(0)
  }
}

/** Key and chain code, 64 bytes. */
function master(seed: Uint8Array): Uint8Array {
  let node = hmac(sha512, MASTER, seed)
  for (;;) {
    const key = bytesToNumberBE(node.subarray(0, 32))
    if (key !== 0n && key < ORDER) return node
    const next = hmac(sha512, MASTER, node)
    node.fill(0)
    node = next
  }
}

function child(parent: Uint8Array, index: number): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index >= HARDENED)
    throw new RangeError('index: expected a number below 2³¹')
  const number = numberToBytesBE(BigInt(HARDENED + index), 4)
  const [key, chainCode] = [parent.subarray(0, 32), parent.subarray(32)]
  let data = concatBytes(Uint8Array.of(0), key, number)
  for (;;) {
    const node = hmac(sha512, chainCode, data)
    data.fill(0)
    const left = bytesToNumberBE(node.subarray(0, 32))
    const sum = (left + bytesToNumberBE(key)) % ORDER
    if (left < ORDER && sum !== 0n) {
      node.set(numberToBytesBE(sum, 32))
      return node
    }
    data = concatBytes(Uint8Array.of(1), node.subarray(32), number)
    node.fill(0)
  }
}
