/**
 * Where the host writes and reads. Points of G1 are three coordinates of one lane, X ‖ Y ‖ Z of 14 limbs each, Z = 1,
 * or (0 : 1 : 0); those of G2 are the pairs X ‖ Y of a point that is not the identity. Scalars are 32 bytes, big-endian.
 */

/** The most points of one call. */
export const CHUNK: usize = 16
export const LANE_POINT: usize = 3 * 56

export const POINTS: usize = memory.data(16 * 168, 16)
export const SCALARS: usize = memory.data(16 * 32, 16)
/** A result: a point, a scalar, or an encoded point. */
export const RESULT: usize = memory.data(336, 16)

/**
 * Where static data ends and the buckets begin, which take the rest of the memory. Only public points come here; what may
 * have been secret lies below. The face checks that `staticEnd` is.
 */
export const BUCKETS: usize = 3 * 65536
export function staticEnd(): usize {
  return __heap_base
}
