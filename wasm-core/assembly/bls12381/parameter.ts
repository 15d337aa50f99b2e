/** |x| of the curve: x = −0xd201000000010000. */
export const X_BITS: u64 = 0xd201000000010000
/** x², of 128 bits. */
export const X_SQUARED_HIGH: u64 = 0xac45a4010001a402
export const X_SQUARED_LOW: u64 = 0x0000000100000000
