/** |x| of the curve: x = −0xd201000000010000. */
export const X_BITS: u64 = 0xd201000000010000
