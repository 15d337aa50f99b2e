/**
 * Prints the scalar kernels of secp256k1: integers modulo the group order n, in Montgomery form with R = 2^261.
 *
 * Same limbs as the field (nine of 29 bits). Product-scanning Montgomery multiplication: column k < 9 chooses m_k so
 * that its low 29 bits vanish, columns 9..16 are the result. With operands below 2^258 the result is below
 * n + 2^516/R < 2^257, so nothing is ever subtracted conditionally; `scalarFreeze` makes the number unique.
 * @module
 */
import {
  BITS,
  type Body,
  type Bounds,
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
  negativeInverse,
  newBody,
  product,
  shiftRight,
  sum,
  type Term,
  times,
  within,
} from './checked-limbs.ts'
import { N } from './secp256k1-field.ts'

const R = 1n << BigInt(BITS * LIMBS)
const LAMBDA = 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n
/** Short vectors of the lattice of (a, b) with a + b·λ ≡ 0: (A1, B1) and (A2, B2) with B2 = A1. */
const A1 = 0x3086d221a7d46bcde86c90e49284eb15n
const MINUS_B1 = 0xe4437ed6010e88286f547fa90abfe4c3n
/** Windows of the fixed-base table: 52 of 5 bits. */
const COMB_BITS = 260n
/** Windows of a secret half: 26 of 5 bits. */
const ECDH_BITS = 130n

/** Limbs of a Montgomery result; operands may be twice that. */
export const SCALAR: Bounds = Array.from({ length: LIMBS }, (_, i) => (i === LIMBS - 1 ? (1n << 25n) - 1n : MASK))

export function generate(): Record<string, string> {
  const inverseOfTwo = (N + 1n) / 2n
  const parts = [
    '// Printed by generate/secp256k1-scalar.ts. Do not edit.\n',
    functionText('out = a · b / R', 'scalarMul', 'out: usize, a: usize, b: usize', multiply()),
    functionText('out = a in 0..n-1, for a below 2n', 'scalarFreeze', 'out: usize, a: usize', freeze()),
    constantText('n', 'ORDER', N),
    constantText('(n - 1) / 2, the largest low s', 'HALF_ORDER', (N - 1n) / 2n),
    constantText('R² mod n: multiply by it to enter Montgomery form', 'R_SQUARED', (R * R) % N),
    constantText('1: multiply by it to leave Montgomery form', 'SCALAR_ONE', 1n),
    constantText('R/2 mod n: multiply a plain number by it to halve it', 'R_HALF', (R * inverseOfTwo) % N),
    constantText('2^260 - 1 mod n', 'COMB_OFFSET', ((1n << COMB_BITS) - 1n) % N),
    constantText(
      '(2^130 - 2^129 - 1)·(1 + λ) mod n',
      'ECDH_OFFSET',
      ((2n ** ECDH_BITS - 2n ** 129n - 1n) * (1n + LAMBDA)) % N,
    ),
    constantText('2^128: makes half a scalar positive', 'HALF_OFFSET', 2n ** 128n),
    constantText('-λ·R mod n', 'MINUS_LAMBDA', ((N - LAMBDA) * R) % N),
    constantText('-b1·R mod n', 'MINUS_B1', (MINUS_B1 * R) % N),
    constantText('-b2·R mod n', 'MINUS_B2', ((N - A1) * R) % N),
    words('round(2^384 · b2 / n), eight 32-bit words', 'G1', roundedDivision(A1 << 384n, N)),
    words('round(2^384 · -b1 / n)', 'G2', roundedDivision(MINUS_B1 << 384n, N)),
    inversionModulusText('INVERSION_MODULUS', N),
  ]
  return { 'scalar.ts': parts.join('\n') }
}

const roundedDivision = (a: bigint, b: bigint): bigint => (2n * a + b) / (2n * b)

function words(doc: string, name: string, value: bigint): string {
  const list = Array.from({ length: 8 }, (_, i) => `0x${((value >> BigInt(32 * i)) & 0xffffffffn).toString(16)}`)
  return `/** ${doc} */\nexport const ${name}: usize = memory.data<u32>([${list.join(', ')}], 16)\n`
}

function multiply(): Body {
  const operand = times(SCALAR, 2) // one addition that was not carried is allowed on either side
  const body = newBody()
  const a = operand.map((max, i) => body.load(`a${i}`, 'a', i, max))
  const b = SCALAR.map((max, i) => body.load(`b${i}`, 'b', i, max))
  return reduce(body, (k) => column(a, b, k))
}

function reduce(body: Body, productsOf: (k: number) => Term[]): Body {
  const n = limbsOf(N).map(literal)
  const minusInverse = literal(negativeInverse(N, BITS))
  const m: Term[] = []
  const out: Term[] = []
  let carry: Term[] = []
  for (let k = 0; k <= 2 * LIMBS - 2; k++) {
    const folded: Term[] = []
    for (let i = Math.max(0, k - LIMBS + 1); i < Math.min(k, LIMBS); i++) folded.push(product(m[i]!, n[k - i]!))
    if (k >= LIMBS) {
      const q = body.keep(`q${k}`, sum([...carry, ...productsOf(k), ...folded]))
      out[k - LIMBS] = lowBits(q, BITS)
      carry = [shiftRight(q, BITS)]
      continue
    }
    const q = body.keep(`q${k}`, sum([...carry, ...productsOf(k), ...folded]))
    const low = lowBits(q, BITS) // 29 bits times 29 bits: the product that finds m cannot overflow
    m[k] = body.keep(
      `m${k}`,
      lowBits({ text: `(${product(low, minusInverse).text})`, max: product(low, minusInverse).max }, BITS),
    )
    carry = [
      shiftRight(
        { text: `(${q.text} + ${m[k]!.text} * ${n[0]!.text})`, max: sum([q, product(m[k]!, n[0]!)]).max },
        BITS,
      ),
    ]
  }
  out[LIMBS - 1] = carry[0]!
  const bounds = out.map(({ max }) => max)
  if (!within(bounds, SCALAR)) throw new KernelOverflow('a Montgomery result', bounds[LIMBS - 1]!)
  for (const [i, limb] of out.entries()) body.store('out', i, limb)
  return body
}

/** a - n when that is not negative, else a: x + (2^261 - n) carries out of the top exactly when x ≥ n. */
function freeze(): Body {
  const body = newBody()
  const a = times(SCALAR, 2).map((max, i) => body.load(`a${i}`, 'a', i, max))
  const complement = limbsOf(R - N)
  const carried: Term[] = []
  const reduced: Term[] = []
  let carry: Term[] = []
  let other: Term[] = []
  for (let k = 0; k < LIMBS; k++) {
    const q = body.keep(`q${k}`, sum([...carry, a[k]!]))
    carried[k] = body.keep(`r${k}`, lowBits(q, BITS))
    carry = [shiftRight(q, BITS)]
    const t = body.keep(`t${k}`, sum([...other, carried[k]!, literal(complement[k]!)]))
    reduced[k] = lowBits(t, BITS)
    other = [shiftRight(t, BITS)]
  }
  body.lines.push(`const mask: u64 = 0 - ${other[0]!.text}`)
  for (let k = 0; k < LIMBS; k++) {
    const [low, high] = [carried[k]!.text, reduced[k]!.text]
    body.lines.push(`store<u32>(out, <u32>(${low} ^ (mask & (${low} ^ ${high}))), ${4 * k})`)
  }
  return body
}
