/** One call in progress: its operands, locals and open blocks. */
import { type Instruction, type Value, type WasmFunction, zeroOf } from './decode-module.ts'
import { nameOf } from './instructions.ts'

/** Labels are bits. Not known here, but nothing secret: what vector instructions make of public numbers. */
export const PUBLIC = 1
/** Depends on a secret key, or on a nonce. */
export const KEY = 2
/** Depends on the blinding, which stays in memory from one call to the next. */
export const BLINDING = 4

/** A number with what it depends on; it is known when the label is 0. */
export interface Labelled {
  readonly value: Value
  readonly label: number
}

interface Block {
  readonly next: number
  readonly height: number
  readonly results: number
  readonly isLoop: boolean
}

/** Values that are not known, by label. */
const UNKNOWN: Labelled[] = Array.from({ length: 8 }, (_, label) => ({ value: 0, label }))

export class SecretDependence extends Error {
  constructor(what: string, place: string) {
    super(`${what}, in ${place}`)
    this.name = 'SecretDependence'
  }
}

export class Frame {
  readonly code: Instruction[]
  readonly locals: Labelled[]
  readonly stack: Labelled[] = []
  readonly #index: number
  readonly #blocks: Block[]
  pc = 0

  constructor(index: number, { code, locals, parameters, results }: WasmFunction, args: Labelled[]) {
    this.#index = index
    this.code = code
    this.locals = [...args, ...locals.slice(parameters).map((type) => ({ value: zeroOf(type), label: 0 }))]
    this.#blocks = [{ next: code.length, height: 0, results, isLoop: false }]
  }

  push(value: Value, label: number): void {
    this.stack.push(label ? UNKNOWN[label]! : { value, label })
  }

  pop(): Labelled {
    return this.stack.pop()!
  }

  popMany(count: number): Labelled[] {
    return this.stack.splice(this.stack.length - count)
  }

  open(results: number, next: number, isLoop = false): void {
    this.#blocks.push({ next, height: this.stack.length, results, isLoop })
  }

  close(): void {
    this.#blocks.pop()
  }

  /** Leaves `depth` blocks and one more, or goes to the start of a loop: sets `pc`. */
  branch(depth: number): void {
    const block = this.#blocks[this.#blocks.length - 1 - depth]!
    const result = block.isLoop || block.results === 0 ? null : this.pop()
    this.stack.length = block.height
    if (result) this.stack.push(result)
    this.#blocks.length -= block.isLoop ? depth : depth + 1
    this.pc = block.next
  }

  returnNow(): void {
    this.branch(this.#blocks.length - 1)
  }

  /** The operand on top as a number that is needed: an address, a length, a condition. */
  popKnown(what: string): number {
    const { value, label } = this.pop()
    if (label > PUBLIC) this.refuse(`${what} depends on a secret`)
    if (label === PUBLIC) throw new Error(`${what} is public, but not known here, in ${this.place()}`)
    return Number(value)
  }

  refuse(what: string): never {
    throw new SecretDependence(what, this.place())
  }

  place(): string {
    return `instruction ${this.pc} (${nameOf(this.code[this.pc]!.op)}) of function ${this.#index}`
  }
}
