/** Reads a WebAssembly binary, as the engine gets it, into functions whose instructions can be walked. */
import { immediateOf, type Kind, kindOf, OP } from './instructions.ts'

export type Value = number | bigint | Uint8Array

export interface Instruction {
  readonly op: number
  readonly kind: Kind
  /** Offset, index, depth, lane, arity of a block, or the value of a constant. */
  readonly a: Value
  /** Of a block, `if` or `else`: where its `end` is. */
  end: number
  /** Of an `if`: where its `else` is, or its `end`. */
  otherwise: number
}

export interface WasmFunction {
  readonly parameters: number
  readonly results: number
  /** Types of all locals, parameters first. */
  readonly locals: readonly number[]
  readonly code: Instruction[]
}

export interface WasmModule {
  readonly functions: WasmFunction[]
  readonly globals: (number | bigint)[]
  /** Function index by the name of its export. */
  readonly exports: Map<string, number>
}

export function decodeModule(bytes: Uint8Array): WasmModule {
  const reader = new Reader(bytes, 8)
  const types: FunctionType[] = []
  const functionTypes: number[] = []
  const functions: WasmFunction[] = []
  const globals: (number | bigint)[] = []
  const exports = new Map<string, number>()
  while (reader.at < bytes.length) {
    const section = reader.byte()
    const end = reader.u32() + reader.at
    if (section === 1)
      reader.vector(() => {
        if (reader.byte() !== 0x60) throw new Error('a type that is not of a function')
        types.push({
          parameters: reader.vector(() => reader.byte()),
          results: reader.vector(() => reader.byte()).length,
        })
      })
    else if (section === 2 && bytes[reader.at] !== 0) throw new Error('kernels import nothing')
    else if (section === 3) reader.vector(() => functionTypes.push(reader.u32()))
    else if (section === 6)
      reader.vector(() => {
        reader.at += 2 // type and mutability
        globals.push(constant(reader))
      })
    else if (section === 7)
      reader.vector(() => {
        const name = reader.text()
        const kind = reader.byte()
        const index = reader.u32()
        if (kind === 0) exports.set(name, index)
      })
    else if (section === 10)
      reader.vector(() => {
        const type = types[functionTypes[functions.length]!]!
        functions.push(readFunction(reader, type))
      })
    reader.at = end
  }
  return { functions, globals, exports }
}

interface FunctionType {
  readonly parameters: readonly number[]
  readonly results: number
}

function readFunction(reader: Reader, { parameters, results }: FunctionType): WasmFunction {
  const end = reader.u32() + reader.at
  const locals = [...parameters]
  reader.vector(() => {
    const count = reader.u32()
    const type = reader.byte()
    for (let i = 0; i < count; i++) locals.push(type)
  })
  const code: Instruction[] = []
  while (reader.at < end) code.push(readInstruction(reader))
  linkBlocks(code)
  return { parameters: parameters.length, results, locals, code }
}

/** What a local holds before it is set. */
export function zeroOf(type: number): Value {
  return type === 0x7b ? new Uint8Array(16) : type === 0x7e ? 0n : 0
}

function readInstruction(reader: Reader): Instruction {
  const first = reader.byte()
  const op = first === 0xfc || first === 0xfd ? (first << 8) | reader.u32() : first
  if (op > 0xfdff) throw new Error('relaxed vector instructions may differ between machines')
  return { op, kind: kindOf(op), a: readImmediate(reader, op), end: 0, otherwise: 0 }
}

function readImmediate(reader: Reader, op: number): Value {
  switch (immediateOf(op)) {
    case 'none':
      return 0
    case 'u32':
      return reader.u32()
    case 'u32u32':
      reader.u32()
      return reader.u32()
    case 'block': {
      const type = Number(reader.signed())
      if (type >= 0) throw new Error('blocks with parameters are not known here')
      return type === -64 ? 0 : 1
    }
    case 'table':
      reader.vector(() => reader.u32())
      return reader.u32()
    case 'types':
      reader.vector(() => reader.byte())
      return 0
    case 'i32':
      return Number(reader.signed()) | 0
    case 'i64':
      return BigInt.asUintN(64, reader.signed())
    case 'f32':
      reader.at += 4
      return 0
    case 'f64':
      reader.at += 8
      return 0
    case 'memory':
      reader.u32()
      return reader.u32()
    case 'memoryLane': {
      reader.u32()
      const offset = reader.u32()
      reader.byte()
      return offset
    }
    case 'lane':
      return reader.byte()
    case 'bytes16':
      reader.at += 16
      return reader.bytes.slice(reader.at - 16, reader.at)
  }
}

function linkBlocks(code: Instruction[]): void {
  const open: Instruction[] = []
  for (const [i, instruction] of code.entries()) {
    if (instruction.op >= OP.block && instruction.op <= OP.if) open.push(instruction)
    else if (instruction.op === OP.else) {
      open[open.length - 1]!.otherwise = i
      open.push(instruction)
    } else if (instruction.op === OP.end) {
      const inner = open.pop()
      if (!inner) continue // the function's own
      inner.end = i
      if (inner.op === OP.else) open.pop()!.end = i
      else if (inner.op === OP.if) inner.otherwise = i
    }
  }
}

function constant(reader: Reader): number | bigint {
  const { op, a } = readInstruction(reader)
  if (op !== OP.i32Const && op !== OP.i64Const) throw new Error('a global that is not an integer constant')
  if (reader.byte() !== OP.end) throw new Error('a global that is computed')
  return a as number | bigint
}

class Reader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes
    this.at = at
  }

  byte(): number {
    return this.bytes[this.at++]!
  }

  u32(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 127) * 2 ** shift
      if (byte < 128) return value
    }
  }

  /** LEB128 with sign. */
  signed(): bigint {
    let value = 0n
    for (let shift = 0n; ; ) {
      const byte = this.byte()
      value |= BigInt(byte & 127) << shift
      shift += 7n
      if (byte < 128) return BigInt.asIntN(Number(shift), value)
    }
  }

  text(): string {
    const length = this.u32()
    this.at += length
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at))
  }

  vector<T>(item: () => T): T[] {
    return Array.from({ length: this.u32() }, item)
  }
}
