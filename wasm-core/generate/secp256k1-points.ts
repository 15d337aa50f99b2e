/**
 * Prints the point formulas of secp256k1 (y² = x³ + 7) as sequences of field kernel calls.
 *
 * Additions in the field are not carried, so a number may be a few times larger than a kernel returns. The small
 * program language below carries the bounds of each value along and, at every call, re-derives the kernel for exactly
 * those operands: a formula that would overflow one of its multiplications is not printed. It also refuses to read a
 * coordinate of an operand after writing that of the result, so every formula may work in place.
 *
 * A point is X, Y, Z at 0, 40, 80; an affine point is x, y at 0, 40. All coordinates in and out are tight.
 * @module
 */
import { type Bounds, within } from './checked-limbs.ts'
import {
  addBounds,
  MINUEND,
  multiply,
  multiplySum,
  opposite,
  P,
  SUBTRAHEND,
  scale,
  square,
  subtract,
  TIGHT,
} from './secp256k1-field.ts'

/** Bytes from one field element to the next. */
const STRIDE = 40

interface Value {
  address: string
  bounds: Bounds
  /** Which coordinate of an operand it is. */
  input?: number
}

export function generate(): Record<string, string> {
  if (P % 4n !== 3n) throw new Error('p must be 3 modulo 4')
  const functions = [jacobianDouble(), jacobianAdd(false), jacobianAdd(true), completeAdd(), completeDouble()]
  const temporaries = Math.max(...functions.map(({ slots }) => slots))
  return {
    'points.ts': `// Printed by generate/secp256k1-points.ts. Do not edit.
import {
  fieldAdd,
  fieldHalfTriple,
  fieldMul,
  fieldMulSum,
  fieldOpposite,
  fieldScale,
  fieldSqr,
  fieldSub,
} from './field'
import { fieldIsZero } from '../../assembly/secp256k1/field'
import { TEMPORARIES } from '../../assembly/secp256k1/memory'

/** Bytes that the formulas use at TEMPORARIES. */
export const TEMPORARY_BYTES: usize = ${temporaries * STRIDE}
/** Z of the sum divided by Z of the first operand, after \`jacobianAddAffine\`. */
export const RATIO: usize = TEMPORARIES + ${RATIO_SLOT * STRIDE}
/** Zero exactly when two points that share their x are equal, after an addition that returned false. */
export const SLOPE: usize = TEMPORARIES + ${SLOPE_SLOT * STRIDE}

${functions.map(({ text }) => text).join('\n')}`,
  }
}

const RATIO_SLOT = 0
const SLOPE_SLOT = 1

interface Formula {
  text: string
  slots: number
}

/** Writes one formula; `build` calls the operations and the result is its text. */
function formula(
  doc: string,
  name: string,
  parameters: string,
  returns: string,
  build: (f: Operations) => void,
): Formula {
  const lines: string[] = []
  let slots = 2 // the two that are also read from outside
  const written = new Set<number>()
  const call = (kernel: string, operands: Value[], bounds: Bounds, to?: string, extra = ''): Value => {
    if (operands.some(({ input }) => input !== undefined && written.has(input)))
      throw new Error(`${name} reads a coordinate of an operand after writing that of the result`)
    if (to?.startsWith('out')) {
      written.add(OUT.indexOf(to))
      if (!within(bounds, TIGHT)) throw new Error(`${name} returns a coordinate that is not tight`)
    }
    const address = to ?? `TEMPORARIES + ${slots++ * STRIDE}`
    lines.push(`${kernel}(${[address, ...operands.map((o) => o.address)].join(', ')}${extra})`)
    return { address, bounds }
  }
  const operations: Operations = {
    input: (pointer, i) => ({ address: i === 0 ? pointer : `${pointer} + ${i * STRIDE}`, bounds: TIGHT, input: i }),
    mul: (a, b, to) => call('fieldMul', [a, b], multiply(a.bounds, b.bounds).out, to),
    mulSum(a, b, c, d, to) {
      const { out } = multiplySum(a.bounds, b.bounds, c.bounds, d.bounds)
      return call('fieldMulSum', [a, b, c, d], out, to)
    },
    opposite: (a) => call('fieldOpposite', [a], opposite(a.bounds).out),
    sqr: (a, to) => call('fieldSqr', [a], square(a.bounds).out, to),
    add: (a, b, to) => call('fieldAdd', [a, b], addBounds(a.bounds, b.bounds), to),
    sub(a, b, to) {
      if (!within(a.bounds, MINUEND) || !within(b.bounds, SUBTRAHEND))
        throw new Error(`${name} subtracts beyond the bias`)
      return call('fieldSub', [a, b], subtract(a.bounds, b.bounds).out, to)
    },
    scale(a, k, to) {
      if (!within(a.bounds, MINUEND)) throw new Error(`${name} scales too large a number`)
      return call('fieldScale', [a], scale(a.bounds, BigInt(k)).out, to, `, ${k}`)
    },
    halfTriple(a) {
      if (!within(a.bounds, TIGHT)) throw new Error(`${name} takes the slope of a number that is not tight`)
      return call('fieldHalfTriple', [a], TIGHT)
    },
    say: (line) => lines.push(line),
  }
  build(operations)
  const body = lines.map((line) => `  ${line}`).join('\n')
  return { text: `/** ${doc} */\nexport function ${name}(${parameters}): ${returns} {\n${body}\n}\n`, slots }
}

interface Operations {
  input(pointer: string, i: number): Value
  mul(a: Value, b: Value, to?: string): Value
  /** a·b + c·d */
  mulSum(a: Value, b: Value, c: Value, d: Value, to?: string): Value
  opposite(a: Value): Value
  sqr(a: Value, to?: string): Value
  add(a: Value, b: Value, to?: string): Value
  sub(a: Value, b: Value, to?: string): Value
  scale(a: Value, k: number, to?: string): Value
  halfTriple(a: Value): Value
  say(line: string): void
}

const OUT: readonly string[] = ['out', `out + ${STRIDE}`, `out + ${2 * STRIDE}`]
const slot = (i: number): string => `TEMPORARIES + ${i * STRIDE}`

/** With L = 3X²/2, S = Y², T = X·S: X' = L² - 2T, Y' = L(T - X') - S², Z' = YZ. 3 products, 4 squares. */
function jacobianDouble(): Formula {
  const doc = 'out = 2p. Jacobian; p is not the identity.'
  return formula(doc, 'jacobianDouble', 'out: usize, p: usize', 'void', (f) => {
    const [x, y, z] = [f.input('p', 0), f.input('p', 1), f.input('p', 2)]
    const slope = f.halfTriple(f.sqr(x))
    const s = f.sqr(y)
    const t = f.mul(x, s)
    const slope2 = f.sqr(slope)
    f.mul(y, z, OUT[2])
    const x3 = f.sub(slope2, f.add(t, t), OUT[0])
    f.mulSum(slope, f.sub(t, x3), s, f.opposite(s), OUT[1])
  })
}

/**
 * H = x·Z² - X, M = y·Z³ - Y: X' = M² - H³ - 2XH², Y' = M(XH² - X') - YH³, Z' = ZH. 8 products, 3 squares.
 * In the scaled form p lives on an isomorphic curve whose Z must be multiplied by `unit` to be the true one: Z·unit takes
 * the place of Z when the operand is brought to the common denominator, and Z' is still Z·H.
 */
function jacobianAdd(scaled: boolean): Formula {
  const exceptions = 'False, with nothing written but SLOPE, when p = ±q: the formula does not hold there.'
  const doc = scaled
    ? `out = p + q, where q is affine and the Z of p counts in units of \`unit\`. ${exceptions}`
    : `out = p + q. Jacobian p, not the identity, plus affine q. ${exceptions}`
  const parameters = `out: usize, p: usize, q: usize${scaled ? ', unit: usize' : ''}`
  return formula(doc, scaled ? 'jacobianAddScaled' : 'jacobianAddAffine', parameters, 'bool', (f) => {
    const [x1, y1, z1] = [f.input('p', 0), f.input('p', 1), f.input('p', 2)]
    const [x2, y2] = [f.input('q', 0), f.input('q', 1)]
    const z = scaled ? f.mul(z1, f.input('unit', 0)) : z1
    const zz = f.sqr(z)
    const h = f.sub(f.mul(x2, zz), x1, slot(RATIO_SLOT))
    const m = f.sub(f.mul(y2, f.mul(z, zz)), y1, slot(SLOPE_SLOT))
    f.say(`if (fieldIsZero(${h.address})) return false`)
    const hh = f.sqr(h)
    const hhh = f.mul(h, hh)
    const v = f.mul(x1, hh)
    f.mul(z1, h, OUT[2])
    const x3 = f.sub(f.sqr(m), f.add(f.add(v, v), hhh), OUT[0])
    f.mulSum(m, f.sub(v, x3), y1, f.opposite(hhh), OUT[1])
    f.say('return true')
  })
}

/**
 * Renes, Costello, Batina 2016 (eprint 2015/1060), algorithm 8: homogeneous p plus affine q on y² = x³ + b, b3 = 21.
 * Complete: the same operations for p = q, p = -q and p = identity (0 : 1 : 0), which is what signing needs.
 */
function completeAdd(): Formula {
  const doc = 'out = p + q, for every p. Homogeneous p, affine q; the same operations whatever the values.'
  return formula(doc, 'completeAddAffine', 'out: usize, p: usize, q: usize', 'void', (f) => {
    const [x1, y1, z1] = [f.input('p', 0), f.input('p', 1), f.input('p', 2)]
    const [x2, y2] = [f.input('q', 0), f.input('q', 1)]
    const xx = f.mul(x1, x2)
    const yy = f.mul(y1, y2)
    const cross = f.sub(f.mul(f.add(x2, y2), f.add(x1, y1)), f.add(xx, yy)) // x1·y2 + x2·y1
    const yz = f.add(f.mul(y2, z1), y1)
    const xz = f.scale(f.add(f.mul(x2, z1), x1), 21)
    const xx3 = f.scale(xx, 3)
    const z21 = f.scale(z1, 21)
    const plus = f.add(yy, z21)
    const minus = f.sub(yy, z21)
    f.mulSum(cross, minus, yz, f.opposite(xz), OUT[0])
    f.mulSum(xz, xx3, minus, plus, OUT[1])
    f.mulSum(xx3, cross, plus, yz, OUT[2])
  })
}

/**
 * The same paper, algorithm 9: doubling that holds for the identity too, t0 = Y², t2 = b3·Z²:
 * X' = 2XY(t0 - 3t2), Y' = (t0 - 3t2)(t0 + t2) + 8·t0·t2, Z' = 8·t0·YZ. 6 products, 2 squares.
 */
function completeDouble(): Formula {
  const doc = 'out = 2p, for every p. Homogeneous; the same operations whatever the values.'
  return formula(doc, 'completeDouble', 'out: usize, p: usize', 'void', (f) => {
    const [x, y, z] = [f.input('p', 0), f.input('p', 1), f.input('p', 2)]
    const yy = f.sqr(y)
    const eight = f.scale(yy, 8)
    const zz21 = f.scale(f.sqr(z), 21)
    const xy = f.mul(x, y)
    const yz = f.mul(y, z)
    const difference = f.sub(yy, f.add(f.add(zz21, zz21), zz21))
    f.scale(f.mul(difference, xy), 2, OUT[0])
    f.mulSum(difference, f.add(yy, zz21), eight, zz21, OUT[1])
    f.mul(eight, yz, OUT[2])
  })
}
