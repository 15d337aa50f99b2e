/**
 * All memory that can ever hold a secret key or what follows from one, in one block that `wipe` clears: the windows the
 * host writes and reads, and the scratch of every function here. Only tables of public points live elsewhere, and the
 * blinding (`blinding.ts`), which must outlast a call and says nothing about a key. Field elements and scalars take 40
 * bytes (nine u32 limbs and padding), points 120 (X, Y, Z), affine points 80.
 */
const SCRATCH: usize = memory.data(8192, 16)
const SCRATCH_BYTES: usize = 8192

// Windows.
export const SECRET_KEY: usize = SCRATCH
/** What is signed by ECDSA; the tweak of a key. */
export const DIGEST: usize = SCRATCH + 32
/** Extra entropy of RFC 6979, auxiliary randomness of BIP-340. */
export const EXTRA_ENTROPY: usize = SCRATCH + 64
export const SIGNATURE: usize = SCRATCH + 96 // r ‖ s ‖ recovery bit, or r ‖ s
export const PUBLIC_KEY: usize = SCRATCH + 176 // 33 or 65 bytes
/** 64 random bytes for the blinding. */
export const RANDOM: usize = SIGNATURE

// Scratch of the point formulas (TEMPORARY_BYTES of generated/secp256k1/points.ts).
export const TEMPORARIES: usize = SCRATCH + 256
// Scratch of powers in the field and modulo n.
export const POWERS: usize = SCRATCH + 1536
// Scratch of SHA-256, and of RFC 6979.
export const HASHING: usize = SCRATCH + 2304
export const NONCES: usize = SCRATCH + 2432
// Scratch of signing, of multiplication by secret scalars, of splitting scalars, and of verification.
export const SIGNING: usize = SCRATCH + 3072
export const SECRET_WORK: usize = SCRATCH + 3584
export const SPLIT_WORK: usize = SCRATCH + 4096
export const PUBLIC_WORK: usize = SCRATCH + 4480

/** Messages to hash come in pieces of up to MESSAGE_BYTES. */
export const MESSAGE: usize = SCRATCH + 7168
export const MESSAGE_BYTES: usize = 1024

/** Zeroes everything a secret may have touched. The engine's registers and stack are out of reach. */
export function wipe(): void {
  memory.fill(SCRATCH, 0, SCRATCH_BYTES)
}
