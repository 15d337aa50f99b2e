/**
 * Prints the kernels of edwards25519: four integers modulo p = 2^255 - 19 at once, one per 32-bit lane.
 *
 * A number has nine limbs of 29 bits; limb i of four numbers is one v128, so four numbers, usually the coordinates
 * X, Y, Z, T of a point, take 144 bytes. Every formula for points on a twisted Edwards curve is then two products of
 * quadruples with a little shuffling and adding in between (the arrangement of Hisil, Wong, Carter and Dawson 2008, §4).
 *
 * "Tight" is what every kernel here returns, up to those that say otherwise. Nine products of 29-bit limbs are below
 * 2^61.2, so one operand may be three times as large while the other is twice: differences, which add a multiple of p
 * to stay positive, need not be carried before they are multiplied. Reduction folds with 2^261 ≡ 64·19 and 2^255 ≡ 19.
 * Bounds are the largest over all lanes, computed by `ed25519-lanes.ts`; what could overflow is not printed.
 * @module
 */
import { type Bounds, times } from './checked-limbs.ts'
import {
  add,
  type Half,
  type LaneBody,
  laneBody,
  lanes32,
  lowBits,
  masksText,
  product,
  shiftLeft,
  shiftRight,
  times19,
  type Vector,
} from './ed25519-lanes.ts'
import { BIAS, BITS, DIFFERENCE, functionText, LIMBS, load, MASK, P, store, TIGHT, TOP_BITS } from './ed25519-layout.ts'
import { newLinear } from './ed25519-linear.ts'

/** -121665/121666, the d of -x² + y² = 1 + d·x²·y². */
export const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n
const SQRT_MINUS_ONE = power(2n, (P - 1n) / 4n)
const BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202n
const BASE_Y = (4n * power(5n, P - 2n)) % P

export function generate(): Record<string, string> {
  const constants = new Map<string, string>() // what the kernels read: masks and biases, printed in front of them
  const linear = newLinear(constants)
  const kernels = [
    functionText('out = a · b in four lanes', 'mulFour', 'out: usize, a: usize, b: usize', mul(['low', 'high'])),
    functionText('out = a² in four lanes', 'sqrFour', 'out: usize, a: usize', sqr(['low', 'high'])),
    functionText('out = a · b in the first two lanes', 'mulTwo', 'out: usize, a: usize, b: usize', mul(['low'])),
    functionText('out = a² in the first two lanes', 'sqrTwo', 'out: usize, a: usize', sqr(['low'])),
    functionText('out = a - b in four lanes', 'subFour', 'out: usize, a: usize, b: usize', linear.subtract()),
    functionText('out = a + b in four lanes', 'addFour', 'out: usize, a: usize, b: usize', linear.addition()),
    functionText('out = a in 0..p-1, in four lanes', 'freezeFour', 'out: usize, a: usize', freeze()),
    functionText(
      'out = (Y - X, Y + X, Z, T), not carried',
      'sumsAndDifferences',
      'out: usize, p: usize',
      linear.beforeAdding(),
    ),
    functionText(
      'out = (X, Y, Z, X + Y), not carried',
      'beforeDoubling',
      'out: usize, p: usize',
      linear.beforeDoubling(),
    ),
    functionText(
      'From (B1, B2, D, C): a = (E, G, F, E), b = (F, H, G, H) with E = B2 - B1, H = B2 + B1, F = D - C, G = D + C',
      'afterAdding',
      'a: usize, b: usize, v: usize',
      linear.afterAdding(),
    ),
    functionText(
      'From (X², Y², Z², S): the same with E = X² + Y² - S, H = X² + Y², G = X² - Y², F = G + 2Z²',
      'afterDoubling',
      'a: usize, b: usize, v: usize',
      linear.afterDoubling(),
    ),
    functionText(
      'out = -q for (Y - X, Y + X, 2Z, 2dT): two lanes swapped, one negated, not carried',
      'negateCached',
      'out: usize, q: usize',
      linear.negateCached(),
    ),
    fourText('0', 'ZERO', [0n, 0n, 0n, 0n]),
    fourText('1 in each lane', 'ONE', [1n, 1n, 1n, 1n]),
    fourText('d in each lane', 'CURVE_D', [D, D, D, D]),
    fourText('A square root of -1 in each lane', 'ROOT_OF_MINUS_ONE', Array(4).fill(SQRT_MINUS_ONE)),
    fourText('What makes (Y - X, Y + X, Z, T) a cached point', 'CACHING', [1n, 1n, 2n, (2n * D) % P]),
    fourText('The identity, as X, Y, Z, T', 'IDENTITY', [0n, 1n, 1n, 0n]),
    fourText('The identity, cached', 'IDENTITY_CACHED', [1n, 1n, 2n, 0n]),
    fourText('The base point', 'BASE', [BASE_X, BASE_Y, 1n, (BASE_X * BASE_Y) % P]),
  ]
  const parts = [
    '// Printed by generate/ed25519-field.ts. Do not edit.\n',
    masksText(),
    ...constants.values(),
    ...kernels,
  ]
  return { 'field.ts': parts.join('\n') }
}

// ---- products

export function mul(halves: readonly Half[], aBounds: Bounds = DIFFERENCE, bBounds: Bounds = BIAS): LaneBody {
  const body = laneBody(64)
  const a = load(body, 'a', 'a', aBounds)
  const b = load(body, 'b', 'b', bBounds)
  return reduce(body, halves, (k, half) => {
    const products: Vector[] = []
    for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++)
      products.push(product(a[i]!, b[k - i]!, half))
    return products
  })
}

export function sqr(halves: readonly Half[], bounds: Bounds = times(TIGHT, 2)): LaneBody {
  const body = laneBody(64)
  const a = load(body, 'a', 'a', bounds)
  const doubled = a.slice(0, -1).map((limb, i) => body.keep(`d${i}`, add(limb, limb)))
  return reduce(body, halves, (k, half) => {
    const products: Vector[] = []
    for (let i = Math.max(0, k - LIMBS + 1); 2 * i < k; i++) products.push(product(doubled[i]!, a[k - i]!, half))
    if (k % 2 === 0) products.push(product(a[k / 2]!, a[k / 2]!, half))
    return products
  })
}

function reduce(body: LaneBody, halves: readonly Half[], productsOf: (k: number, half: Half) => Vector[]): LaneBody {
  const [low, high] = halves.map((half) => reduceHalf(body, half, (k) => productsOf(k, half)))
  const results = low!.map((limb, i) => {
    const other = high?.[i]
    const max = other && other.max > limb.max ? other.max : limb.max
    const lanes = other ? '0, 2, 4, 6' : '0, 2, 0, 2'
    return lanes32(`v128.shuffle<i32>(${limb.text}, ${(other ?? limb).text}, ${lanes})`, max)
  })
  return store(body, 'out', results)
}

function reduceHalf(body: LaneBody, half: Half, productsOf: (k: number) => Vector[]): Vector[] {
  const keep = (name: string, value: Vector) => body.keep(`${half}_${name}`, value)
  const high: Vector[] = [] // columns 9..16 as 29-bit digits, and what is left above them
  let carry: Vector[] = []
  for (let k = LIMBS; k <= 2 * LIMBS - 2; k++) {
    const q = keep(`q${k}`, add(...productsOf(k), ...carry))
    high[k] = keep(`h${k}`, lowBits(q, BITS))
    carry = [shiftRight(q, BITS)]
  }
  high[2 * LIMBS - 1] = keep(`h${2 * LIMBS - 1}`, carry[0]!)
  const low: Vector[] = []
  carry = []
  let top = high[LIMBS]!
  for (let k = 0; k < LIMBS; k++) {
    top = keep(`q${k}`, add(...productsOf(k), times19(keep(`s${k}`, shiftLeft(high[k + LIMBS]!, 6))), ...carry))
    low[k] = keep(`r${k}`, lowBits(top, k === LIMBS - 1 ? TOP_BITS : BITS))
    carry = [shiftRight(top, BITS)]
  }
  const over = keep('over', shiftRight(top, TOP_BITS))
  const first = keep('first', add(low[0]!, times19(over)))
  return [lowBits(first, BITS), add(low[1]!, shiftRight(first, BITS)), ...low.slice(2)]
}

// ---- the unique representative

/**
 * Two carry passes, each folding what lies above 2^255, bring a tight number below 2^255; then x + 19 reaches 2^255
 * exactly when x ≥ p, and a mask picks the one or the other.
 */
function freeze(): LaneBody {
  const body = laneBody(32)
  let limbs = load(body, 'a', 'a', TIGHT)
  for (let pass = 0; pass < 2; pass++) {
    const over = body.keep(`over${pass}`, shiftRight(limbs[LIMBS - 1]!, TOP_BITS))
    limbs = carryChain(
      body,
      `p${pass}_`,
      limbs.map((limb, i) => {
        if (i === 0) return add(limb, times19(over))
        return i === LIMBS - 1 ? lowBits(limb, TOP_BITS) : limb
      }),
    )
  }
  const nineteen = lanes32('i32x4.splat(19)', 19n)
  const reduced = carryChain(
    body,
    'c',
    limbs.map((limb, i) => (i === 0 ? add(limb, nineteen) : limb)),
  )
  body.lines.push(`const mask = i32x4.neg(${shiftRight(reduced[LIMBS - 1]!, TOP_BITS).text})`)
  for (const [i, limb] of limbs.entries()) {
    const low = i === LIMBS - 1 ? lowBits(reduced[i]!, TOP_BITS) : reduced[i]!
    body.lines.push(`v128.store(out, v128.bitselect(${low.text}, ${limb.text}, mask), ${16 * i})`)
  }
  return body
}

/** Carries through all limbs one after another; the top one keeps what comes. */
function carryChain(body: LaneBody, prefix: string, limbs: readonly Vector[]): Vector[] {
  let carry: Vector[] = []
  return limbs.map((limb, k) => {
    const q = body.keep(`${prefix}q${k}`, add(limb, ...carry))
    carry = [shiftRight(q, BITS)]
    return k === LIMBS - 1 ? q : body.keep(`${prefix}r${k}`, lowBits(q, BITS))
  })
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let b = base, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P
  return result
}

/** Four constants as nine v128. */
function fourText(doc: string, name: string, values: readonly bigint[]): string {
  const words = Array.from({ length: LIMBS }, (_, i) =>
    values.map((value) => `0x${((value >> BigInt(BITS * i)) & MASK).toString(16)}`),
  )
  return `/** ${doc} */\nexport const ${name}: usize = memory.data<u32>([${words.flat().join(', ')}], 16)\n`
}
