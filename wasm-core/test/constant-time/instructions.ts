/**
 * The WebAssembly instructions that the gate knows, by their binary code. Instructions with a prefix are numbered
 * 0xfc00 and 0xfd00 plus what follows the prefix. What is not here cannot be decoded, which fails the gate.
 */

import { isUnary } from './arithmetic.ts'

/** What follows the code: nothing, one or two numbers, alignment and offset, and so on. */
export type Immediate =
  | 'none'
  | 'u32'
  | 'u32u32'
  | 'block'
  | 'table'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'memory'
  | 'lane'
export type Wide = 'memoryLane' | 'bytes16' | 'types'

export const OP = {
  unreachable: 0x00,
  nop: 0x01,
  block: 0x02,
  loop: 0x03,
  if: 0x04,
  else: 0x05,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  brTable: 0x0e,
  return: 0x0f,
  call: 0x10,
  callIndirect: 0x11,
  drop: 0x1a,
  select: 0x1b,
  selectTyped: 0x1c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  memorySize: 0x3f,
  memoryGrow: 0x40,
  i32Const: 0x41,
  i64Const: 0x42,
  memoryCopy: 0xfc0a,
  memoryFill: 0xfc0b,
  v128Load: 0xfd00,
  v128Store: 0xfd0b,
  v128Const: 0xfd0c,
} as const

const NAMES = new Map<number, string>(
  Object.entries(OP).map(([name, op]) => [op, name.replace(/^(memory|local|global|i32|i64|v128)([A-Z])/, '$1.$2')]),
)

export function nameOf(op: number): string {
  return NAMES.get(op)?.toLowerCase() ?? `instruction 0x${op.toString(16)}`
}

export function immediateOf(op: number): Immediate | Wide {
  if (op >= OP.block && op <= OP.if) return 'block'
  if (op === OP.brTable) return 'table'
  if (op === OP.callIndirect) return 'u32u32'
  if (op === OP.selectTyped) return 'types'
  if (op === OP.br || op === OP.brIf || op === OP.call || (op >= OP.localGet && op <= OP.globalSet)) return 'u32'
  if (op >= 0x28 && op <= 0x3e) return 'memory'
  if (op === OP.memorySize || op === OP.memoryGrow) return 'u32'
  if (op === OP.i32Const) return 'i32'
  if (op === OP.i64Const) return 'i64'
  if (op === 0x43) return 'f32'
  if (op === 0x44) return 'f64'
  if (op === OP.memoryCopy) return 'u32u32'
  if (op === OP.memoryFill) return 'u32'
  if (op >= 0xfc00 && op < 0xfc08) return 'none'
  if (op >= 0xfd00) return immediateOfVector(op & 0xff)
  const plain = [OP.unreachable, OP.nop, OP.else, OP.end, OP.return, OP.drop, OP.select] as number[]
  if (plain.includes(op) || (op >= 0x45 && op <= 0xc4)) return 'none'
  throw new Error(`the gate does not know ${nameOf(op)}`)
}

function immediateOfVector(code: number): Immediate | Wide {
  if (code <= 0x0b || code === 0x5c || code === 0x5d) return 'memory'
  if (code === 0x0c || code === 0x0d) return 'bytes16'
  if (code >= 0x15 && code <= 0x22) return 'lane'
  if (code >= 0x54 && code <= 0x5b) return 'memoryLane'
  return 'none'
}

/** Bytes that a load or store touches. */
export function accessBytes(op: number): number {
  if (op >= 0xfd00) {
    const code = op & 0xff
    if (code === 0x00 || code === 0x0b) return 16
    if (code >= 0x01 && code <= 0x06) return 8
    if (code >= 0x07 && code <= 0x0a) return 1 << (code - 0x07)
    if (code === 0x5c) return 4
    if (code === 0x5d) return 8
    return 1 << ((code - 0x54) & 3)
  }
  const bytes = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4, 4, 8, 4, 8, 1, 2, 1, 2, 4]
  return bytes[op - 0x28]!
}

export const isLoad = (op: number): boolean =>
  (op >= 0x28 && op <= 0x35) ||
  (op >= 0xfd00 && op <= 0xfd0a) ||
  (op >= 0xfd54 && op <= 0xfd57) ||
  op === 0xfd5c ||
  op === 0xfd5d

export const isStore = (op: number): boolean =>
  (op >= 0x36 && op <= 0x3e) || op === OP.v128Store || (op >= 0xfd58 && op <= 0xfd5b)

/** Vector instructions that take one operand; of the others, all but `bitselect` take two. */
const UNARY = new Set([
  ...[0x4d, 0x53, 0x60, 0x61, 0x62, 0x63, 0x64, 0x7c, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x83, 0x84, 0x87, 0x88, 0x89, 0x8a],
  ...[0xa0, 0xa1, 0xa3, 0xa4, 0xa7, 0xa8, 0xa9, 0xaa, 0xc0, 0xc1, 0xc3, 0xc4, 0xc7, 0xc8, 0xc9, 0xca],
])

export function vectorOperands(op: number): number {
  const code = op & 0xff
  if (code === 0x52) return 3
  if (code >= 0x0f && code <= 0x14) return 1 // splat
  if (code >= 0x15 && code <= 0x22) return EXTRACTS.has(code) ? 1 : 2
  return UNARY.has(code) ? 1 : 2
}

const EXTRACTS = new Set([0x15, 0x16, 0x18, 0x19, 0x1b, 0x1d, 0x1f, 0x21])

/** Floating-point arithmetic, scalar or in lanes: its time may depend on the numbers (subnormals, for one). */
export function isFloat(op: number): boolean {
  if (op >= 0xfd00) {
    const code = op & 0xff
    return (
      (code >= 0x41 && code <= 0x4c) ||
      [0x13, 0x14, 0x1f, 0x20, 0x21, 0x22, 0x5e, 0x5f, 0x67, 0x68, 0x69, 0x6a, 0x74, 0x75, 0x7a, 0x94].includes(code) ||
      code >= 0xe0
    )
  }
  return (
    [0x2a, 0x2b, 0x38, 0x39, 0x43, 0x44].includes(op) ||
    (op >= 0x5b && op <= 0x66) ||
    (op >= 0x8b && op <= 0xa6) ||
    (op >= 0xa8 && op <= 0xab) ||
    (op >= 0xae && op <= 0xbf) ||
    (op >= 0xfc00 && op < 0xfc08)
  )
}

/** Division and remainder: their time depends on the operands on most processors. */
export const isDivision = (op: number): boolean => (op >= 0x6d && op <= 0x70) || (op >= 0x7f && op <= 0x82)

/** Counting bits: without an instruction for it, engines use tables or loops. */
export const isBitCount = (op: number): boolean =>
  (op >= 0x67 && op <= 0x69) || (op >= 0x79 && op <= 0x7b) || op === 0xfd62

/** What running an instruction means here. */
export type Kind = 'control' | 'constant' | 'float' | 'load' | 'store' | 'copy' | 'fill' | 'size' | 'grow' | Calculation
export type Calculation = 'unary' | 'binary' | 'vector'

export function kindOf(op: number): Kind {
  if (op === OP.i32Const || op === OP.i64Const || op === OP.v128Const) return 'constant'
  if (isFloat(op)) return 'float'
  if (isLoad(op)) return 'load'
  if (isStore(op)) return 'store'
  if (op === OP.memoryCopy) return 'copy'
  if (op === OP.memoryFill) return 'fill'
  if (op === OP.memorySize) return 'size'
  if (op === OP.memoryGrow) return 'grow'
  if (op >= 0xfd00) return 'vector'
  if (op < OP.i32Const) return 'control'
  return isUnary(op) ? 'unary' : 'binary'
}
