/**
 * All memory that can ever hold a secret, in one block that \`wipe\` clears: the windows the host writes and reads, and
 * the scratch of every function here. Only tables of public points live elsewhere. Field elements and scalars take 40
 * bytes (nine u32 limbs and padding), points 120 (X, Y, Z), affine points 80.
 */
const SCRATCH: usize = memory.data(8192, 16)
const SCRATCH_BYTES: usize = 8192

// Windows.
export const SECRET_KEY: usize = SCRATCH
export const DIGEST: usize = SCRATCH + 32
export const EXTRA_ENTROPY: usize = SCRATCH + 64
export const SIGNATURE: usize = SCRATCH + 96 // r ‖ s ‖ recovery bit
export const PUBLIC_KEY: usize = SCRATCH + 176 // 33 or 65 bytes

// Scratch of the point formulas (TEMPORARY_BYTES of generated/secp256k1/points.ts).
export const TEMPORARIES: usize = SCRATCH + 256
// Scratch of powers in the field and modulo n.
export const POWERS: usize = SCRATCH + 1536
// Scratch of SHA-256 and RFC 6979.
export const HASHING: usize = SCRATCH + 2304
// Scratch of signing, of the fixed-base multiplication, and of verification.
export const SIGNING: usize = SCRATCH + 3072
export const COMB_WORK: usize = SCRATCH + 3584
export const PUBLIC_WORK: usize = SCRATCH + 4096

/** Zeroes everything a secret may have touched. The engine's registers and stack are out of reach. */
export function wipe(): void {
  memory.fill(SCRATCH, 0, SCRATCH_BYTES)
}
