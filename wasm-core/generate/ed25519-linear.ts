/**
 * The linear kernels of edwards25519: sums and differences of lanes of one or two quadruples, in any arrangement.
 * Subtracting x is adding the exclusive or with ones, -x - 1, and BIAS + 1: one lane may subtract while its neighbour adds.
 * @module
 */
import { type Bounds, KernelOverflow, times } from './checked-limbs.ts'
import { add, type LaneBody, laneBody, lanes32, lowBits, shiftRight, times19, type Vector } from './ed25519-lanes.ts'
import { BIAS, BITS, DIFFERENCE, LIMBS, load, store, TIGHT, TOP_BITS } from './ed25519-layout.ts'

type Four<T> = readonly [T, T, T, T]

/** In each lane: plus, minus or none of the operand's lane of that number. */
interface LinearTerm {
  readonly limbs: readonly Vector[]
  readonly from: Four<0 | 1 | 2 | 3>
  readonly sign: Four<1 | 0 | -1>
}

export interface Linear {
  subtract(): LaneBody
  addition(): LaneBody
  beforeAdding(): LaneBody
  beforeDoubling(): LaneBody
  afterAdding(): LaneBody
  afterDoubling(): LaneBody
  negateCached(): LaneBody
}

const STRAIGHT = [0, 1, 2, 3] as const
const PLUS = [1, 1, 1, 1] as const
const MINUS = [-1, -1, -1, -1] as const

/** `constants` receives the masks and biases that the kernels read, by name. */
export function newLinear(constants: Map<string, string>): Linear {
  const combine = (body: LaneBody, terms: readonly LinearTerm[]): Vector[] => {
    const texts = terms.map((term) => {
      const present = localMask(
        body,
        constants,
        term.sign.map((sign) => sign !== 0),
      )
      const minus = localMask(
        body,
        constants,
        term.sign.map((sign) => sign < 0),
      )
      return term.limbs.map(({ text }) => {
        const moved = term.from.every((lane, i) => lane === i)
          ? text
          : `v128.shuffle<i32>(${text}, ${text}, ${term.from.join(', ')})`
        const kept = present === 'all' ? moved : `v128.and(${moved}, ${present})`
        return minus === 'none' ? kept : minus === 'all' ? `v128.not(${kept})` : `v128.xor(${kept}, ${minus})`
      })
    })
    const negatives = STRAIGHT.map((lane) => terms.filter(({ sign }) => sign[lane] < 0).length)
    const bias = negatives.every((count) => count === 0) ? undefined : biasName(constants, negatives)
    return BIAS.map((biasLimb, i) => {
      const maxima = STRAIGHT.map((lane) =>
        terms.reduce((total, { limbs, sign }) => {
          const { max } = limbs[i]!
          if (sign[lane] < 0 && max > biasLimb) throw new KernelOverflow(`limb ${i} of a subtrahend`, max)
          return total + (sign[lane] > 0 ? max : sign[lane] < 0 ? biasLimb : 0n)
        }, 0n),
      )
      const parts = texts.map((text) => text[i]!)
      if (bias) parts.push(`v128.load(${bias}, ${16 * i})`)
      const max = maxima.reduce((a, b) => (a > b ? a : b)) // lanes may wrap on the way; their sums are in 0..max
      return lanes32(
        parts.reduce((sum, part) => `i32x4.add(${sum}, ${part})`),
        max,
      )
    })
  }
  return {
    subtract() {
      const body = laneBody(32)
      const a = load(body, 'a', 'a', times(TIGHT, 2))
      const b = load(body, 'b', 'b', TIGHT)
      const terms: LinearTerm[] = [
        { limbs: a, from: STRAIGHT, sign: PLUS },
        { limbs: b, from: STRAIGHT, sign: MINUS },
      ]
      return store(body, 'out', carryOnce(body, combine(body, terms)))
    },
    addition() {
      const body = laneBody(32)
      const a = load(body, 'a', 'a', TIGHT)
      const b = load(body, 'b', 'b', TIGHT)
      const terms = [a, b].map((limbs): LinearTerm => ({ limbs, from: STRAIGHT, sign: PLUS }))
      return store(body, 'out', carryOnce(body, combine(body, terms)))
    },
    beforeAdding() {
      const body = laneBody(32)
      const limbs = load(body, 'p', 'p', TIGHT)
      const terms: LinearTerm[] = [
        { limbs, from: [1, 1, 2, 3], sign: PLUS },
        { limbs, from: [0, 0, 2, 3], sign: [-1, 1, 0, 0] },
      ]
      return store(body, 'out', combine(body, terms), DIFFERENCE)
    },
    beforeDoubling() {
      const body = laneBody(32)
      const limbs = load(body, 'p', 'p', TIGHT)
      const terms: LinearTerm[] = [
        { limbs, from: [0, 1, 2, 0], sign: PLUS },
        { limbs, from: [0, 1, 2, 1], sign: [0, 0, 0, 1] },
      ]
      return store(body, 'out', combine(body, terms), times(TIGHT, 2))
    },
    afterAdding() {
      const body = laneBody(32)
      const limbs = load(body, 'v', 'v', TIGHT)
      const terms: LinearTerm[] = [
        { limbs, from: [1, 2, 2, 1], sign: PLUS },
        { limbs, from: [0, 3, 3, 0], sign: [-1, 1, -1, 1] },
      ]
      return storeOperands(body, carryOnce(body, combine(body, terms)))
    },
    afterDoubling() {
      const body = laneBody(32)
      const limbs = load(body, 'v', 'v', TIGHT)
      const terms: LinearTerm[] = [
        { limbs, from: [0, 0, 0, 0], sign: PLUS },
        { limbs, from: [1, 1, 1, 1], sign: [1, -1, -1, 1] },
        { limbs, from: [3, 3, 2, 2], sign: [-1, 0, 1, 0] },
        { limbs, from: [3, 3, 2, 2], sign: [0, 0, 1, 0] },
      ]
      return storeOperands(body, carryOnce(body, combine(body, terms)))
    },
    negateCached() {
      const body = laneBody(32)
      const limbs = load(body, 'q', 'q', TIGHT)
      return store(body, 'out', combine(body, [{ limbs, from: [1, 0, 2, 3], sign: [1, 1, 1, -1] }]), BIAS)
    },
  }
}

/** Carries every limb into the next, all at once; enough for sums of a few tight numbers. */
function carryOnce(body: LaneBody, limbs: readonly Vector[]): Vector[] {
  const sums = limbs.map((limb, i) => body.keep(`q${i}`, limb))
  const over = body.keep('over', shiftRight(sums[LIMBS - 1]!, TOP_BITS))
  return sums.map((limb, i) => {
    const low = lowBits(limb, i === LIMBS - 1 ? TOP_BITS : BITS)
    return body.keep(`r${i}`, add(low, i === 0 ? times19(over) : shiftRight(sums[i - 1]!, BITS)))
  })
}

/** From E, G, F, H the operands of the product that ends every formula: (E, G, F, E) · (F, H, G, H) = X, Y, Z, T. */
function storeOperands(body: LaneBody, limbs: readonly Vector[]): LaneBody {
  const arrange = (from: string) =>
    limbs.map(({ text, max }) => lanes32(`v128.shuffle<i32>(${text}, ${text}, ${from})`, max))
  store(body, 'a', arrange('0, 1, 2, 0'))
  return store(body, 'b', arrange('2, 3, 1, 3'))
}

/** A local holding ones in the chosen lanes. */
function localMask(body: LaneBody, constants: Map<string, string>, lanes: readonly boolean[]): string {
  if (lanes.every((lane) => lane)) return 'all'
  if (lanes.every((lane) => !lane)) return 'none'
  const pattern = lanes.map((lane) => (lane ? 1 : 0)).join('')
  constants.set(
    `LANES_${pattern}`,
    dataText(
      `LANES_${pattern}`,
      lanes.map((lane) => (lane ? 0xffffffffn : 0n)),
    ),
  )
  const line = `const lanes${pattern} = v128.load(LANES_${pattern})`
  if (!body.lines.includes(line)) body.lines.unshift(line)
  return `lanes${pattern}`
}

/** BIAS + 1 in each lane, as often as that lane subtracts. */
function biasName(constants: Map<string, string>, counts: readonly number[]): string {
  const name = `BIAS_${counts.join('')}`
  constants.set(
    name,
    dataText(
      name,
      BIAS.flatMap((limb) => counts.map((count) => (limb + 1n) * BigInt(count))),
    ),
  )
  return name
}

function dataText(name: string, words: Bounds): string {
  return `const ${name}: usize = memory.data<u32>([${words.map((word) => `0x${word.toString(16)}`).join(', ')}], 16)\n`
}
