/**
 * All memory that can ever hold a secret, in one block that `wipe` clears: the windows the host writes and reads (but
 * for MESSAGE), and the scratch of every function here. Only tables of public points and what belongs to a batch lie
 * elsewhere. A quadruple of field elements, so also a point, takes 144 bytes, a scalar 32.
 */
const SCRATCH: usize = memory.data(8192, 16)
const SCRATCH_BYTES: usize = 8192

// Windows.
export const SECRET_KEY: usize = SCRATCH
export const PUBLIC_KEY: usize = SCRATCH + 32
export const SIGNATURE: usize = SCRATCH + 64
/** 16 random bytes: what multiplies one signature of a batch. */
export const COEFFICIENT: usize = SCRATCH + 128
/** Messages come in pieces of up to MESSAGE_BYTES. */
export const MESSAGE: usize = memory.data(16384, 16)
export const MESSAGE_BYTES: usize = 16384

/** Scratch of SHA-512. */
export const HASHING: usize = SCRATCH + 256
/** Scratch of scalars. */
export const SCALARS: usize = SCRATCH + 768
/** Scratch of the point formulas. */
export const TEMPORARIES: usize = SCRATCH + 1024
/** Scratch of powers, roots and encodings. */
export const POWERS: usize = SCRATCH + 1536
/** Scratch of signing, of the fixed-base multiplication, and of verification. */
export const SIGNING: usize = SCRATCH + 3584
export const COMB_WORK: usize = SCRATCH + 4352
export const VERIFYING: usize = SCRATCH + 5376

/** Zeroes everything a secret may have touched. The engine's registers and stack are out of reach. */
export function wipe(): void {
  memory.fill(SCRATCH, 0, SCRATCH_BYTES)
}
