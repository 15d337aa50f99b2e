/**
 * Straight-line SIMD code whose every lane has a proven upper bound: what `checked-limbs.ts` is to u64 locals, this is
 * to v128 values. A `Vector` is an expression and the largest value any of its lanes can take, as 32-bit or as 64-bit
 * lanes; an operation whose result might not fit its lanes throws, and with it the build.
 * @module
 */
import { KernelOverflow } from './checked-limbs.ts'

export interface Vector {
  readonly text: string
  readonly max: bigint
  readonly width: 32 | 64
}

/** Which two of four 32-bit lanes a 64-bit operation works on. */
export type Half = 'low' | 'high'

function vector(text: string, max: bigint, width: 32 | 64): Vector {
  if (max >= 1n << BigInt(width)) throw new KernelOverflow(text.slice(0, 80), max)
  return { text, max, width }
}

export const lanes32 = (text: string, max: bigint): Vector => vector(text, max, 32)

/** Sum of vectors of the same width. */
export function add(...terms: readonly Vector[]): Vector {
  return terms.reduce((a, b) => {
    if (a.width !== b.width) throw new Error('a sum of lanes of different widths')
    return vector(`i${a.width}x${128 / a.width}.add(${a.text}, ${b.text})`, a.max + b.max, a.width)
  })
}

/** Two full products of 32-bit lanes. */
export function product(a: Vector, b: Vector, half: Half): Vector {
  if (a.width !== 32 || b.width !== 32) throw new Error('a product of lanes that are not 32 bits wide')
  return vector(`i64x2.extmul_${half}_i32x4_u(${a.text}, ${b.text})`, a.max * b.max, 64)
}

export const shiftLeft = (a: Vector, bits: number): Vector =>
  vector(`${kind(a)}.shl(${a.text}, ${bits})`, a.max << BigInt(bits), a.width)

export const shiftRight = (a: Vector, bits: number): Vector =>
  vector(`${kind(a)}.shr_u(${a.text}, ${bits})`, a.max >> BigInt(bits), a.width)

/** The low bits, by a mask that is a local of the kernel: see `masks`. */
export function lowBits(a: Vector, bits: 29 | 23): Vector {
  const mask = (1n << BigInt(bits)) - 1n
  return vector(`v128.and(${a.text}, m${bits})`, a.max < mask ? a.max : mask, a.width)
}

/** 19 · a, without a multiplication, which SIMD does not have for 64-bit lanes on most processors. */
export const times19 = (a: Vector): Vector => add(a, shiftLeft(a, 1), shiftLeft(a, 4))

const kind = ({ width }: Vector): string => (width === 32 ? 'i32x4' : 'i64x2')

/** Collects the lines of one kernel. */
export interface LaneBody {
  readonly lines: string[]
  keep(name: string, value: Vector): Vector
}

export function laneBody(width: 32 | 64): LaneBody {
  const at = width === 32 ? 0 : 32
  const lines = [`const m29 = v128.load(MASKS, ${at})`, `const m23 = v128.load(MASKS, ${at + 16})`]
  return {
    lines,
    keep(name, value) {
      lines.push(`const ${name} = ${value.text}`)
      return { ...value, text: name }
    },
  }
}

/** The masks that `laneBody` reads: 29 and 23 bits in 32-bit lanes, then in 64-bit lanes. */
export function masksText(): string {
  const [m29, m23] = ['0x1fffffff', '0x7fffff']
  const words = [m29, m29, m29, m29, m23, m23, m23, m23, m29, '0', m29, '0', m23, '0', m23, '0']
  return `const MASKS: usize = memory.data<u32>([${words.join(', ')}], 16)\n`
}
