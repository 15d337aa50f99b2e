/**
 * Prints the SHA-256 compression function (FIPS 180-4 §6.2) twice:
 *
 * - `compress`: scalar, all 64 rounds unrolled, a rolling schedule of 16 locals, constants as literals;
 * - `compressFour` and `compressFourPadding`: four messages at once, one per 32-bit lane of v128, 16 rounds per loop
 *   iteration. The second is the padding block of a 64-byte message: its schedule is constant, so K + W comes from a
 *   table and no schedule is computed at all.
 *
 * Both wait for chains of dependent operations, so what is ready last is added last, and the majority of a, b and c is
 * ((a ^ b) & (b ^ c)) ^ b, where b ^ c is the a ^ b of the round before.
 * @module
 */

export function generate(): Record<string, string> {
  return { 'sha256-compress.ts': `${HEADER}\n${scalar()}\n${lanes()}` }
}

const HEADER = '// Printed by generate/sha256.ts. Do not edit.\n'
const STATE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** The names that play a..h in round i: instead of moving eight values, the roles move. */
function roles(i: number): string[] {
  return STATE.map((_, j) => STATE[(((j - i) % 8) + 8) % 8]!)
}

function scalar(): string {
  const k = roundConstants()
  const lines: string[] = []
  for (let i = 0; i < 16; i++) lines.push(`let w${i} = bswap<u32>(load<u32>(block, ${4 * i}))`)
  for (const [j, name] of STATE.entries()) lines.push(`let ${name} = load<u32>(state, ${4 * j})`)
  for (let i = 0; i < 64; i++) {
    const [a, b, c, d, e, f, g, h] = roles(i)
    const w = (back: number) => `w${(i - back + 64) % 16}`
    if (i >= 16) {
      const s0 = `(rotr<u32>(${w(15)}, 7) ^ rotr<u32>(${w(15)}, 18) ^ (${w(15)} >> 3))`
      const s1 = `(rotr<u32>(${w(2)}, 17) ^ rotr<u32>(${w(2)}, 19) ^ (${w(2)} >> 10))`
      lines.push(`${w(0)} += ${s0} + ${w(7)} + ${s1}`)
    }
    const sigma1 = `(rotr<u32>(${e}, 6) ^ rotr<u32>(${e}, 11) ^ rotr<u32>(${e}, 25))`
    const sigma0 = `(rotr<u32>(${a}, 2) ^ rotr<u32>(${a}, 13) ^ rotr<u32>(${a}, 22))`
    const choose = `(${g} ^ (${e} & (${f} ^ ${g})))`
    lines.push(`${h} = ${h} + ${hex(k[i]!)} + ${w(0)} + ${choose} + ${sigma1}`)
    lines.push(`${d} += ${h}`)
    lines.push(`const ab${i} = ${a} ^ ${b}`)
    lines.push(`${h} = ${h} + ((ab${i} & ${i === 0 ? `(${b} ^ ${c})` : `ab${i - 1}`}) ^ ${b}) + ${sigma0}`)
  }
  for (const [j, name] of STATE.entries())
    lines.push(`store<u32>(state, load<u32>(state, ${4 * j}) + ${name}, ${4 * j})`)
  return `/** Compresses the 64 bytes at \`block\` into the eight u32 at \`state\`. */
export function compress(state: usize, block: usize): void {
${indent(lines, 1)}
}
`
}

function lanes(): string {
  const k = roundConstants()
  const initial = initialState()
  return `/** Round constants. */
const K: usize = memory.data<u32>([${k.map(hex).join(', ')}])
/** Round constants plus the schedule of the padding block of a 64-byte message. */
const K_PADDING: usize = memory.data<u32>([${paddingSchedule()
    .map((w, i) => hex((w + k[i]!) >>> 0))
    .join(', ')}])
/** The initial hash value. */
export const INITIAL: usize = memory.data<u32>([${initial.map(hex).join(', ')}])

function rotate(x: v128, n: i32): v128 {
  return v128.or(i32x4.shr_u(x, n), i32x4.shl(x, 32 - n))
}

/** Four 16-word blocks, word i of all four in the v128 at \`block\` + 16 i; eight v128 at \`state\`. */
export function compressFour(state: usize, block: usize): void {
${indent(laneBody(true), 1)}
}

/** The same for the constant second block of four 64-byte messages. */
export function compressFourPadding(state: usize): void {
${indent(laneBody(false), 1)}
}
`
}

function laneBody(withSchedule: boolean): string[] {
  const lines: string[] = []
  if (withSchedule) for (let i = 0; i < 16; i++) lines.push(`let w${i} = v128.load(block, ${16 * i})`)
  for (const [j, name] of STATE.entries()) lines.push(`let ${name} = v128.load(state, ${16 * j})`)
  const table = withSchedule ? 'K' : 'K_PADDING'
  const body: string[] = []
  for (let i = 0; i < 16; i++) {
    const [a, b, , d, e, f, g, h] = roles(i)
    const constant = `v128.load_splat<u32>(k, ${4 * i})`
    const input = withSchedule ? add(`w${i}`, constant) : constant
    const sigma1 = xor(`rotate(${e}, 6)`, `rotate(${e}, 11)`, `rotate(${e}, 25)`)
    const sigma0 = xor(`rotate(${a}, 2)`, `rotate(${a}, 13)`, `rotate(${a}, 22)`)
    const choose = `v128.bitselect(${f}, ${g}, ${e})`
    body.push(`${h} = ${add(h!, input, choose, sigma1)}`) // sigma1 is ready last
    body.push(`${d} = ${add(d!, h!)}`)
    body.push(`const ab${i} = v128.xor(${a}, ${b})`)
    body.push(`${h} = ${add(h!, xor(`v128.and(ab${i}, ${i === 0 ? 'bc' : `ab${i - 1}`})`, b!), sigma0)}`)
  }
  const schedule: string[] = []
  for (let i = 0; i < 16 && withSchedule; i++) {
    const w = (ahead: number) => `w${(i + ahead) % 16}` // w[i+16] = s1(w[i+14]) + w[i+9] + s0(w[i+1]) + w[i]
    const s0 = xor(`rotate(${w(1)}, 7)`, `rotate(${w(1)}, 18)`, `i32x4.shr_u(${w(1)}, 3)`)
    const s1 = xor(`rotate(${w(14)}, 17)`, `rotate(${w(14)}, 19)`, `i32x4.shr_u(${w(14)}, 10)`)
    schedule.push(`${w(0)} = ${add(w(0), s0, w(9), s1)}`)
  }
  lines.push('let bc = v128.xor(b, c)')
  body.push('bc = ab15')
  lines.push(`for (let k: usize = ${table}; ; ) {`, ...body.map((line) => `  ${line}`))
  lines.push('  k += 64', `  if (k == ${table} + 256) break`, ...schedule.map((line) => `  ${line}`), '}')
  for (const [j, name] of STATE.entries())
    lines.push(`v128.store(state, ${add(`v128.load(state, ${16 * j})`, name)}, ${16 * j})`)
  return lines
}

const add = (...terms: string[]): string => terms.reduce((sum, term) => `i32x4.add(${sum}, ${term})`)
const xor = (...terms: string[]): string => terms.reduce((sum, term) => `v128.xor(${sum}, ${term})`)
const hex = (value: number): string => `0x${value.toString(16)}`
const indent = (lines: string[], depth: number): string => lines.map((line) => '  '.repeat(depth) + line).join('\n')

/** Schedule of the block 0x80, zeros, length 512 bits. */
function paddingSchedule(): number[] {
  const w = new Array<number>(64).fill(0)
  w[0] = 0x80000000
  w[15] = 512
  const rotr = (x: number, n: number) => (x >>> n) | (x << (32 - n))
  for (let i = 16; i < 64; i++) {
    const s0 = rotr(w[i - 15]!, 7) ^ rotr(w[i - 15]!, 18) ^ (w[i - 15]! >>> 3)
    const s1 = rotr(w[i - 2]!, 17) ^ rotr(w[i - 2]!, 19) ^ (w[i - 2]! >>> 10)
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) >>> 0
  }
  return w
}

/** First 32 fractional bits of the cube roots of the first 64 primes. */
function roundConstants(): number[] {
  return primes(64).map((p) => fraction(BigInt(p), 3n))
}

/** First 32 fractional bits of the square roots of the first 8 primes. */
function initialState(): number[] {
  return primes(8).map((p) => fraction(BigInt(p), 2n))
}

/** floor(p^(1/degree) · 2^32) mod 2^32, by bisection on exact integers. */
function fraction(p: bigint, degree: bigint): number {
  const target = p << (32n * degree)
  let low = 0n
  let high = target
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (middle ** degree <= target) low = middle
    else high = middle - 1n
  }
  return Number(low & 0xffffffffn)
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}
