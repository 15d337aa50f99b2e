/** Where the host writes and reads. */

/** Keys, a signature, or a piece of the message. */
export const INPUT: usize = memory.data(64 * 48, 16)
export const INPUT_BYTES: usize = 64 * 48
/** A compressed key; for the tests also points and elements of Fp12. */
export const OUTPUT: usize = memory.data(576, 16)
