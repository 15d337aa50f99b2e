/**
 * Straight-line u64 code whose every intermediate value has a proven upper bound.
 *
 * A `Term` is an expression together with the largest value it can take. The operations below build bigger terms and
 * throw as soon as a result could reach 2^64 (or a subtraction could go below zero), so a generator that uses them
 * cannot print a kernel that overflows: it fails instead, and the build with it.
 * @module
 */

export interface Term {
  readonly text: string
  readonly max: bigint
}

/** Largest value of each limb of a number, lowest limb first. */
export type Bounds = readonly bigint[]

export const LIMBS = 9
export const BITS = 29
export const MASK = (1n << BigInt(BITS)) - 1n

export class KernelOverflow extends Error {
  constructor(what: string, max: bigint) {
    super(`${what} can reach 2^${max.toString(2).length}: refusing to print a kernel that overflows`)
    this.name = 'Generator.KernelOverflow'
  }
}

const checked = (text: string, max: bigint): Term => {
  if (max >= 1n << 64n) throw new KernelOverflow(text, max)
  return { text, max }
}

export const literal = (value: bigint): Term => checked(`0x${value.toString(16)}`, value)
export const product = (a: Term, b: Term): Term => checked(`${a.text} * ${b.text}`, a.max * b.max)
export const sum = (terms: readonly Term[]): Term =>
  checked(
    terms.map(({ text }) => text).join(' + '),
    terms.reduce((total, { max }) => total + max, 0n),
  )
export const shiftLeft = (a: Term, bits: number): Term => checked(`(${a.text} << ${bits})`, a.max << BigInt(bits))
export const shiftRight = (a: Term, bits: number): Term => ({
  text: `(${a.text} >> ${bits})`,
  max: a.max >> BigInt(bits),
})
export const lowBits = (a: Term, bits: number): Term => {
  const mask = (1n << BigInt(bits)) - 1n
  return { text: `(${a.text} & 0x${mask.toString(16)})`, max: a.max < mask ? a.max : mask }
}
/** bias - a, where the bias is known to be at least as large. */
export const below = (bias: bigint, a: Term): Term => {
  if (a.max > bias) throw new KernelOverflow(`0x${bias.toString(16)} - ${a.text}`, a.max)
  return checked(`0x${bias.toString(16)} - ${a.text}`, bias)
}

/** Collects the lines of one function body. */
export interface Body {
  readonly lines: string[]
  /** Reads a limb, whose bound the caller promises. */
  load(name: string, pointer: string, limb: number, max: bigint): Term
  /** Computes a term into a local of its own. */
  keep(name: string, term: Term): Term
  /** Writes a limb; it must fit in 32 bits. */
  store(pointer: string, limb: number, term: Term): void
}

export function newBody(): Body {
  const lines: string[] = []
  return {
    lines,
    load(name, pointer, limb, max) {
      lines.push(`const ${name}: u64 = load<u32>(${pointer}, ${4 * limb})`)
      return { text: name, max }
    },
    keep(name, term) {
      lines.push(`const ${name}: u64 = ${term.text}`)
      return { text: name, max: term.max }
    },
    store(pointer, limb, term) {
      if (term.max >= 1n << 32n) throw new KernelOverflow(`limb ${limb}`, term.max)
      lines.push(`store<u32>(${pointer}, <u32>${term.text}, ${4 * limb})`)
    },
  }
}

/** One AssemblyScript function from its body. */
export function functionText(doc: string, name: string, parameters: string, body: Body): string {
  return `/** ${doc} */\nexport function ${name}(${parameters}): void {\n${body.lines.map((l) => `  ${l}`).join('\n')}\n}\n`
}

/** The products of column k of a 9×9 limb multiplication. */
export function column(a: readonly Term[], b: readonly Term[], k: number): Term[] {
  const products: Term[] = []
  for (let i = Math.max(0, k - LIMBS + 1); i <= Math.min(k, LIMBS - 1); i++) products.push(product(a[i]!, b[k - i]!))
  return products
}

/** The products of column k of a square, given the limbs and their doubles. */
export function squareColumn(a: readonly Term[], doubled: readonly Term[], k: number): Term[] {
  const products: Term[] = []
  for (let i = Math.max(0, k - LIMBS + 1); 2 * i < k; i++) products.push(product(doubled[i]!, a[k - i]!))
  if (k % 2 === 0) products.push(product(a[k / 2]!, a[k / 2]!))
  return products
}

export const times = (bounds: Bounds, factor: number): Bounds => bounds.map((max) => max * BigInt(factor))
export const plus = (a: Bounds, b: Bounds): Bounds => a.map((max, i) => max + b[i]!)
export const within = (inner: Bounds, outer: Bounds): boolean => inner.every((max, i) => max <= outer[i]!)

/** Limbs of a constant, 29 bits each, lowest first. */
export function limbsOf(value: bigint): bigint[] {
  return Array.from({ length: LIMBS }, (_, i) =>
    i === LIMBS - 1 ? value >> BigInt(BITS * i) : (value >> BigInt(BITS * i)) & MASK,
  )
}

/** A constant as `memory.data` of ten u32: nine limbs and padding to 40 bytes. */
export function constantText(doc: string, name: string, value: bigint): string {
  const limbs = [...limbsOf(value), 0n].map((limb) => `0x${limb.toString(16)}`)
  return `/** ${doc} */\nexport const ${name}: usize = memory.data<u32>([${limbs.join(', ')}], 16)\n`
}

/** A modulus as `invert` of assembly/secp256k1/inverse.ts wants it: nine limbs of 30 bits and 1/modulus mod 2^30. */
export function inversionModulusText(name: string, modulus: bigint): string {
  const limbs = Array.from({ length: LIMBS }, (_, i) => (modulus >> BigInt(30 * i)) & 0x3fffffffn)
  const list = [...limbs, (1n << 30n) - negativeInverse(modulus, 30)].map((limb) => `0x${limb.toString(16)}`)
  return `/** For inversion */\nexport const ${name}: usize = memory.data<u32>([${list.join(', ')}], 16)\n`
}

/** -1/odd mod 2^bits. */
export function negativeInverse(odd: bigint, bits: number): bigint {
  const modulus = 1n << BigInt(bits)
  let inverse = 1n // Newton: each step doubles the number of correct bits
  for (let i = 0; i < 6; i++) inverse = (((inverse * (2n - odd * inverse)) % modulus) + modulus) % modulus
  return modulus - inverse
}
