/**
 * Prints keccak-f[1600] (FIPS 202 §3.3) as one round per loop iteration over 25 u64 locals, with lane complementing.
 *
 * WebAssembly has no and-not, so each `~b & c` of chi costs an extra xor. Keeping some lanes stored inverted turns most
 * of them into a plain `and` or `or` (the "bebigokimisa" idea of the Keccak implementation overview, §2.2). Instead of
 * copying a known pattern by hand, this generator tracks for every value whether it is stored inverted and picks the
 * cheapest form; the pattern at the end of a round must equal the one at its start, because the round is a loop body.
 *
 * One round per iteration is a measured choice: 2 or 4 rounds are slower, all 24 nearly twice as slow (spills).
 * @module
 */

/** Lanes that take input: 1600 - 2·256 bits. */
const RATE_LANES = 17

/** Lanes (x + 5y) stored inverted between rounds. */
export const INVERTED = [1, 2, 8, 12, 17, 20]

interface Value {
  text: string
  inverted: boolean
}

export function generate(): Record<string, string> {
  return { 'keccak-f.ts': `${source()}\n${twoLanes()}` }
}

/**
 * Two states at once, lane i of both in the v128 at 16 i. SIMD has an and-not, so nothing is stored inverted; rotations
 * cost three instructions, and two permutations together still take only a fifth longer than one scalar permutation.
 */
function twoLanes(): string {
  const lanes = Array.from({ length: 25 }, (_, i) => i)
  const offsets = rotations()
  const xor = (...terms: string[]) => terms.reduce((sum, term) => `v128.xor(${sum}, ${term})`)
  const rotate = (term: string, n: number) => (n === 0 ? term : `rotate(${term}, ${n})`)
  const stored = (i: number) => `v128.load(state, ${16 * i})`
  const loadTwo = (i: number) => `v128.load64_lane(second, v128.load64_zero(first, ${8 * i}), 1, ${8 * i})`
  const body: string[] = []
  for (let x = 0; x < 5; x++) body.push(`const c${x} = ${xor(...[0, 5, 10, 15, 20].map((y) => `a${x + y}`))}`)
  for (let x = 0; x < 5; x++) body.push(`const d${x} = ${xor(`c${(x + 4) % 5}`, rotate(`c${(x + 1) % 5}`, 1))}`)
  for (const i of lanes) {
    const [x, y] = [i % 5, (i - (i % 5)) / 5]
    body.push(`const b${y + 5 * ((2 * x + 3 * y) % 5)} = ${rotate(xor(`a${i}`, `d${x}`), offsets[i]!)}`)
  }
  for (const i of lanes) {
    const row = i - (i % 5)
    const term = `v128.andnot(b${row + ((i + 2) % 5)}, b${row + ((i + 1) % 5)})` // c & ~b
    body.push(`a${i} = ${i === 0 ? xor(`b${i}`, term, 'v128.load_splat<u64>(rc)') : xor(`b${i}`, term)}`)
  }
  return `function rotate(x: v128, n: i32): v128 {
  return v128.or(i64x2.shl(x, n), i64x2.shr_u(x, 64 - n))
}

/** Absorbs 136 bytes into each of two states, interleaved at \`state\`, and permutes them. */
export function keccakFTwo(state: usize, first: usize, second: usize): void {
${lanes.map((i) => `  let a${i} = ${i < RATE_LANES ? xor(loadTwo(i), stored(i)) : stored(i)}`).join('\n')}
  for (let rc: usize = RC; rc < RC + ${24 * 8}; rc += 8) {
${body.map((line) => `    ${line}`).join('\n')}
  }
${lanes.map((i) => `  v128.store(state, a${i}, ${16 * i})`).join('\n')}
}
`
}

function source(): string {
  const lanes = Array.from({ length: 25 }, (_, i) => i)
  const body = round()
  return `// Printed by generate/keccak.ts. Do not edit.

/** Round constants, one u64 per round. */
const RC: usize = memory.data<u64>([${roundConstants()
    .map((c) => `0x${c.toString(16)}`)
    .join(', ')}])

/** Absorbs 136 bytes into the 25 lanes at \`state\` and permutes them. Lanes ${INVERTED.join(', ')} are stored inverted. */
export function keccakF(state: usize, block: usize): void {
${lanes.map((i) => `  let a${i} = load<u64>(state, ${8 * i})${i < RATE_LANES ? ` ^ load<u64>(block, ${8 * i})` : ''}`).join('\n')}
  for (let rc: usize = RC; rc < RC + ${24 * 8}; rc += 8) {
${body.map((line) => `    ${line}`).join('\n')}
  }
${lanes.map((i) => `  store<u64>(state, a${i}, ${8 * i})`).join('\n')}
}
`
}

function round(): string[] {
  const lines: string[] = []
  const define = (name: string, text: string, inverted: boolean): Value => {
    lines.push(`const ${name} = ${text}`)
    return { text: name, inverted }
  }
  const xor = (...values: Value[]): Value => ({
    text: values.map(({ text }) => text).join(' ^ '),
    inverted: values.filter(({ inverted }) => inverted).length % 2 === 1,
  })
  const a: Value[] = Array.from({ length: 25 }, (_, i) => ({ text: `a${i}`, inverted: INVERTED.includes(i) }))

  // theta: c = column parities, d[x] = c[x-1] ^ rotl(c[x+1], 1)
  const c = [0, 1, 2, 3, 4].map((x) => {
    const parity = xor(...[0, 5, 10, 15, 20].map((y) => a[x + y]!))
    return define(`c${x}`, parity.text, parity.inverted)
  })
  const d = [0, 1, 2, 3, 4].map((x) => {
    const next = c[(x + 1) % 5]!
    const rotated: Value = { text: `rotl<u64>(${next.text}, 1)`, inverted: next.inverted }
    const sum = xor(c[(x + 4) % 5]!, rotated)
    return define(`d${x}`, sum.text, sum.inverted)
  })

  // rho and pi: lane (x, y) is rotated and moves to (y, 2x + 3y)
  const b: Value[] = []
  const offsets = rotations()
  for (let x = 0; x < 5; x++) {
    for (let y = 0; y < 5; y++) {
      const from = x + 5 * y
      const to = y + 5 * ((2 * x + 3 * y) % 5)
      const mixed = xor(a[from]!, d[x]!)
      const text = offsets[from] === 0 ? mixed.text : `rotl<u64>(${mixed.text}, ${offsets[from]})`
      b[to] = define(`b${to}`, text, mixed.inverted)
    }
  }

  // chi and iota, writing the loop's own variables
  for (let i = 0; i < 25; i++) {
    const y = i - (i % 5)
    const out = chi(b[i]!, b[y + ((i + 1) % 5)]!, b[y + ((i + 2) % 5)]!, INVERTED.includes(i))
    lines.push(`a${i} = ${out}${i === 0 ? ' ^ load<u64>(rc)' : ''}`)
  }
  return lines
}

/** a ^ (~b & c), stored inverted or not as `inverted` says, with as few inversions as the operands allow. */
function chi(a: Value, b: Value, c: Value, inverted: boolean): string {
  const need = a.inverted !== inverted // must the second term be inverted?
  let term: Value
  if (b.inverted && !c.inverted) term = { text: `(${b.text} & ${c.text})`, inverted: false }
  else if (!b.inverted && c.inverted) term = { text: `(${b.text} | ${c.text})`, inverted: true }
  else if (b.inverted)
    term = need
      ? { text: `(~${b.text} | ${c.text})`, inverted: true }
      : { text: `(${b.text} & ~${c.text})`, inverted: false }
  else
    term = need
      ? { text: `(${b.text} | ~${c.text})`, inverted: true }
      : { text: `(~${b.text} & ${c.text})`, inverted: false }
  return `${term.inverted === need ? '' : '~'}${a.text} ^ ${term.text}`
}

/** FIPS 202 §3.2.2: (t+1)(t+2)/2 along the walk (x, y) -> (y, 2x + 3y) from (1, 0). */
function rotations(): number[] {
  const offsets = new Array<number>(25).fill(0)
  for (let t = 0, x = 1, y = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    const next = (2 * x + 3 * y) % 5
    x = y
    y = next
  }
  return offsets
}

/** FIPS 202 §3.2.5: bit 2^j - 1 of constant i is output j + 7i of the LFSR x^8 + x^6 + x^5 + x^4 + 1. */
function roundConstants(): bigint[] {
  let lfsr = 1
  return Array.from({ length: 24 }, () => {
    let constant = 0n
    for (let j = 0; j <= 6; j++) {
      if (lfsr & 1) constant |= 1n << BigInt(2 ** j - 1)
      lfsr = lfsr & 0x80 ? ((lfsr << 1) ^ 0x171) & 0xff : lfsr << 1
    }
    return constant
  })
}
