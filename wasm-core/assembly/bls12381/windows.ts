/** Where the host writes and reads. */

/** Keys, a signature, or a piece of the message. */
export const INPUT: usize = memory.data(64 * 48, 16)
export const INPUT_BYTES: usize = 64 * 48
/** A key or a point; for the tests also elements of Fp12. */
export const OUTPUT: usize = memory.data(576, 16)
/** Parsed keys, or the pairs of points of a product of pairings. */
export const PARSED: usize = memory.data(64 * 112, 16)
export const PARSED_WINDOW_BYTES: usize = 64 * 112
