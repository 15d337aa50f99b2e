/** Shamir's sharing of secrets over GF(2⁸) with Rijndael's polynomial, as SLIP-39 has it. @module */

export interface Point {
  readonly x: number
  /** One polynomial for each byte. */
  readonly y: Uint8Array
}

/** The values at `x` of the polynomials through the points. Only places decide what is done, never the secret bytes. */
export function interpolate(points: readonly Point[], x: number): Uint8Array {
  const result = new Uint8Array(points[0]!.y.length)
  for (const point of points) {
    let factor = 1
    for (const other of points)
      if (other !== point) factor = times(factor, times(x ^ other.x, inverse(point.x ^ other.x)))
    for (let i = 0; i < result.length; i++) result[i]! ^= times(point.y[i]!, factor)
  }
  return result
}

/** `known` decides what is done, `secret` does not. */
function times(secret: number, known: number): number {
  let product = 0
  for (let bit = known, power = secret; bit !== 0; bit >>= 1) {
    if (bit & 1) product ^= power
    power = ((power << 1) ^ (0x11b & -(power >> 7))) & 0xff
  }
  return product
}

/** a⁻¹ = a²⁵⁴ */
function inverse(value: number): number {
  let result = 1
  for (let i = 0; i < 254; i++) result = times(result, value)
  return result
}
