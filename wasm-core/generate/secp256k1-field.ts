/**
 * Prints the field kernels of secp256k1: integers modulo p = 2^256 - 2^32 - 977.
 *
 * A number is nine u32 limbs of 29 bits (radix 2^29, 261 bits in all), computed with in u64 locals. The spare bits are
 * the point: a column of nine products of 29-bit limbs is below 2^61.2, so operands may be sums of a few numbers that
 * were never carried. "Tight" means what every kernel here returns: limbs of 29 bits and a little, the top one of 24.
 * The represented value is below 2^257 and not unique; `fieldFreeze` makes it so.
 *
 * Reduction folds with 2^261 ≡ 2^37 + 31264 (that is 2^5 · (2^32 + 977)) and then 2^256 ≡ 2^32 + 977: no comparison,
 * no branch, no conditional subtraction.
 * @module
 */
import {
  BITS,
  type Body,
  type Bounds,
  below,
  column,
  constantText,
  functionText,
  inversionModulusText,
  KernelOverflow,
  LIMBS,
  limbsOf,
  literal,
  lowBits,
  MASK,
  newBody,
  plus,
  product,
  shiftLeft,
  shiftRight,
  squareColumn,
  sum,
  type Term,
  times,
  within,
} from './checked-limbs.ts'

export const P = 2n ** 256n - 2n ** 32n - 977n
/** Order of the group. */
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const TOP_BITS = 256 - BITS * (LIMBS - 1)

/** What every kernel returns and the formulas start from. */
export const TIGHT: Bounds = Array.from({ length: LIMBS }, (_, i) =>
  i === LIMBS - 1 ? (1n << BigInt(TOP_BITS)) - 1n : MASK + (1n << 18n),
)
/** What `fieldSub` accepts on its right, on its left, and `fieldScale` accepts. */
export const SUBTRAHEND: Bounds = times(TIGHT, 4)
export const MINUEND: Bounds = times(TIGHT, 8)

export function generate(): Record<string, string> {
  const pointers = 'out: usize, a: usize'
  const parts = [
    '// Printed by generate/secp256k1-field.ts. Do not edit.\n',
    functionText('out = a · b', 'fieldMul', `${pointers}, b: usize`, multiply(TIGHT, TIGHT).body),
    functionText('out = a²', 'fieldSqr', pointers, square(TIGHT).body),
    functionText(
      'out = a · b + c · d, with one reduction',
      'fieldMulSum',
      `${pointers}, b: usize, c: usize, d: usize`,
      multiplySum(TIGHT, TIGHT, TIGHT, TIGHT).body,
    ),
    functionText('out = -a, not carried', 'fieldOpposite', pointers, opposite(TIGHT).body),
    functionText('out = a + b, not carried', 'fieldAdd', `${pointers}, b: usize`, addBody()),
    functionText('out = a - b', 'fieldSub', `${pointers}, b: usize`, subtract(MINUEND, SUBTRAHEND).body),
    functionText('out = a · k for a small k', 'fieldScale', `${pointers}, k: u64`, scale(MINUEND, 21n).body),
    functionText('out = a · 3/2', 'fieldHalfTriple', pointers, halfTriple().body),
    functionText('out = a in 0..p-1', 'fieldFreeze', pointers, freeze()),
    constantText('1', 'FIELD_ONE', 1n),
    constantText('0', 'FIELD_ZERO', 0n),
    constantText('7, the b of y² = x³ + b', 'CURVE_B', 7n),
    constantText(
      'x of the generator',
      'GENERATOR_X',
      0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    ),
    constantText(
      'y of the generator',
      'GENERATOR_Y',
      0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    ),
    constantText(
      'β: a cube root of 1, (βx, y) = λ·(x, y)',
      'BETA',
      0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een,
    ),
    constantText('p', 'PRIME', P),
    inversionModulusText('FIELD_INVERSION_MODULUS', P),
    constantText('The order n as a field element', 'ORDER_IN_FIELD', N),
    constantText('p - n: an x below it may also stand for x + n', 'PRIME_LESS_ORDER', P - N),
  ]
  return { 'field.ts': parts.join('\n') }
}

interface Kernel {
  body: Body
  out: Bounds
}

/** The multiplication for operands within the given bounds; the text does not depend on them, the proof does. */
export function multiply(aBounds: Bounds, bBounds: Bounds): Kernel {
  const body = newBody()
  const a = aBounds.map((max, i) => body.load(`a${i}`, 'a', i, max))
  const b = bBounds.map((max, i) => body.load(`b${i}`, 'b', i, max))
  return reduce(body, (k) => column(a, b, k))
}

export function multiplySum(aBounds: Bounds, bBounds: Bounds, cBounds: Bounds, dBounds: Bounds): Kernel {
  const body = newBody()
  const load = (pointer: string, bounds: Bounds) => bounds.map((max, i) => body.load(`${pointer}${i}`, pointer, i, max))
  const [a, b, c, d] = [load('a', aBounds), load('b', bBounds), load('c', cBounds), load('d', dBounds)]
  return reduce(body, (k) => [...column(a, b, k), ...column(c, d, k)])
}

export function square(aBounds: Bounds): Kernel {
  const body = newBody()
  const a = aBounds.map((max, i) => body.load(`a${i}`, 'a', i, max))
  const doubled = a.slice(0, -1).map((limb, i) => body.keep(`d${i}`, shiftLeft(limb, 1)))
  return reduce(body, (k) => squareColumn(a, doubled, k))
}

function reduce(body: Body, productsOf: (k: number) => Term[]): Kernel {
  // High columns first, as 29-bit digits h9..h17, so that folding them is cheap.
  const high: Term[] = []
  let carry: Term[] = []
  for (let k = LIMBS; k <= 2 * LIMBS - 2; k++) {
    const q = body.keep(`q${k}`, sum([...carry, ...productsOf(k)]))
    high[k] = body.keep(`h${k}`, lowBits(q, BITS))
    carry = [shiftRight(q, BITS)]
  }
  const last = body.keep(`h${2 * LIMBS - 1}`, carry[0]!)
  high[2 * LIMBS - 1] = last

  // Low columns plus h·(2^37 + 31264): 31264·h stays in its column, h << 8 goes one column up.
  const low: Term[] = []
  carry = []
  let top: Term = last
  for (let k = 0; k < LIMBS; k++) {
    const folded = [product(high[k + LIMBS]!, literal(31264n))]
    if (k > 0) folded.push(shiftLeft(high[k + LIMBS - 1]!, 8))
    const q = body.keep(`q${k}`, sum([...carry, ...productsOf(k), ...folded]))
    low[k] = body.keep(`r${k}`, lowBits(q, k === LIMBS - 1 ? TOP_BITS : BITS))
    carry = [shiftRight(q, BITS)]
    top = q
  }
  // What lies above 2^256: the rest of the top column, and h17 << 8 at 2^261.
  const over = body.keep('over', sum([shiftRight(top, TOP_BITS), shiftLeft(last, 13)]))
  return store(body, foldOver(body, low, over, true))
}

/** Adds over · (2^32 + 977) to the low limbs, carrying out of the first two when `carried`. */
function foldOver(body: Body, limbs: Term[], over: Term, carried: boolean): Term[] {
  const out = [...limbs]
  const first = sum([limbs[0]!, product(over, literal(977n))])
  if (!carried) {
    out[0] = first
    out[1] = sum([limbs[1]!, shiftLeft(over, 3)])
    return out
  }
  const s0 = body.keep('s0', first)
  const s1 = body.keep('s1', sum([shiftRight(s0, BITS), limbs[1]!, shiftLeft(over, 3)]))
  out[0] = lowBits(s0, BITS)
  out[1] = lowBits(s1, BITS)
  out[2] = sum([limbs[2]!, shiftRight(s1, BITS)])
  return out
}

function store(body: Body, limbs: Term[]): Kernel {
  for (const [i, limb] of limbs.entries()) body.store('out', i, { ...limb, text: `(${limb.text})` })
  const out = limbs.map(({ max }) => max)
  if (!within(out, TIGHT))
    throw new KernelOverflow('a result that should be tight', out.find((max, i) => max > TIGHT[i]!)!)
  return { body, out }
}

function addBody(): Body {
  const body = newBody() // two limbs per access, then the ninth: plain 32-bit additions, whose bounds the caller tracks
  for (const i of [0, 4])
    body.lines.push(`v128.store(out, i32x4.add(v128.load(a, ${4 * i}), v128.load(b, ${4 * i})), ${4 * i})`)
  body.lines.push('store<u32>(out, load<u32>(a, 32) + load<u32>(b, 32), 32)')
  return body
}

export function addBounds(a: Bounds, b: Bounds): Bounds {
  const out = plus(a, b)
  for (const max of out) if (max >= 1n << 32n) throw new KernelOverflow('a limb of a sum', max)
  return out
}

/** A multiple of p less a, limb by limb: about twice as large as a tight number. */
export function opposite(aBounds: Bounds): Kernel {
  if (!within(aBounds, TIGHT)) throw new Error('only of tight numbers')
  const bias = biasFor(TIGHT)
  const body = newBody()
  for (const i of [0, 4]) {
    const limbs = bias.slice(i, i + 4).join(', ')
    body.lines.push(`v128.store(out, i32x4.sub(i32x4(${limbs}), v128.load(a, ${4 * i})), ${4 * i})`)
  }
  body.lines.push(`store<u32>(out, ${bias[LIMBS - 1]} - load<u32>(a, 32), 32)`)
  return { body, out: bias }
}

export function subtract(aBounds: Bounds, bBounds: Bounds): Kernel {
  const body = newBody()
  const bias = biasFor(SUBTRAHEND)
  const a = aBounds.map((max, i) => body.load(`a${i}`, 'a', i, max))
  const b = bBounds.map((max, i) => body.load(`b${i}`, 'b', i, max))
  return carryAll(
    body,
    a.map((limb, i) => sum([limb, below(bias[i]!, b[i]!)])),
  )
}

export function scale(aBounds: Bounds, k: bigint): Kernel {
  const body = newBody()
  const a = aBounds.map((max, i) => body.load(`a${i}`, 'a', i, max))
  return carryAll(
    body,
    a.map((limb) => product(limb, { text: 'k', max: k })),
  )
}

/** 3a, plus p when that is odd, shifted down by one: the slope 3x²/2 of a doubling. */
export function halfTriple(): Kernel {
  const body = newBody()
  const a = TIGHT.map((max, i) => body.load(`a${i}`, 'a', i, max))
  body.lines.push(`const odd: u64 = 0 - (${a[0]!.text} & 1)`) // 3a is odd when a is
  const p = limbsOf(P)
  let carry: Term[] = []
  const sums = a.map((limb, k) => {
    const q = body.keep(
      `q${k}`,
      sum([...carry, product(limb, literal(3n)), { text: `(odd & 0x${p[k]!.toString(16)})`, max: p[k]! }]),
    )
    carry = [shiftRight(q, BITS)]
    return k === LIMBS - 1 ? q : body.keep(`r${k}`, lowBits(q, BITS))
  })
  const halves = sums.map((limb, k) => {
    const half = shiftRight(limb, 1)
    return k === LIMBS - 1 ? half : sum([half, shiftLeft(lowBits(sums[k + 1]!, 1), BITS - 1)])
  })
  const top = body.keep('top', halves[LIMBS - 1]!)
  const low = [...halves.slice(0, -1), lowBits(top, TOP_BITS)]
  return store(body, foldOver(body, low, body.keep('over', shiftRight(top, TOP_BITS)), false))
}

function carryAll(body: Body, limbs: Term[]): Kernel {
  const low: Term[] = []
  let carry: Term[] = []
  let top: Term = limbs[0]!
  for (let k = 0; k < LIMBS; k++) {
    top = body.keep(`q${k}`, sum([...carry, limbs[k]!]))
    low[k] = body.keep(`r${k}`, lowBits(top, k === LIMBS - 1 ? TOP_BITS : BITS))
    carry = [shiftRight(top, BITS)]
  }
  const over = body.keep('over', shiftRight(top, TOP_BITS))
  return store(body, foldOver(body, low, over, false))
}

/** The limbs of a multiple of p, each at least as large as the bound: a - b + bias never borrows. */
export function biasFor(bounds: Bounds): bigint[] {
  for (let multiple = 1n; multiple < 1n << 20n; multiple++) {
    const limbs = limbsOf(multiple * P)
    for (let i = 0; i < LIMBS - 1; i++) {
      const lack = bounds[i]! - limbs[i]!
      const borrowed = lack > 0n ? (lack + MASK) >> BigInt(BITS) : 0n
      limbs[i] = limbs[i]! + (borrowed << BigInt(BITS))
      limbs[i + 1] = limbs[i + 1]! - borrowed
    }
    if (limbs.every((limb, i) => limb >= bounds[i]!)) return limbs
  }
  throw new Error('no multiple of p has limbs that large')
}

/**
 * The unique representative. Two carry passes bring a tight number below 2^256 + 2^33 and then below 2^256; then
 * x + 2^32 + 977 reaches 2^256 exactly when x ≥ p, and a mask picks the one or the other.
 */
function freeze(): Body {
  const body = newBody()
  let limbs = TIGHT.map((max, i) => body.load(`a${i}`, 'a', i, max))
  for (let pass = 0; pass < 2; pass++) limbs = carryPass(body, limbs, `p${pass}_`, true)
  const plusC = limbs.map((limb, i) =>
    i === 0 ? sum([limb, literal(977n)]) : i === 1 ? sum([limb, literal(8n)]) : limb,
  )
  const reduced = carryPass(body, plusC, 'c', false)
  const top = reduced[LIMBS - 1]!
  body.lines.push(`const mask: u64 = 0 - (${top.text} >> ${TOP_BITS})`)
  for (const [i, limb] of limbs.entries()) {
    const low = i === LIMBS - 1 ? lowBits(reduced[i]!, TOP_BITS) : reduced[i]!
    body.lines.push(`store<u32>(out, <u32>(${limb.text} ^ (mask & (${limb.text} ^ ${low.text}))), ${4 * i})`)
  }
  return body
}

/** Carries through all limbs; with `fold`, what lies above 2^256 comes back below. */
function carryPass(body: Body, limbs: readonly Term[], prefix: string, fold: boolean): Term[] {
  const out: Term[] = []
  const topLimb = limbs[LIMBS - 1]!
  let start = [...limbs]
  if (fold) {
    const over = body.keep(`${prefix}over`, shiftRight(topLimb, TOP_BITS))
    start = [
      sum([limbs[0]!, product(over, literal(977n))]),
      sum([limbs[1]!, shiftLeft(over, 3)]),
      ...limbs.slice(2, -1),
      lowBits(topLimb, TOP_BITS),
    ]
  }
  let carry: Term[] = []
  for (let k = 0; k < LIMBS; k++) {
    const q = body.keep(`${prefix}q${k}`, sum([...carry, start[k]!]))
    out[k] = k === LIMBS - 1 ? q : body.keep(`${prefix}r${k}`, lowBits(q, BITS))
    carry = [shiftRight(q, BITS)]
  }
  return out
}
