/**
 * What the generators know about a number: how large its limbs and its value can get. Every kernel and every formula
 * is emitted through these bounds; a program whose columns or limbs could overflow is refused, never emitted.
 *
 * A number is 14 limbs of 28 bits (R = 2^392). Limbs may exceed 28 bits until they are carried; values may exceed p
 * until they are canonicalised. Both lanes of a pair share one bound.
 * @module
 */

export const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn
export const LIMBS = 14
export const LIMB_BITS = 28n
export const MASK = (1n << LIMB_BITS) - 1n
export const R = 1n << (LIMB_BITS * BigInt(LIMBS))
/** Bytes of one pair of numbers: 14 limbs × 2 lanes × 4 bytes. */
export const PAIR_BYTES = LIMBS * 8

/** `limb`: largest possible limb 0…12. `value`: largest possible value, in multiples of p. */
export interface Bound {
  readonly limb: bigint
  readonly value: number
}

/** The largest limb one parallel carry pass leaves behind: 28 bits plus a carry of at most four. */
export const CARRIED_LIMB = MASK + 15n

/** The program could overflow. The generators throw this instead of printing code. */
export class BoundExceeded extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BlsGenerator.BoundExceeded'
  }
}

export function refuseUnless(condition: boolean, message: () => string): void {
  if (!condition) throw new BoundExceeded(message())
}

/** The limbs of a canonical number. */
export function limbsOf(value: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, i) =>
    i === LIMBS - 1 ? value >> (LIMB_BITS * 13n) : (value >> (LIMB_BITS * BigInt(i))) & MASK,
  )
}

/** Largest value of each limb under a bound. The top limb is limited by the value as well. */
export function limbBounds({ limb, value }: Bound): bigint[] {
  const top = (scaled(value) >> (LIMB_BITS * 13n)) + 1n
  return Array.from({ length: LIMBS }, (_, i) => (i === LIMBS - 1 && top < limb ? top : limb))
}

/** ⌈value · p⌉ for a fractional multiple, rounded up generously. */
export function scaled(value: number): bigint {
  return ((BigInt(Math.ceil(value * 65536)) * P) >> 16n) + 1n
}

/**
 * `multiple`·p written with limbs so large that a number within `limb` can be subtracted limb by limb without a borrow:
 * every limb but the top takes `lift`·2^28 from its upper neighbour.
 */
export function liftedMultiple(multiple: number, lift: bigint): bigint[] {
  const limbs = limbsOf(P * BigInt(multiple))
  return limbs.map((d, i) => d + (i < LIMBS - 1 ? lift << LIMB_BITS : 0n) - (i > 0 ? lift : 0n))
}

/** Smallest multiple of p (with the given lift) from which a number within `bound` can be subtracted limb by limb. */
export function multipleAbove(bound: Bound, lift: bigint): number {
  const needed = limbBounds(bound)
  for (let multiple = Math.ceil(bound.value); multiple <= 64; multiple++) {
    if (liftedMultiple(multiple, lift).every((limb, i) => limb >= needed[i]!)) return multiple
  }
  throw new BoundExceeded(
    `no multiple of p up to 64 lies above a number of ${bound.value}·p with limbs up to 0x${bound.limb.toString(16)}`,
  )
}

/** Montgomery reduction of a product of at most `product`·p²: (T + m·p) / R with m < R. */
export function reducedValue(product: number): number {
  return 1 + (product * 65536) / Number((R * 65536n) / P) + 1e-6
}
