/**
 * Prints the SHA-512 compression function (FIPS 180-4 §6.4): a loop of five times sixteen rounds, a rolling schedule of
 * 16 locals, round constants from memory. The names a…h move instead of the values; sixteen rounds bring them home.
 * @module
 */

export function generate(): Record<string, string> {
  const k = primes(80).map((p) => hex(fraction(p, 3n)))
  const initial = primes(8).map((p) => hex(fraction(p, 2n)))
  return {
    'sha512-compress.ts': `// Printed by generate/sha512.ts. Do not edit.

/** Round constants. */
const K: usize = memory.data<u64>([${k.join(', ')}])
/** The initial hash value. */
export const INITIAL: usize = memory.data<u64>([${initial.join(', ')}])

/** Compresses the 128 bytes at \`block\` into the eight u64 at \`state\`. */
export function compress(state: usize, block: usize): void {
${body()
  .map((line) => `  ${line}`)
  .join('\n')}
}
`,
  }
}

const STATE = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

function body(): string[] {
  const lines: string[] = []
  for (let i = 0; i < 16; i++) lines.push(`let w${i} = bswap<u64>(load<u64>(block, ${8 * i}))`)
  for (const [j, name] of STATE.entries()) lines.push(`let ${name} = load<u64>(state, ${8 * j})`)
  lines.push('for (let k: usize = K; ; ) {')
  for (let i = 0; i < 16; i++) {
    const [a, b, c, d, e, f, g, h] = STATE.map((_, j) => STATE[(((j - i) % 8) + 8) % 8]!)
    const sigma1 = `(rotr<u64>(${e}, 14) ^ rotr<u64>(${e}, 18) ^ rotr<u64>(${e}, 41))`
    const sigma0 = `(rotr<u64>(${a}, 28) ^ rotr<u64>(${a}, 34) ^ rotr<u64>(${a}, 39))`
    lines.push(`  ${h} += ${sigma1} + (${g} ^ (${e} & (${f} ^ ${g}))) + load<u64>(k, ${8 * i}) + w${i}`)
    lines.push(`  ${d} += ${h}`)
    lines.push(`  ${h} += ${sigma0} + ((${a} & ${b}) | (${c} & (${a} | ${b})))`)
  }
  lines.push('  k += 128', '  if (k == K + 640) break')
  for (let i = 0; i < 16; i++) {
    const w = (ahead: number) => `w${(i + ahead) % 16}` // w[i+16] = s1(w[i+14]) + w[i+9] + s0(w[i+1]) + w[i]
    const s0 = `(rotr<u64>(${w(1)}, 1) ^ rotr<u64>(${w(1)}, 8) ^ (${w(1)} >> 7))`
    const s1 = `(rotr<u64>(${w(14)}, 19) ^ rotr<u64>(${w(14)}, 61) ^ (${w(14)} >> 6))`
    lines.push(`  ${w(0)} += ${s0} + ${w(9)} + ${s1}`)
  }
  lines.push('}')
  for (const [j, name] of STATE.entries())
    lines.push(`store<u64>(state, load<u64>(state, ${8 * j}) + ${name}, ${8 * j})`)
  return lines
}

const hex = (value: bigint): string => `0x${value.toString(16)}`

/** First 64 fractional bits of p^(1/degree), by bisection on exact integers. */
function fraction(p: number, degree: bigint): bigint {
  const target = BigInt(p) << (64n * degree)
  let low = 0n
  let high = BigInt(p) << 64n
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (middle ** degree <= target) low = middle
    else high = middle - 1n
  }
  return low & 0xffffffffffffffffn
}

function primes(count: number): number[] {
  const found: number[] = []
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n)
  return found
}
