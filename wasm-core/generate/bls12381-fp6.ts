/**
 * Products in Fp6 with one reduction per coefficient instead of one per product: the columns of six (or five) products
 * of Fp2 are combined before they are reduced.
 *
 * The columns of a product are linear in each factor, (K − b1, b0) included, so Karatsuba's differences are exact and
 * never negative: (a1 + a2)(b1 + b2) − a1·b1 − a2·b2 = a1·b2 + a2·b1, column by column. Only the multiplication by
 * ξ = 1 + u subtracts, c0 − c1; a multiple of p whose every column exceeds the largest c1 keeps that positive.
 * @module
 */
import {
  type Bound,
  CARRIED_LIMB,
  LIMB_BITS,
  LIMBS,
  limbBounds,
  limbsOf,
  MASK,
  multipleAbove,
  P,
  PAIR_BYTES,
  R,
  refuseUnless,
} from './bls12381-bounds.ts'
import { DIFFERENCE_LIFT } from './bls12381-linear.ts'
import { COLUMN_BYTES, COLUMNS } from './bls12381-products.ts'
import { type Library, liftName } from './bls12381-program.ts'

const WIDE = 2 * LIMBS - 1

/** Largest columns of one Fp2 product of such operands; lane 0 is the larger one. */
function productColumns(operand: Bound, multiple: number): bigint[] {
  const a = limbBounds(operand)
  const crossed = limbBounds({ limb: CARRIED_LIMB, value: multiple })
  return Array.from({ length: WIDE }, (_, k) => {
    let column = 0n
    for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) {
      const b = a[k - i]!
      const d = crossed[k - i]!
      column += a[i]! * (b + (d - b > 0n ? d : b))
    }
    return column
  })
}

/** Refuses columns that could pass 2^64 during the reduction. @returns the bound of the reduced value. */
export function checkReduction(name: string, columns: readonly bigint[]): Bound {
  const p = limbsOf(P)
  let carry = 0n
  for (let k = 0; k < WIDE; k++) {
    let column = columns[k]! + carry
    for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) column += MASK * p[k - i]!
    refuseUnless(column < 1n << 64n, () => `${name}: column ${k} can reach 0x${column.toString(16)} ≥ 2^64`)
    carry = column >> LIMB_BITS
  }
  const total = columns.reduce((sum, column, k) => sum + (column << (LIMB_BITS * BigInt(k))), 0n)
  const value = Number(((total / R + P) * 65536n) / P + 2n) / 65536
  return { limb: MASK, value }
}

/** A multiple of p each of whose columns is at least `least` and exceeds it by less than 2^28. */
export function columnsAbove(least: readonly bigint[]): bigint[] {
  const value = least.reduce((sum, column, k) => sum + (column << (LIMB_BITS * BigInt(k))), 0n)
  const missing = limbsOf(P - (value % P))
  return least.map((column, k) => column + (missing[k] ?? 0n))
}

/** Columns as the blocks of low halves, high halves and sums that `reduceColumns` takes: low and high as they are. */
function asBlocks(columns: readonly bigint[]): bigint[] {
  const low = columns.slice(0, COLUMNS)
  const high = columns.slice(LIMBS, WIDE)
  const sums = low.map((column, k) => column + high[k]! + (k === LIMBS / 2 - 1 ? columns[LIMBS - 1]! : 0n))
  return [...low, ...high, ...sums]
}

/** Prints `fp6mul` and `fp6mulBy12` and enters them into the library. */
export function defineFp6Products(library: Library, operand: Bound): void {
  const multiple = multipleAbove(operand, DIFFERENCE_LIFT)
  library.multiples.add(multiple)
  const one = productColumns(operand, multiple)
  const times = (n: bigint) => one.map((column) => n * column)
  const liftCross = columnsAbove(times(2n)) // above c1 of a cross term
  const liftOne = columnsAbove(one) // above c1 of one product
  const plus = (a: readonly bigint[], b: readonly bigint[]) => a.map((column, k) => column + b[k]!)
  // c0 + lift − c1 in lane 0, c0 + c1 in lane 1
  const output = [
    checkReduction('fp6mul c0', plus(times(3n), liftCross)),
    checkReduction('fp6mul c1', plus(times(3n), liftOne)),
    checkReduction('fp6mul c2', times(3n)),
  ]
  const three = [operand, operand, operand]
  library.signatures.set('fp6mul', { inputs: { a: three, b: three }, output, level: -1 })
  library.signatures.set('fp6mulBy12', { inputs: { a: three, b: [operand, operand] }, output, level: -1 })
  library.printed.push(memory(liftCross, liftOne), mulProgram(liftName(multiple)), mulBy12Program(liftName(multiple)))
}

function memory(liftCross: readonly bigint[], liftOne: readonly bigint[]): string {
  const words = (columns: readonly bigint[]) =>
    asBlocks(columns)
      .flatMap((column) => [BigInt.asUintN(64, column), 0n])
      .map((word) => `0x${word.toString(16)}`)
      .join(', ')
  return `/** Multiples of p above the columns that ξ subtracts: of a cross term, of one product. */
const ABOVE_CROSS: usize = memory.data<u64>([${words(liftCross)}], 16)
const ABOVE_ONE: usize = memory.data<u64>([${words(liftOne)}], 16)
/** Sums of operands, (K − b1, b0) of each, and the columns of six products. */
const SUMS_A: usize = memory.data(${3 * PAIR_BYTES}, 16)
const SUMS_B: usize = memory.data(${3 * PAIR_BYTES}, 16)
const CROSSED: usize = memory.data(${3 * PAIR_BYTES}, 16)
const SUMS_CROSSED: usize = memory.data(${3 * PAIR_BYTES}, 16)
const PRODUCTS: usize = memory.data(${6 * COLUMN_BYTES}, 16)

/** (c0 − c1, c0 + c1) */
// @ts-ignore: decorator
@inline
function columnXi(c: v128): v128 {
  const low = i64x2(-1, 0)
  return i64x2.add(c, i64x2.sub(v128.xor(i64x2.shuffle(c, c, 1, 0), low), low))
}
`
}

const at = (base: string, n: number, size: number): string => (n === 0 ? base : `${base} + ${n * size}`)
const pair = (base: string, n: number): string => at(base, n, PAIR_BYTES)
const product = (n: number): string => at('PRODUCTS', n, COLUMN_BYTES)
const load = (n: number): string => `v128.load(w, ${n * COLUMN_BYTES})`

function mulProgram(lift: string): string {
  const sums = [
    [1, 2],
    [0, 1],
    [0, 2],
  ] as const
  const lines = [
    ...[0, 1, 2].map((i) => `f2crossed(${pair('CROSSED', i)}, ${pair('b', i)}, ${lift})`),
    ...sums.flatMap(([i, j], n) =>
      [
        ['SUMS_A', 'a'],
        ['SUMS_B', 'b'],
        ['SUMS_CROSSED', 'CROSSED'],
      ].map(([to, from]) => `f2add(${pair(to!, n)}, ${pair(from!, i)}, ${pair(from!, j)})`),
    ),
    ...[0, 1, 2].map((i) => `f2columns(${product(i)}, ${pair('a', i)}, ${pair('b', i)}, ${pair('CROSSED', i)})`),
    ...[0, 1, 2].map(
      (n) => `f2columns(${product(3 + n)}, ${pair('SUMS_A', n)}, ${pair('SUMS_B', n)}, ${pair('SUMS_CROSSED', n)})`,
    ),
    `for (let k: usize = 0; k < ${COLUMN_BYTES}; k += 16) {`,
    '  const w = PRODUCTS + k',
    `  const v0 = ${load(0)}`,
    `  const v1 = ${load(1)}`,
    `  const v2 = ${load(2)}`,
    `  const m12 = i64x2.sub(i64x2.sub(${load(3)}, v1), v2)`,
    `  const m01 = i64x2.sub(i64x2.sub(${load(4)}, v0), v1)`,
    `  const m02 = i64x2.sub(i64x2.sub(${load(5)}, v0), v2)`,
    '  v128.store(w, i64x2.add(i64x2.add(v0, columnXi(m12)), v128.load(ABOVE_CROSS + k)))',
    `  v128.store(w, i64x2.add(i64x2.add(m01, columnXi(v2)), v128.load(ABOVE_ONE + k)), ${COLUMN_BYTES})`,
    `  v128.store(w, i64x2.add(m02, v1), ${2 * COLUMN_BYTES})`,
    '}',
    ...[0, 1, 2].map((i) => `reduceColumns(${pair('out', i)}, ${product(i)})`),
  ]
  return print('/** Product in Fp6. */', 'fp6mul', lines)
}

function mulBy12Program(lift: string): string {
  const lines = [
    ...[0, 1].map((i) => `f2crossed(${pair('CROSSED', i)}, ${pair('b', i)}, ${lift})`),
    `f2add(SUMS_A, ${pair('a', 1)}, ${pair('a', 2)})`,
    `f2add(SUMS_B, b, ${pair('b', 1)})`,
    `f2add(SUMS_CROSSED, CROSSED, ${pair('CROSSED', 1)})`,
    ...[0, 1].map((i) => `f2columns(${product(i)}, a, ${pair('b', i)}, ${pair('CROSSED', i)})`),
    ...[0, 1].map((i) => `f2columns(${product(2 + i)}, ${pair('a', 1 + i)}, ${pair('b', i)}, ${pair('CROSSED', i)})`),
    `f2columns(${product(4)}, SUMS_A, SUMS_B, SUMS_CROSSED)`,
    `for (let k: usize = 0; k < ${COLUMN_BYTES}; k += 16) {`,
    '  const w = PRODUCTS + k',
    `  const v1 = ${load(2)}`,
    `  const v2 = ${load(3)}`,
    `  const m12 = i64x2.sub(i64x2.sub(${load(4)}, v1), v2)`,
    `  v128.store(w, i64x2.add(${load(1)}, v1), ${2 * COLUMN_BYTES})`,
    `  v128.store(w, i64x2.add(i64x2.add(${load(0)}, columnXi(v2)), v128.load(ABOVE_ONE + k)), ${COLUMN_BYTES})`,
    '  v128.store(w, i64x2.add(columnXi(m12), v128.load(ABOVE_CROSS + k)))',
    '}',
    ...[0, 1, 2].map((i) => `reduceColumns(${pair('out', i)}, ${product(i)})`),
  ]
  return print('/** Product in Fp6 by b = b1·v + b2·v². */', 'fp6mulBy12', lines)
}

function print(doc: string, name: string, lines: string[]): string {
  return `${doc}\nexport function ${name}(out: usize, a: usize, b: usize): void {\n${lines
    .map((line) => `  ${line}\n`)
    .join('')}}\n`
}
