/**
 * The linear operations on pairs: sums, differences, small multiples, the twist by 1 + u and the weak reduction.
 * Each is seven v128 wide. "Carried" ones end with one parallel carry pass: every limb gives what exceeds 28 bits to
 * its upper neighbour, which leaves limbs of at most 2^28 + 14.
 * @module
 */
import { CARRIED_LIMB, LIMB_BITS, LIMBS, limbBounds, MASK, P, refuseUnless, scaled } from './bls12381-bounds.ts'

const WIDE = LIMBS / 2
/** Differences lift the multiple of p by 4·2^28 per limb: up to four un-carried numbers can be subtracted. */
export const DIFFERENCE_LIFT = 4n
/** What `reduce` adds is lifted by 2^28 per limb. */
export const REDUCE_LIFT = 1n
/** Highest multiple of p that `reduce` can take away. */
export const REDUCE_MULTIPLES = 48
/** `reduce` leaves less than this, in multiples of p. */
export const REDUCED_VALUE = 2.001

/** Refuses a carry pass over limbs that do not fit 32 bits or would leave more than a carried limb. */
export function checkCarry(name: string, limb: bigint): void {
  refuseUnless(limb < 1n << 32n, () => `${name}: a limb can reach 0x${limb.toString(16)} ≥ 2^32`)
  refuseUnless(MASK + (limb >> LIMB_BITS) <= CARRIED_LIMB, () => `${name}: one carry pass is not enough`)
}

/** The small multiples there are kernels for. */
export const MULTIPLES = [2, 3, 4, 8, 12] as const

export function printLinear(): string {
  const x = (j: number) => `v128.load(a, ${16 * j})`
  const y = (j: number) => `v128.load(b, ${16 * j})`
  const z = (j: number) => `v128.load(c, ${16 * j})`
  const lift = (j: number) => `v128.load(lift, ${16 * j})`
  const swapped = (j: number) => `i32x4.shuffle(${x(j)}, ${x(j)}, 1, 0, 3, 2)`
  const add = (...terms: string[]) => terms.reduce((sum, term) => `i32x4.add(${sum}, ${term})`)
  const shifted = (j: number, n: number) => `i32x4.shl(${x(j)}, ${n})`
  const multiple: Record<(typeof MULTIPLES)[number], (j: number) => string> = {
    2: (j) => shifted(j, 1),
    3: (j) => add(shifted(j, 1), x(j)),
    4: (j) => shifted(j, 2),
    8: (j) => shifted(j, 3),
    12: (j) => add(shifted(j, 3), shifted(j, 2)),
  }
  return [
    plain('f2add', 'a: usize, b: usize', (j) => add(x(j), y(j)), 'a + b, limbs not carried.'),
    carried('f2addCarried', 'a: usize, b: usize', (j) => add(x(j), y(j)), 'a + b.'),
    carried(
      'f2sub',
      'a: usize, b: usize, lift: usize',
      (j) => `i32x4.sub(${add(x(j), lift(j))}, ${y(j)})`,
      'a − b + lift.',
    ),
    carried(
      'f2subTwo',
      'a: usize, b: usize, c: usize, lift: usize',
      (j) => `i32x4.sub(i32x4.sub(${add(x(j), lift(j))}, ${y(j)}), ${z(j)})`,
      'a − b − c + lift.',
    ),
    carried('f2neg', 'a: usize, lift: usize', (j) => `i32x4.sub(${lift(j)}, ${x(j)})`, 'lift − a.'),
    carried(
      'f2conj',
      'a: usize, lift: usize',
      (j) => `v128.bitselect(${x(j)}, i32x4.sub(${lift(j)}, ${x(j)}), even)`,
      '(a0, lift − a1).',
      ['const even = v128.load(LOW_OF_64)'],
    ),
    carried(
      'f2timesXi',
      'a: usize, lift: usize',
      (j) => add(x(j), `v128.and(${lift(j)}, even)`, `i32x4.sub(v128.xor(${swapped(j)}, even), even)`),
      '(a0 − a1 + lift, a1 + a0): a times 1 + u. x ^ −1 − (−1) is −x.',
      ['const even = v128.load(LOW_OF_64)'],
    ),
    carried(
      'f2crossed',
      'a: usize, lift: usize',
      (j) => `v128.bitselect(i32x4.sub(${lift(j)}, ${swapped(j)}), ${swapped(j)}, even)`,
      '(lift − a1, a0): what a1 of the other factor is multiplied by.',
      ['const even = v128.load(LOW_OF_64)'],
    ),
    plain('f2swap', 'a: usize', swapped, '(a1, a0).'),
    carried('f2carry', 'a: usize', x, 'a, carried.'),
    ...MULTIPLES.map((n) => carried(`f2times${n}`, 'a: usize', (j) => multiple[n](j), `${n}·a.`)),
    plain('f2copy', 'a: usize', x, 'a.'),
    reduce(),
  ].join('\n')
}

function plain(name: string, parameters: string, value: (j: number) => string, doc: string): string {
  const lines = range().map((j) => `  const t${j} = ${value(j)}`)
  return `/** out = ${doc} */
export function ${name}(out: usize, ${parameters}): void {
${lines.join('\n')}
${range()
  .map((j) => `  v128.store(out, t${j}, ${16 * j})`)
  .join('\n')}
}
`
}

function carried(
  name: string,
  parameters: string,
  value: (j: number) => string,
  doc: string,
  setup: string[] = [],
): string {
  return `/** out = ${doc} Carried. */
export function ${name}(out: usize, ${parameters}): void {
${[...setup, ...range().map((j) => `const t${j} = ${value(j)}`), ...carryPass()].map((line) => `  ${line}`).join('\n')}
}
`
}

/** Carries t0…t6 into `out`. */
function carryPass(): string[] {
  const lines = ['const mask = v128.load(MASK_LIMBS)', 'const top = v128.load(MASK_TOP)']
  for (const j of range()) lines.push(`const h${j} = i32x4.shr_u(t${j}, 28)`)
  for (const j of range()) {
    // The top limb keeps what exceeds 28 bits, so its own carry is discarded.
    const kept = `v128.and(t${j}, ${j === WIDE - 1 ? 'top' : 'mask'})`
    const below = j === 0 ? 'i32x4.splat(0)' : `h${j - 1}`
    lines.push(`v128.store(out, i32x4.add(${kept}, i32x4.shuffle(${below}, h${j}, 2, 3, 4, 5)), ${16 * j})`)
  }
  return lines
}

/**
 * Weak reduction: subtracts the estimated multiple of p. The estimate reads the top limb t only:
 * q = ⌊t·M / 2^32⌋ with M = ⌊2^32 / (p₁₃ + 1)⌋ never exceeds value / p, and falls short by less than 1.001.
 */
function reduce(): string {
  const limit = limbBounds({ limb: 1n << 32n, value: REDUCE_MULTIPLES })[13]!
  checkEstimate(limit)
  const pick = (lane: number, j: number) => `v128.load64_zero(e${lane}, ${8 * j})`
  const lines = [
    ...range().map((j) => `const x${j} = v128.load(a, ${16 * j})`),
    ...[0, 1].map((lane) => {
      const top = `<u64><u32>i32x4.extract_lane(x6, ${2 + lane})`
      return `const e${lane} = MINUS_MULTIPLES + 56 * <usize>((${top} * ${reduceMagic()}) >> 32)`
    }),
    ...range().map((j) => `const t${j} = i32x4.add(x${j}, i32x4.shuffle(${pick(0, j)}, ${pick(1, j)}, 0, 4, 1, 5))`),
    ...carryPass(),
  ]
  return `/** out ≡ a, below ${REDUCED_VALUE}·p. */
export function f2reduce(out: usize, a: usize): void {
${lines.map((line) => `  ${line}`).join('\n')}
}
`
}

function reduceMagic(): bigint {
  return (1n << 32n) / ((P >> 364n) + 1n)
}

/** Proves the estimate at both ends of every run of top limbs with the same q; limbs below may reach 2^30. */
function checkEstimate(limit: bigint): void {
  const unit = 1n << 364n
  const allowed = scaled(REDUCED_VALUE) - P // the table adds one p back, so the remainder itself must stay below this
  const firstWith = (q: bigint) => ((q << 32n) + reduceMagic() - 1n) / reduceMagic()
  for (let q = 0n; firstWith(q) <= limit; q++) {
    refuseUnless(q <= REDUCE_MULTIPLES, () => `reduce: the table ends before ${q}p`)
    refuseUnless(q * P <= firstWith(q) * unit, () => `reduce: would subtract ${q}p from less`)
    const most = (firstWith(q + 1n) + 4n) * unit
    refuseUnless(most - q * P < allowed, () => `reduce: leaves more than ${REDUCED_VALUE}p after ${q}p`)
  }
}

/** (1 − q)·p for q = 0…REDUCE_MULTIPLES as limbs lifted so that adding a carried number never borrows. */
export function minusMultiples(): bigint[][] {
  return Array.from({ length: REDUCE_MULTIPLES + 1 }, (_, q) => {
    const multiple = P * BigInt(1 - q)
    return Array.from({ length: LIMBS }, (_, i) => {
      const digit = i === LIMBS - 1 ? multiple >> 364n : (multiple >> (LIMB_BITS * BigInt(i))) & MASK
      const lifted = digit + (i < LIMBS - 1 ? REDUCE_LIFT << LIMB_BITS : 0n) - (i > 0 ? REDUCE_LIFT : 0n)
      return BigInt.asUintN(32, lifted)
    })
  })
}

function range(): number[] {
  return Array.from({ length: WIDE }, (_, j) => j)
}
