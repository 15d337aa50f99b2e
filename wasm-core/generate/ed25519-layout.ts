/** How four integers modulo 2^255 - 19 lie in memory, and how large their limbs may be: see `ed25519-field.ts`. */
import { type Bounds, KernelOverflow, plus, within } from './checked-limbs.ts'
import { type LaneBody, lanes32, type Vector } from './ed25519-lanes.ts'

export const P = 2n ** 255n - 19n
export const LIMBS = 9
export const BITS = 29
export const TOP_BITS = 23
export const MASK = (1n << BigInt(BITS)) - 1n

export const TIGHT: Bounds = Array.from({ length: LIMBS }, (_, i) =>
  i === LIMBS - 1 ? (1n << BigInt(TOP_BITS)) + 15n : MASK + (1n << 18n),
)
/** 2p in limbs each of which is at least as large as a tight one: a - b + BIAS never borrows. */
export const BIAS: Bounds = Array.from({ length: LIMBS }, (_, i) => {
  if (i === 0) return (1n << 30n) - 38n
  return i === LIMBS - 1 ? (1n << 24n) - 2n : (1n << 30n) - 2n
})
/** A tight number minus a tight one, not carried. */
export const DIFFERENCE: Bounds = plus(TIGHT, BIAS)

/** Reads the nine limbs of a quadruple, whose bounds the caller promises. */
export function load(body: LaneBody, name: string, pointer: string, bounds: Bounds): Vector[] {
  return bounds.map((max, i) => body.keep(`${name}${i}`, lanes32(`v128.load(${pointer}, ${16 * i})`, max)))
}

/** Writes nine limbs, which must be within the bounds. */
export function store(body: LaneBody, pointer: string, limbs: readonly Vector[], bounds: Bounds = TIGHT): LaneBody {
  const out = limbs.map(({ max }) => max)
  if (!within(out, bounds)) throw new KernelOverflow('a result', out.find((max, i) => max > bounds[i]!)!)
  for (const [i, { text }] of limbs.entries()) body.lines.push(`v128.store(${pointer}, ${text}, ${16 * i})`)
  return body
}

export function functionText(doc: string, name: string, parameters: string, { lines }: LaneBody): string {
  return `/** ${doc} */\nexport function ${name}(${parameters}): void {\n${lines.map((l) => `  ${l}`).join('\n')}\n}\n`
}
