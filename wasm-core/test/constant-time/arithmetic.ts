/** What integer instructions give for known operands: i32 as signed numbers, i64 as bigints from 0 to 2^64 - 1. */

const unsigned = (x: number) => x >>> 0
const signed64 = (x: bigint) => BigInt.asIntN(64, x)
const wrap64 = (x: bigint) => BigInt.asUintN(64, x)

const I32: Record<number, (a: number, b: number) => number | boolean> = {
  70: (a, b) => a === b,
  71: (a, b) => a !== b,
  72: (a, b) => a < b,
  73: (a, b) => unsigned(a) < unsigned(b),
  74: (a, b) => a > b,
  75: (a, b) => unsigned(a) > unsigned(b),
  76: (a, b) => a <= b,
  77: (a, b) => unsigned(a) <= unsigned(b),
  78: (a, b) => a >= b,
  79: (a, b) => unsigned(a) >= unsigned(b),
  106: (a, b) => a + b,
  107: (a, b) => a - b,
  108: Math.imul,
  109: (a, b) => a / b,
  110: (a, b) => unsigned(a) / unsigned(b),
  111: (a, b) => a % b,
  112: (a, b) => unsigned(a) % unsigned(b),
  113: (a, b) => a & b,
  114: (a, b) => a | b,
  115: (a, b) => a ^ b,
  116: (a, b) => a << b,
  117: (a, b) => a >> b,
  118: (a, b) => a >>> b,
  119: (a, b) => (a << b) | (a >>> -b),
  120: (a, b) => (a >>> b) | (a << -b),
}

const I64: Record<number, (a: bigint, b: bigint) => bigint | boolean> = {
  81: (a, b) => a === b,
  82: (a, b) => a !== b,
  83: (a, b) => signed64(a) < signed64(b),
  84: (a, b) => a < b,
  85: (a, b) => signed64(a) > signed64(b),
  86: (a, b) => a > b,
  87: (a, b) => signed64(a) <= signed64(b),
  88: (a, b) => a <= b,
  89: (a, b) => signed64(a) >= signed64(b),
  90: (a, b) => a >= b,
  124: (a, b) => a + b,
  125: (a, b) => a - b,
  126: (a, b) => a * b,
  127: (a, b) => signed64(a) / signed64(b),
  128: (a, b) => a / b,
  129: (a, b) => signed64(a) % signed64(b),
  130: (a, b) => a % b,
  131: (a, b) => a & b,
  132: (a, b) => a | b,
  133: (a, b) => a ^ b,
  134: (a, b) => a << (b & 63n),
  135: (a, b) => signed64(a) >> (b & 63n),
  136: (a, b) => a >> (b & 63n),
  137: (a, b) => (a << (b & 63n)) | (a >> (-b & 63n)),
  138: (a, b) => (a >> (b & 63n)) | (a << (-b & 63n)),
}

const UNARY: Record<number, (a: never) => number | bigint> = {
  69: (a: number) => (a === 0 ? 1 : 0),
  80: (a: bigint) => (a === 0n ? 1 : 0),
  103: Math.clz32,
  104: (a: number) => (a === 0 ? 32 : 31 - Math.clz32(a & -a)),
  105: (a: number) => ones(BigInt(unsigned(a))),
  121: (a: bigint) => 64n - BigInt(a === 0n ? 0 : a.toString(2).length),
  122: (a: bigint) => (a === 0n ? 64n : BigInt((a & -a).toString(2).length - 1)),
  123: (a: bigint) => BigInt(ones(a)),
  167: (a: bigint) => Number(BigInt.asIntN(32, a)),
  172: (a: number) => wrap64(BigInt(a)),
  173: (a: number) => BigInt(unsigned(a)),
  192: (a: number) => (a << 24) >> 24,
  193: (a: number) => (a << 16) >> 16,
  194: (a: bigint) => wrap64(BigInt.asIntN(8, a)),
  195: (a: bigint) => wrap64(BigInt.asIntN(16, a)),
  196: (a: bigint) => wrap64(BigInt.asIntN(32, a)),
}

const ones = (x: bigint) => x.toString(2).replaceAll('0', '').length

const codesOf = (...tables: object[]) => new Set(tables.flatMap((table) => Object.keys(table).map(Number)))
const UNARY_CODES = codesOf(UNARY)
const BINARY_CODES = codesOf(I32, I64)

export const isUnary = (op: number): boolean => UNARY_CODES.has(op)

export const isBinary = (op: number): boolean => BINARY_CODES.has(op)

export function unary(op: number, a: number | bigint): number | bigint {
  return UNARY[op]!(a as never)
}

export function binary(op: number, a: number | bigint, b: number | bigint): number | bigint {
  const result = typeof a === 'number' ? I32[op]!(a, b as number) : I64[op]!(a, b as bigint)
  if (typeof result === 'boolean') return result ? 1 : 0
  return typeof result === 'number' ? result | 0 : wrap64(result)
}
