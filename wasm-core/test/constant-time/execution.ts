/**
 * Runs a function of a module without knowing its secrets.
 *
 * Every value is either known, or known to depend on secrets and nothing else about it ("labelled"). Loop counters,
 * addresses and public inputs are known, so control goes where it goes in the engine; whatever is computed from a
 * secret is labelled, in locals and, byte by byte, in memory. Where an instruction would need a labelled value to know
 * where to jump, which address to touch or how long to take, the run ends with a `SecretDependence`. A run that reaches
 * its end is therefore the same for every secret: the same instructions on the same addresses.
 *
 * The exceptions are decisions: answers that may become known, such as "the key is valid". They are given as a list,
 * and used up in order, one for every branch on a labelled value.
 */
import { binary, unary } from './arithmetic.ts'
import type { Instruction, Value, WasmFunction, WasmModule } from './decode-module.ts'
import { Frame, type Labelled, PUBLIC, SecretDependence } from './frame.ts'
import { accessBytes, type Calculation, isBitCount, isDivision, OP, vectorOperands } from './instructions.ts'

/** A branch on something secret that is allowed, because its outcome may be known. */
export interface Decision {
  /** What becomes known. */
  readonly says: string
  /** The value of the condition, as compiled. */
  readonly answer: 0 | 1
}

const NOTHING: Labelled = { value: 0, label: 0 }
const MAX_STEPS = 100_000_000

export class Execution {
  readonly memory: Uint8Array
  /** The label of every byte of memory. */
  readonly labels: Uint8Array
  /** Instructions that have been run, by function. */
  readonly covered = new Map<WasmFunction, Uint8Array>()
  /** What may be decided from now on. */
  decisions: Decision[] = []
  readonly #view: DataView
  readonly #module: WasmModule
  readonly #globals: Labelled[]
  #steps = 0

  /** @param memory as a real instance has it before the call; copied. */
  constructor(module: WasmModule, memory: Uint8Array) {
    this.#module = module
    this.memory = memory.slice()
    this.#view = new DataView(this.memory.buffer)
    this.labels = new Uint8Array(memory.length)
    this.#globals = module.globals.map((value) => ({ value, label: 0 }))
  }

  /** Makes bytes unknown. */
  label(address: number, length: number, label: number): void {
    this.labels.fill(label, address, address + length)
  }

  /** Puts known bytes in memory. */
  write(address: number, bytes: Uint8Array): void {
    this.memory.set(bytes, address)
    this.labels.fill(0, address, address + bytes.length)
  }

  /** Calls an export with known arguments. The result must be known too: it is what the caller learns. */
  call(name: string, ...args: number[]): number | undefined {
    const index = this.#module.exports.get(name)
    if (index === undefined) throw new Error(`no export ${name}`)
    const labelled = args.map((value) => ({ value, label: 0 }))
    const result = this.#invoke(index, labelled)
    if (result && result.label > PUBLIC) throw new SecretDependence('the result depends on a secret', name)
    return result?.value as number | undefined
  }

  #invoke(index: number, args: Labelled[]): Labelled | undefined {
    const called = this.#module.functions[index]!
    const frame = new Frame(index, called, args)
    const seen = this.covered.get(called) ?? new Uint8Array(called.code.length)
    this.covered.set(called, seen)
    while (frame.pc < called.code.length) {
      if (++this.#steps > MAX_STEPS) throw new Error('the run does not end')
      seen[frame.pc] = 1
      const instruction = called.code[frame.pc]!
      if (instruction.kind === 'control') this.#control(frame, instruction)
      else this.#compute(frame, instruction)
    }
    return called.results ? frame.pop() : undefined
  }

  #condition(frame: Frame): boolean {
    if (frame.stack.at(-1)!.label <= PUBLIC) return frame.popKnown('a condition') !== 0
    frame.pop()
    const decision = this.decisions.shift()
    return decision ? decision.answer === 1 : frame.refuse('a branch depends on a secret')
  }

  /** Instructions that say what comes next, and moves between stack, locals and globals. */
  #control(frame: Frame, instruction: Instruction): void {
    const a = instruction.a as number
    switch (instruction.op) {
      case OP.unreachable:
        throw new Error(`unreachable code is reached, in ${frame.place()}`)
      case OP.nop:
        break
      case OP.block:
        frame.open(a, instruction.end + 1)
        break
      case OP.loop:
        frame.open(a, frame.pc + 1, true)
        break
      case OP.if: {
        const taken = this.#condition(frame)
        frame.open(a, instruction.end + 1)
        const { otherwise, end } = instruction
        if (!taken) frame.pc = otherwise === end ? end - 1 : otherwise
        break
      }
      case OP.else: // reached when the other part is done
        frame.pc = instruction.end - 1
        break
      case OP.end:
        frame.close()
        break
      case OP.br:
        frame.branch(a)
        return
      case OP.brIf:
        if (!this.#condition(frame)) break
        frame.branch(a)
        return
      case OP.return:
        frame.returnNow()
        return
      case OP.brTable:
      case OP.callIndirect:
        frame.popKnown('where to go')
        throw new Error(`jumps by a table are not run, in ${frame.place()}`)
      case OP.call: {
        const result = this.#invoke(a, frame.popMany(this.#module.functions[a]!.parameters))
        if (result) frame.stack.push(result)
        break
      }
      case OP.drop:
        frame.pop()
        break
      case OP.select:
      case OP.selectTyped: {
        const which = frame.popKnown('the choice of a select')
        const [first, second] = frame.popMany(2) as [Labelled, Labelled]
        frame.stack.push(which ? first : second)
        break
      }
      case OP.localGet:
        frame.stack.push(frame.locals[a]!)
        break
      case OP.localSet:
        frame.locals[a] = frame.pop()
        break
      case OP.localTee:
        frame.locals[a] = frame.stack.at(-1)!
        break
      case OP.globalGet:
        frame.stack.push(this.#globals[a]!)
        break
      case OP.globalSet:
        if (frame.stack.at(-1)!.label > PUBLIC) frame.refuse('a global, which nobody wipes, depends on a secret')
        this.#globals[a] = frame.pop()
        break
      default:
        throw new Error(`not known: ${frame.place()}`)
    }
    frame.pc++
  }

  /** Constants, arithmetic and memory. */
  #compute(frame: Frame, { op, kind, a }: Instruction): void {
    switch (kind) {
      case 'constant':
        frame.push(a, 0)
        break
      case 'load':
        this.#load(frame, op, a as number)
        break
      case 'store':
        this.#store(frame, op, a as number)
        break
      case 'copy':
        this.#copy(frame)
        break
      case 'fill':
        this.#fill(frame)
        break
      case 'size':
        frame.push(this.memory.length >> 16, 0)
        break
      case 'grow':
        frame.refuse('memory grows, and what was there before may stay behind')
        break
      case 'float':
        frame.refuse('floating-point arithmetic takes a time that depends on the numbers')
        break
      case 'unary':
      case 'binary':
      case 'vector':
        this.#calculate(frame, op, kind)
    }
    frame.pc++
  }

  #calculate(frame: Frame, op: number, kind: Calculation): void {
    const operands = kind === 'vector' ? vectorOperands(op) : kind === 'unary' ? 1 : 2
    const third = operands === 3 ? frame.pop().label : 0
    const y = operands === 1 ? NOTHING : frame.pop()
    const x = frame.pop()
    const label = x.label | y.label | third
    if (label > PUBLIC) {
      if (isDivision(op)) frame.refuse('a division takes a time that depends on a secret')
      if (isBitCount(op)) frame.refuse('counting bits takes a time that may depend on a secret')
    }
    if (kind === 'vector') frame.push(0, label | PUBLIC)
    else if (label) frame.push(0, label)
    else if (kind === 'unary') frame.push(unary(op, x.value as number | bigint), 0)
    else frame.push(binary(op, x.value as number | bigint, y.value as number | bigint), 0)
  }

  #load(frame: Frame, op: number, offset: number): void {
    const lanes = op >= 0xfd54 && op <= 0xfd57 ? frame.pop().label | PUBLIC : 0
    const address = (frame.popKnown('the address of a load') >>> 0) + offset
    const bytes = accessBytes(op)
    if (address + bytes > this.memory.length) throw new Error(`a load beyond memory, in ${frame.place()}`)
    let label = lanes
    for (let i = 0; i < bytes; i++) label |= this.labels[address + i]!
    if (op === OP.v128Load) frame.push(this.memory.slice(address, address + 16), label)
    else if (op >= 0xfd00) frame.push(0, label | PUBLIC)
    else if (label) frame.push(0, label)
    else frame.push(this.#read(op, address), 0)
  }

  #read(op: number, at: number): number | bigint {
    const view = this.#view
    switch (op) {
      case 0x28:
        return view.getInt32(at, true)
      case 0x29:
        return view.getBigUint64(at, true)
      case 0x2c:
        return view.getInt8(at)
      case 0x2d:
        return view.getUint8(at)
      case 0x2e:
        return view.getInt16(at, true)
      case 0x2f:
        return view.getUint16(at, true)
      case 0x30:
        return BigInt.asUintN(64, BigInt(view.getInt8(at)))
      case 0x31:
        return BigInt(view.getUint8(at))
      case 0x32:
        return BigInt.asUintN(64, BigInt(view.getInt16(at, true)))
      case 0x33:
        return BigInt(view.getUint16(at, true))
      case 0x34:
        return BigInt.asUintN(64, BigInt(view.getInt32(at, true)))
      default:
        return BigInt(view.getUint32(at, true))
    }
  }

  #store(frame: Frame, op: number, offset: number): void {
    const { value, label: stored } = frame.pop()
    const label = op >= 0xfd58 ? stored | PUBLIC : stored // a lane of a vector
    const address = (frame.popKnown('the address of a store') >>> 0) + offset
    const bytes = accessBytes(op)
    if (address + bytes > this.memory.length) throw new Error(`a store beyond memory, in ${frame.place()}`)
    for (let i = 0; i < bytes; i++) this.labels[address + i] = label
    if (label) return
    if (typeof value === 'object') this.memory.set(value, address)
    else {
      let rest = BigInt(value)
      for (let i = 0; i < bytes; i++) {
        this.memory[address + i] = Number(rest & 255n)
        rest >>= 8n
      }
    }
  }

  #copy(frame: Frame): void {
    const length = frame.popKnown('how much is copied') >>> 0
    const from = frame.popKnown('the address of what is copied') >>> 0
    const to = frame.popKnown('the address of a copy') >>> 0
    this.memory.copyWithin(to, from, from + length)
    this.labels.copyWithin(to, from, from + length)
  }

  #fill(frame: Frame): void {
    const length = frame.popKnown('how much is filled') >>> 0
    const { value, label } = frame.pop()
    const to = frame.popKnown('the address of what is filled') >>> 0
    this.memory.fill(label ? 0 : Number(value as Exclude<Value, Uint8Array>), to, to + length)
    this.labels.fill(label, to, to + length)
  }
}
