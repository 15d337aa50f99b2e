/**
 * The constants of the curve, computed from p, x and the parameters of RFC 9380 §8.8.2, in Montgomery form.
 * @module
 */
import { LIMB_BITS, LIMBS, liftedMultiple, limbsOf, MASK, P, PAIR_BYTES, R } from './bls12381-bounds.ts'
import { G1_ISOGENY, G1_SWU } from './bls12381-isogeny-g1.ts'
import { DIFFERENCE_LIFT, REDUCE_LIFT, REDUCE_MULTIPLES } from './bls12381-linear.ts'
import { PRODUCT_LIFT } from './bls12381-products.ts'
import { liftName } from './bls12381-program.ts'

type Fp2 = readonly [bigint, bigint]

const XI: Fp2 = [1n, 1n]
const mod = (a: bigint): bigint => ((a % P) + P) % P
const mul2 = ([a, b]: Fp2, [c, d]: Fp2): Fp2 => [mod(a * c - b * d), mod(a * d + b * c)]

function pow(base: bigint, exponent: bigint): bigint {
  return pow2([base, 0n], exponent)[0]
}

function pow2(base: Fp2, exponent: bigint): Fp2 {
  let result: Fp2 = [1n, 0n]
  for (let square = base, e = exponent; e > 0n; e >>= 1n, square = mul2(square, square)) {
    if (e & 1n) result = mul2(result, square)
  }
  return result
}

function inverse2([a, b]: Fp2): Fp2 {
  const norm = pow(mod(a * a + b * b), P - 2n)
  return [mod(a * norm), mod(-b * norm)]
}

function sqrt(a: bigint): bigint {
  const root = pow(mod(a), (P + 1n) / 4n)
  if (mod(root * root) !== mod(a)) throw new Error('not a square')
  return root
}

/** Everything the kernels and the hand-written code load, as AssemblyScript. */
export function printConstants(multiples: Iterable<number>, productMultiple: number, squareMultiple: number): string {
  const { lines, words, pair, lanes } = printer()
  const all = 0xffffffffn
  words('LOW_OF_64', [all, 0n, all, 0n], 'Lane 0 of each limb.')
  words('MASK_LANES', [MASK, 0n, MASK, 0n], '28 bits of each u64.')
  words('MASK_LIMBS', [MASK, MASK, MASK, MASK], '28 bits of each limb.')
  words('MASK_TOP', [MASK, MASK, all, all], '28 bits of limb 12, all of limb 13.')
  words('MINUS_P_INVERSE', Array(4).fill(minusInverse(LIMB_BITS)), '−1/p mod 2^28.')
  words('P_LIMBS', interleave(P, P), 'p in both lanes.')
  words(
    'LIFTED',
    evenLanes(liftedMultiple(productMultiple, PRODUCT_LIFT)),
    `${productMultiple}p for −b1 in a product, plus 1: −x is ~x + 1.`,
  )
  words(
    'SQUARE_LIFT',
    evenLanes(liftedMultiple(squareMultiple, 2n)).map((x, i) => (i % 2 ? x : x - 1n)),
    `${squareMultiple}p for a0 − a1 in a square.`,
  )

  words('ZERO', Array(2 * LIMBS).fill(0n), 'Zero.')
  words('RAW_ONE', interleave(1n, 1n), 'The integer 1 in both lanes: multiplying by it leaves Montgomery form.')
  words('RAW_R2', interleave((R * R) % P, (R * R) % P), 'R² in both lanes: multiplying by it enters Montgomery form.')
  words('RAW_R2_WIDE', interleave((R * R * (1n << 256n)) % P, (R * R * (1n << 256n)) % P), '2^256·R² in both lanes.')
  words('P_WORDS', limbsOf(P), 'p, one lane.')
  words('HALF_P_WORDS', limbsOf((P - 1n) / 2n), '(p − 1)/2, one lane.')
  words(
    'P_DIGITS',
    Array.from({ length: 13 }, (_, i) => (P >> BigInt(30 * i)) & ((1n << 30n) - 1n)),
    'p in 13 digits of 30 bits.',
  )
  lines.push(`/** 1/p mod 2^30. */\nexport const P_INVERSE_30: u32 = ${(1n << 30n) - minusInverse(30n)}`)
  pair('ONE', [1n, 0n], '1 in Fp2.')
  lanes('ONE_LANES', 1n, '1 in both lanes.')
  lanes('HALF_LANES', (P + 1n) / 2n, '1/2 in both lanes.')
  lanes('FOUR_LANES', 4n, 'b of G1 in both lanes.')
  pair('B_G2', [4n, 4n], 'b of G2.')

  pair('PSI_X', inverse2(pow2(XI, (P - 1n) / 3n)), '1/ξ^((p−1)/3).')
  pair('PSI_Y', inverse2(pow2(XI, (P - 1n) / 2n)), '1/ξ^((p−1)/2).')
  lanes('BETA_LANES', BETA, 'The cube root of one of the endomorphism (x, y) → (βx, y) of G1.')
  lanes('G1_X', G1[0], 'Generator of G1.')
  lanes('G1_MINUS_Y', P - G1[1], 'Generator of G1, negated.')

  lines.push(...multiplesOfP([...multiples].sort((a, b) => a - b)))
  lines.push(exponent('CHAIN', (P - 3n) / 4n))
  return `${lines.join('\n')}\n`
}

// What not every target needs is printed apart: whatever an imported file declares ends up in the artefact.

export function printPairingConstants(): string {
  const { lines, pair, lanes } = printer()
  for (let i = 1; i <= 5; i++) {
    pair(`FROBENIUS_${i}`, pow2(XI, (BigInt(i) * (P - 1n)) / 6n), `ξ^(${i}(p−1)/6).`)
    lanes(`FROBENIUS2_${i}`, real(pow2(XI, (BigInt(i) * (P * P - 1n)) / 6n)), `ξ^(${i}(p²−1)/6).`)
  }
  return `${lines.join('\n')}\n`
}

export function printMapConstants(): string {
  const { lines, words, pair, lanes } = printer()
  pair('SSWU_A', [0n, 240n], 'A of the isogenous curve.')
  pair('SSWU_B', [1012n, 1012n], 'B of the isogenous curve.')
  pair('SSWU_Z', SSWU_Z, 'Z.')
  pair('SSWU_ZA', mul2(SSWU_Z, [0n, 240n]), 'Z·A, the denominator in the exceptional case.')
  pair('SSWU_Z3', pow2(SSWU_Z, 3n), 'Z³.')
  lanes('SQRT_MINUS_NORM_Z3', sqrt(-real(mul2(pow2(SSWU_Z, 3n), conjugate(pow2(SSWU_Z, 3n))))), '√−N(Z³).')
  for (const [name, polynomial] of Object.entries(ISOGENY)) {
    const flat = polynomial.flatMap(([c0, c1]) => interleave(montgomery(c0), montgomery(c1)))
    words(`ISOGENY_${name}`, flat, `Coefficients of ${name}, constant term first.`)
  }
  return `${lines.join('\n')}\n`
}

export function printGroupConstants(): string {
  const { lines, pair, lanes } = printer()
  pair('ONE_AND_BETA', [1n, BETA], 'What −φ does to x, in lane 1 only.')
  pair('ONE_AND_MINUS_ONE', [1n, mod(-1n)], 'What −φ does to y, in lane 1 only.')
  pair('G2_X', G2[0], 'Generator of G2.')
  pair('G2_Y', G2[1], 'Generator of G2.')

  lanes('SSWU_G1_A', G1_SWU.a, 'A of the curve isogenous to G1.')
  lanes('SSWU_G1_B', G1_SWU.b, 'B of it.')
  lanes('SSWU_G1_Z', G1_SWU.z, 'Z of it.')
  lanes('SSWU_G1_ZA', mod(G1_SWU.z * G1_SWU.a), 'Z·A, the denominator in the exceptional case.')
  lanes('SQRT_MINUS_SSWU_G1_Z', sqrt(-G1_SWU.z), '√−Z.')
  lines.push(...isogenyG1())
  return `${lines.join('\n')}\n`
}

/** Collects constants as AssemblyScript. */
function printer() {
  const lines: string[] = []
  const words = (name: string, values: readonly bigint[], doc: string, visible = true): void => {
    const list = values.map((value) => `0x${BigInt.asUintN(32, value).toString(16)}`).join(', ')
    lines.push(`/** ${doc} */\n${visible ? 'export ' : ''}const ${name}: usize = memory.data<u32>([${list}], 16)`)
  }
  const pair = (name: string, [c0, c1]: Fp2, doc: string): void =>
    words(name, interleave(montgomery(c0), montgomery(c1)), doc)
  const lanes = (name: string, value: bigint, doc: string): void => pair(name, [value, value], doc)
  return { lines, words, pair, lanes }
}

/** Multiples of p are computed when the module starts: as constants they would be a tenth of what is shipped. */
function multiplesOfP(multiples: readonly number[]): string[] {
  return [
    ...multiples.map((n) => `/** ${n}p for differences. */\nexport const ${liftName(n)}: usize = memory.data(112, 16)`),
    `/** (1 − q)·p for the weak reduction. */
const MINUS_MULTIPLES: usize = memory.data(${56 * (REDUCE_MULTIPLES + 1)}, 16)`,
    `/** \`multiple\`·p in \`lanes\` lanes; every limb but the top borrows \`lift\`·2^28 from its upper neighbour. */
function multipleOfP(to: usize, lanes: usize, multiple: i64, lift: i64): void {
  let t: i64 = 0
  for (let i: usize = 0; i < ${LIMBS}; i++) {
    t += multiple * <i64>load<u32>(P_WORDS + 4 * i)
    const limb = i == ${LIMBS - 1} ? t - lift : (t & ${MASK}) + (lift << 28) - (i == 0 ? 0 : lift)
    t >>= 28
    for (let lane: usize = 0; lane < lanes; lane++) store<u32>(to + 4 * (lanes * i + lane), <u32>limb)
  }
}
for (let q: usize = 0; q <= ${REDUCE_MULTIPLES}; q++) multipleOfP(MINUS_MULTIPLES + 56 * q, 1, 1 - <i64>q, ${REDUCE_LIFT})`,
    ...multiples.map((n) => `multipleOfP(${liftName(n)}, 2, ${n}, ${DIFFERENCE_LIFT})`),
  ]
}

/** The coefficients of the isogeny to G1, shipped once and doubled for both lanes when the module starts. */
function isogenyG1(): string[] {
  const lines: string[] = []
  const packed: bigint[] = []
  for (const [name, polynomial] of Object.entries(G1_ISOGENY)) {
    lines.push(`/** Coefficients of ${name}, both lanes, constant term first, without a leading 1. */
export const ISOGENY_G1_${name}: usize = ISOGENY_G1 + ${(packed.length / LIMBS) * PAIR_BYTES}`)
    for (const value of polynomial) if (value !== 1n) packed.push(...limbsOf(montgomery(value)))
  }
  return [
    `const ISOGENY_G1: usize = memory.data(${8 * packed.length}, 16)`,
    `const ISOGENY_G1_PACKED: usize = memory.data<u32>([${packed.map((x) => `0x${x.toString(16)}`).join(', ')}], 16)`,
    ...lines,
    `for (let i: usize = 0; i < ${packed.length}; i++) {
  store<u32>(ISOGENY_G1 + 8 * i, load<u32>(ISOGENY_G1_PACKED + 4 * i))
  store<u32>(ISOGENY_G1 + 8 * i, load<u32>(ISOGENY_G1_PACKED + 4 * i), 4)
}`,
  ]
}

const conjugate = ([a, b]: Fp2): Fp2 => [a, mod(-b)]

function real([c0, c1]: Fp2): bigint {
  if (c1 !== 0n) throw new Error('expected an element of Fp')
  return c0
}

/** Limbs of both lanes, as they lie in memory. */
export function interleave(a: bigint, b: bigint): bigint[] {
  const high = limbsOf(b)
  return limbsOf(a).flatMap((limb, i) => [limb, high[i]!])
}

export function montgomery(value: bigint): bigint {
  return (mod(value) * R) % P
}

function evenLanes(limbs: readonly bigint[]): bigint[] {
  return limbs.flatMap((limb) => [limb + 1n, 0n])
}

/** −1/p modulo a power of two, by Newton's iteration. */
function minusInverse(bits: bigint): bigint {
  const modulus = 1n << bits
  let inverse = 1n
  for (let i = 0; i < 5; i++) inverse = (inverse * (2n - P * inverse)) % modulus
  return ((-inverse % modulus) + modulus) % modulus
}

/** Sliding window of five bits: pairs (squarings, odd power to multiply by, or 0), most significant first. */
function exponent(name: string, value: bigint): string {
  const bits = value.toString(2)
  const steps: number[] = []
  let squarings = 0
  for (let i = 0; i < bits.length; ) {
    if (bits[i] === '0') {
      squarings++
      i++
      continue
    }
    let end = Math.min(i + 5, bits.length)
    while (bits[end - 1] === '0') end--
    steps.push(squarings + (end - i), Number.parseInt(bits.slice(i, end), 2))
    squarings = 0
    i = end
  }
  if (squarings > 0) steps.push(squarings, 0)
  return `/** (p − 3)/4 as a chain: squarings, odd power. */
export const ${name}: usize = memory.data<u8>([${steps.join(', ')}])
export const ${name}_END: usize = ${name} + ${steps.length}`
}

const SSWU_Z: Fp2 = [mod(-2n), mod(-1n)]
const BETA = 0x5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffen
const G1: Fp2 = [
  0x17f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bbn,
  0x08b3f481e3aaa0f1a09e30ed741d8ae4fcf5e095d5d00af600db18cb2c04b3edd03cc744a2888ae40caa232946c5e7e1n,
]
const G2: readonly [Fp2, Fp2] = [
  [
    0x24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
    0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
  ],
  [
    0xce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
    0x606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
  ],
]
/** The 3-isogeny from the SSWU curve to G2's (RFC 9380 appendix E.3). Leading coefficients of the denominators are 1. */
const ISOGENY: Record<string, Fp2[]> = {
  X_NUMERATOR: [
    [
      0x5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6n,
      0x5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97d6n,
    ],
    [0n, 0x11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71an],
    [
      0x11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71en,
      0x8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38dn,
    ],
    [0x171d6541fa38ccfaed6dea691f5fb614cb14b4e7f4e810aa22d6108f142b85757098e38d0f671c7188e2aaaaaaaa5ed1n, 0n],
  ],
  X_DENOMINATOR: [
    [0n, mod(-72n)],
    [12n, mod(-12n)],
    [1n, 0n],
  ],
  Y_NUMERATOR: [
    [
      0x1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706n,
      0x1530477c7ab4113b59a4c18b076d11930f7da5d4a07f649bf54439d87d27e500fc8c25ebf8c92f6812cfc71c71c6d706n,
    ],
    [0n, 0x5c759507e8e333ebb5b7a9a47d7ed8532c52d39fd3a042a88b58423c50ae15d5c2638e343d9c71c6238aaaaaaaa97ben],
    [
      0x11560bf17baa99bc32126fced787c88f984f87adf7ae0c7f9a208c6b4f20a4181472aaa9cb8d555526a9ffffffffc71cn,
      0x8ab05f8bdd54cde190937e76bc3e447cc27c3d6fbd7063fcd104635a790520c0a395554e5c6aaaa9354ffffffffe38fn,
    ],
    [0x124c9ad43b6cf79bfbf7043de3811ad0761b0f37a1e26286b0e977c69aa274524e79097a56dc4bd9e1b371c71c718b10n, 0n],
  ],
  Y_DENOMINATOR: [
    [mod(-432n), mod(-432n)],
    [0n, mod(-216n)],
    [18n, mod(-18n)],
    [1n, 0n],
  ],
}
