/**
 * The products: two-lane Montgomery multiplication in four shapes, printed unrolled.
 *
 * - `mul`: Fp2 by Fp2, both lanes together (c0, c1) = (a0·b0 − a1·b1, a0·b1 + a1·b0), one reduction per lane;
 * - `mulLanes`: two independent products of Fp;
 * - `mulLanesSum`: two independent sums of two products of Fp, a·b + c·d, with one reduction;
 * - `sqrLanes`: two independent squares of Fp.
 *
 * Each is three calls of a kernel for seven limbs (low halves, high halves, sums of halves) and one reduction; the
 * seven-limb kernels and the reduction are small enough to stay in the instruction cache together.
 *
 * Column k of the 27 columns of a product is Σ aᵢ·b₍k₋ᵢ₎, an unsigned 64-bit sum per lane. One Karatsuba level on the
 * limbs (low 7, high 7) computes L, H and S = (low+high)·(low+high); the cross columns S − L − H are exact modulo 2^64,
 * so only the final column has to fit. That, and that no limb sum leaves 32 bits, is checked here before printing.
 * @module
 */
import {
  type Bound,
  LIMB_BITS,
  LIMBS,
  liftedMultiple,
  limbBounds,
  limbsOf,
  MASK,
  P,
  refuseUnless,
  scaled,
} from './bls12381-bounds.ts'

const HALF = LIMBS / 2
const WORD = 1n << 64n

/** What a product accepts. `lifted` is the multiple of p from which b1 is subtracted in an Fp2 product. */
export interface ProductLimits {
  readonly a: Bound
  readonly b: Bound
  readonly lifted: number
}

/** b1 is subtracted from a multiple of p lifted by 3·2^28 per limb: room for the un-carried sum of two numbers. */
export const PRODUCT_LIFT = 3n

/**
 * Refuses a product whose columns could pass 2^64 or whose limb sums could pass 2^32.
 * @returns the largest column, for reports.
 */
export function checkProduct(name: string, a: bigint[], terms: readonly bigint[][]): bigint {
  const p = limbsOf(P)
  for (const operand of [a, ...terms]) {
    for (let i = 0; i < HALF; i++) {
      const sum = operand[i]! + operand[i + HALF]!
      refuseUnless(sum < 1n << 32n, () => `${name}: limbs ${i} and ${i + HALF} can sum to 0x${sum.toString(16)} ≥ 2^32`)
    }
  }
  let carry = 0n
  let largest = 0n
  for (let k = 0; k < 2 * LIMBS - 1; k++) {
    let column = carry
    for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) {
      for (const term of terms) column += a[i]! * term[k - i]!
      column += MASK * p[k - i]!
    }
    refuseUnless(column < WORD, () => `${name}: column ${k} can reach 0x${column.toString(16)} ≥ 2^64`)
    if (column > largest) largest = column
    carry = column >> LIMB_BITS
  }
  refuseUnless(carry < 1n << 32n, () => `${name}: the top limb can reach 0x${carry.toString(16)} ≥ 2^32`)
  return largest
}

/** All products. Refuses limits under which one of them could overflow. `squareFactor`: a0 − a1 inside a square. */
export function printProducts(limits: ProductLimits, squareFactor: Bound): string {
  checkMul(limits)
  checkProduct('mulLanes', limbBounds(limits.a), [limbBounds(squareFactor)])
  checkSqrLanes(limits.a)
  // a·b + c·d is no more than a·(b + d) with the larger of a and c, and all four have the same limit.
  checkProduct('mulLanesSum', limbBounds(limits.a), [limbBounds(limits.b), limbBounds(limits.b)])
  const splat = (lane: number) => (i: number) => `v128.load32_splat(a, ${8 * i + 4 * lane})`
  return [
    SCRATCH,
    printColumns('columnsFp2', 'a: usize, b: usize, d: usize', [
      { factor: splat(0), pairs: 'b' },
      { factor: splat(1), pairs: 'd' },
    ]),
    printColumns('columnsLanes', 'a: usize, b: usize', [
      { factor: (i) => `v128.load64_splat(a, ${8 * i})`, pairs: 'b' },
    ]),
    printColumns('columnsLanesSum', 'a: usize, b: usize, c: usize, d: usize', [
      { factor: (i) => `v128.load64_splat(a, ${8 * i})`, pairs: 'b' },
      { factor: (i) => `v128.load64_splat(c, ${8 * i})`, pairs: 'd' },
    ]),
    printSquareColumns(),
    printReduction(),
    PRODUCTS,
    printSquare(),
  ].join('\n')
}

/** lane 0: a0·b0 + a1·(K − b1), lane 1: a0·b1 + a1·b0. */
export function checkMul(limits: ProductLimits): void {
  const a = limbBounds(limits.a)
  const b = limbBounds(limits.b)
  const lifted = liftedMultiple(limits.lifted, PRODUCT_LIFT)
  for (let i = 0; i < LIMBS; i++) {
    refuseUnless(lifted[i]! >= b[i]!, () => `mul: limb ${i} of b can exceed that of ${limits.lifted}p`)
  }
  checkProduct('mul', a, [b, lifted])
  checkProduct('mul', a, [b, b])
}

export function checkSqrLanes(a: Bound): void {
  const limbs = limbBounds(a)
  for (let i = 0; i < HALF; i++) {
    const doubled = 2n * (limbs[i]! + limbs[i + HALF]!)
    refuseUnless(
      doubled < 1n << 32n,
      () => `sqrLanes: twice limbs ${i} and ${i + HALF} can reach 0x${doubled.toString(16)}`,
    )
  }
  checkProduct('sqrLanes', limbs, [limbs])
}

/** Value of an Fp2 product in multiples of p², for the bound of its result. */
export function mulValue(a: number, b: number, lifted: number): number {
  return a * (b + Math.max(lifted, b))
}

/** Value bound of a result must leave the top limb within 32 bits; the top limb is never masked. */
export function checkTop(name: string, value: number): void {
  refuseUnless(
    scaled(value) >> (LIMB_BITS * 13n) < 1n << 32n,
    () => `${name}: the top limb of ${value}·p passes 32 bits`,
  )
}

const LOW = 'i64x2.extmul_low_i32x4_u'
const HIGH = 'i64x2.extmul_high_i32x4_u'
/** Columns of a seven-limb product, and their size in memory. */
export const COLUMNS = 2 * HALF - 1
const BLOCK = 16 * COLUMNS
/** Bytes of the columns of one product: low halves, high halves, sums. */
export const COLUMN_BYTES = 3 * BLOCK
/** Bytes from a number to its high half, and of half a number. */
const HALF_BYTES = 8 * HALF

const sum = (terms: string[]): string => terms.reduce((total, term) => `i64x2.add(${total}, ${term})`)
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

/** Two limbs of both lanes; the seventh limb of a half stands alone. */
function pairOfLimbs(base: string, at: number): string {
  return at === HALF - 1 ? `v128.load64_zero(${base}, ${8 * at})` : `v128.load(${base}, ${8 * at})`
}

/**
 * The 13 columns of Σ factor·pairs, seven limbs by seven, in two groups: a group's factors and pairs are loaded for it
 * alone, and storing the first group keeps the compiler from holding everything in registers it does not have.
 */
function printColumns(
  name: string,
  parameters: string,
  terms: readonly { factor: (i: number) => string; pairs: string }[],
): string {
  const lines: string[] = []
  for (const columns of [range(HALF), range(HALF - 1).map((k) => k + HALF)]) {
    const started = new Set<string>()
    const once = (name: string, value: string): string => {
      if (!started.has(name)) lines.push(`const ${name} = ${value}`)
      started.add(name)
      return name
    }
    for (let i = 0; i < HALF; i++) {
      for (const [t, { factor, pairs }] of terms.entries()) {
        for (const k of columns.filter((k) => k - i >= 0 && k - i < HALF)) {
          const j = k - i
          const left = once(`x${t}_${i}_${columns[0]}`, factor(i))
          const right = once(`${pairs}${j - (j % 2)}_${columns[0]}`, pairOfLimbs(pairs, j - (j % 2)))
          const product = `${j % 2 === 0 ? LOW : HIGH}(${left}, ${right})`
          const column = `c${k}`
          lines.push(
            started.has(column) ? `${column} = i64x2.add(${column}, ${product})` : `let ${column} = ${product}`,
          )
          started.add(column)
        }
      }
    }
    for (const k of columns) lines.push(`v128.store(w, c${k}, ${16 * k})`)
  }
  return body(name, `w: usize, ${parameters}`, lines)
}

/** The 13 columns of a square: products of limbs i ≤ j, the off-diagonal ones doubled through their left factor. */
function printSquareColumns(): string {
  const lines = range(HALF).map((i) => `const x${i} = v128.load64_zero(a, ${8 * i})`)
  for (let i = 0; i < HALF - 1; i++) lines.push(`const t${i} = i32x4.add(x${i}, x${i})`)
  for (let k = 0; k < COLUMNS; k++) {
    const products: string[] = []
    for (let i = Math.max(0, k - HALF + 1); i < k - i; i++) products.push(`${LOW}(t${i}, x${k - i})`)
    if (k % 2 === 0) products.push(`${LOW}(x${k / 2}, x${k / 2})`)
    lines.push(`v128.store(w, ${sum(products)}, ${16 * k})`)
  }
  return body('columnsSquare', 'w: usize, a: usize', lines)
}

/** Column k of the whole product, from the blocks of the low halves, the high halves and the sums. */
function column(k: number): string {
  const block = (n: number, k: number) => `v128.load(w, ${n * BLOCK + 16 * k})`
  const parts: string[] = []
  if (k < COLUMNS) parts.push(block(0, k))
  if (k >= LIMBS) parts.push(block(1, k - LIMBS))
  const cross = k - HALF
  if (cross >= 0 && cross < COLUMNS) {
    parts.push(`i64x2.sub(i64x2.sub(${block(2, cross)}, ${block(0, cross)}), ${block(1, cross)})`)
  }
  return sum(parts)
}

/** Montgomery reduction, one limb of the multiplier after the other: no conditional subtraction. */
function printReduction(): string {
  const lines = [
    'const mask = v128.load(MASK_LANES)',
    'const inverse = v128.load(MINUS_P_INVERSE)',
    ...range(HALF).map((i) => `const p${2 * i} = v128.load(P_LIMBS, ${16 * i})`),
    ...range(LIMBS).map((k) => `let q${k} = ${column(k)}`),
    'let m = q0',
  ]
  const timesP = (limb: number) => `${limb % 2 === 0 ? LOW : HIGH}(m, p${limb - (limb % 2)})`
  for (let k = 0; k < LIMBS; k++) {
    lines.push(`m = v128.and(i32x4.mul(q${k}, inverse), mask)`, 'm = i32x4.shuffle(m, m, 0, 2, 0, 2)')
    lines.push(`const carry${k} = i64x2.shr_u(i64x2.add(q${k}, ${timesP(0)}), 28)`)
    for (let j = 1; j < LIMBS; j++) {
      const at = k + j
      const fresh = at >= LIMBS && j === LIMBS - 1
      lines.push(
        fresh ? `let q${at} = i64x2.add(${column(at)}, ${timesP(j)})` : `q${at} = i64x2.add(q${at}, ${timesP(j)})`,
      )
    }
    lines.push(`q${k + 1} = i64x2.add(q${k + 1}, carry${k})`)
  }
  for (let k = LIMBS; k < 2 * LIMBS - 1; k++) {
    lines.push(`const r${k - LIMBS} = v128.and(q${k}, mask)`)
    const carry = `i64x2.shr_u(q${k}, 28)`
    lines.push(k < 2 * LIMBS - 2 ? `q${k + 1} = i64x2.add(q${k + 1}, ${carry})` : `const r${LIMBS - 1} = ${carry}`)
  }
  for (let i = 0; i < LIMBS; i += 2) {
    lines.push(`v128.store(out, i32x4.shuffle(r${i}, r${i + 1}, 0, 2, 4, 6), ${8 * i})`)
  }
  return body('reduceColumns', 'out: usize, w: usize', lines)
}

const SCRATCH = `/** Columns of the low halves, the high halves and the sums. */
const COLUMNS: usize = memory.data(${COLUMN_BYTES}, 16)
/** (K − b1, b0), and low + high halves of a, b and that. */
const CROSSED: usize = memory.data(${8 * LIMBS}, 16)
const SUM_A: usize = memory.data(64, 16)
const SUM_B: usize = memory.data(64, 16)
const SUM_C: usize = memory.data(64, 16)
const SUM_D: usize = memory.data(64, 16)
const SQUARE_LEFT: usize = memory.data(${8 * LIMBS}, 16)
const SQUARE_RIGHT: usize = memory.data(${8 * LIMBS}, 16)

/** out = low half + high half of the limbs. */
function sumHalves(out: usize, a: usize): void {
${range(4)
  .map((j) => {
    const load = j === 3 ? 'v128.load64_zero' : 'v128.load'
    return `  v128.store(out, i32x4.add(${load}(a, ${16 * j}), ${load}(a, ${HALF_BYTES + 16 * j})), ${16 * j})\n`
  })
  .join('')}}
`

const PRODUCTS = `/** out = a·b in Fp2. */
export function f2mul(out: usize, a: usize, b: usize): void {
  const even = v128.load(LOW_OF_64)
${range(HALF)
  .map(
    (j) => `  const b${j} = v128.load(b, ${16 * j})
  const d${j} = v128.xor(i32x4.shuffle(b${j}, b${j}, 1, 0, 3, 2), even)
  v128.store(CROSSED, i32x4.add(d${j}, v128.load(LIFTED, ${16 * j})), ${16 * j})
`,
  )
  .join('')}  f2columns(COLUMNS, a, b, CROSSED)
  reduceColumns(out, COLUMNS)
}

/** The columns of a·b, not reduced; d = (K − b1, b0). */
export function f2columns(w: usize, a: usize, b: usize, d: usize): void {
  sumHalves(SUM_A, a)
  sumHalves(SUM_B, b)
  sumHalves(SUM_D, d)
  columnsFp2(w, a, b, d)
  columnsFp2(w + ${BLOCK}, a + ${HALF_BYTES}, b + ${HALF_BYTES}, d + ${HALF_BYTES})
  columnsFp2(w + ${2 * BLOCK}, SUM_A, SUM_B, SUM_D)
}

/** out = (a0·b0, a1·b1). */
export function f2mulLanes(out: usize, a: usize, b: usize): void {
  sumHalves(SUM_A, a)
  sumHalves(SUM_B, b)
  columnsLanes(COLUMNS, a, b)
  columnsLanes(COLUMNS + ${BLOCK}, a + ${HALF_BYTES}, b + ${HALF_BYTES})
  columnsLanes(COLUMNS + ${2 * BLOCK}, SUM_A, SUM_B)
  reduceColumns(out, COLUMNS)
}

/** out = (a0·b0 + c0·d0, a1·b1 + c1·d1). */
export function f2mulLanesSum(out: usize, a: usize, b: usize, c: usize, d: usize): void {
  sumHalves(SUM_A, a)
  sumHalves(SUM_B, b)
  sumHalves(SUM_C, c)
  sumHalves(SUM_D, d)
  columnsLanesSum(COLUMNS, a, b, c, d)
  columnsLanesSum(COLUMNS + ${BLOCK}, a + ${HALF_BYTES}, b + ${HALF_BYTES}, c + ${HALF_BYTES}, d + ${HALF_BYTES})
  columnsLanesSum(COLUMNS + ${2 * BLOCK}, SUM_A, SUM_B, SUM_C, SUM_D)
  reduceColumns(out, COLUMNS)
}

/** out = (a0², a1²). */
export function f2sqrLanes(out: usize, a: usize): void {
  sumHalves(SUM_A, a)
  columnsSquare(COLUMNS, a)
  columnsSquare(COLUMNS + ${BLOCK}, a + ${HALF_BYTES})
  columnsSquare(COLUMNS + ${2 * BLOCK}, SUM_A)
  reduceColumns(out, COLUMNS)
}
`

/** (a0 + a1)(a0 − a1) and 2·a0·a1 as one two-lane product. */
function printSquare(): string {
  const lines = ['const even = v128.load(LOW_OF_64)']
  for (let at = 0; at < 8 * LIMBS; at += 16) {
    const [x, s] = [`x${at}`, `s${at}`]
    lines.push(
      `const ${x} = v128.load(a, ${at})`,
      `const ${s} = i32x4.shuffle(${x}, ${x}, 1, 0, 3, 2)`,
      `v128.store(SQUARE_LEFT, i32x4.add(${s}, i32x4.shuffle(${x}, ${x}, 0, 0, 2, 2)), ${at})`,
      `const m${at} = i32x4.add(${x}, v128.load(SQUARE_LIFT, ${at}))`,
      `v128.store(SQUARE_RIGHT, i32x4.sub(m${at}, v128.and(${s}, even)), ${at})`,
    )
  }
  return body('f2sqr', 'out: usize, a: usize', [...lines, 'f2mulLanes(out, SQUARE_LEFT, SQUARE_RIGHT)'])
}

function body(name: string, parameters: string, lines: string[]): string {
  return `export function ${name}(${parameters}): void {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`
}
