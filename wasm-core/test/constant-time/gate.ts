/**
 * Whether an operation on a secret key is constant-time and leaves nothing behind, shown on the emitted module: nothing
 * of the source or of the compiler is believed. Three things are looked at for each operation:
 *
 * 1. Runs with unknown secrets (`execution.ts`): no branch, jump, select, address, length, division or bit count depends
 *    on them, but for the listed decisions, whose number and order must be exact.
 * 2. The runs of all operations together reach every instruction of every function that they can call.
 * 3. After the wipe no byte of the memory depends on a secret, but for the blinding, in its place.
 */
import type { WasmFunction, WasmModule } from './decode-module.ts'
import { type Decision, Execution } from './execution.ts'
import { BLINDING, KEY, SecretDependence } from './frame.ts'
import { isDivision, isFloat, nameOf, OP } from './instructions.ts'

export interface Step {
  readonly call: string
  /** What everybody may know: put into these windows first. */
  readonly publics?: Readonly<Record<string, Uint8Array>>
  readonly args?: readonly number[]
  /** Branches on secrets that the step takes, in order. */
  readonly decisions?: readonly Decision[]
  /** What the caller learns. */
  readonly returns?: number
}

export interface Operation {
  readonly name: string
  /** Windows with secrets: exported address and bytes. */
  readonly secrets: Readonly<Record<string, number>>
  /** The same for new blinding. */
  readonly blinding?: Readonly<Record<string, number>>
  /** Ways through the operation, which together pass every instruction. */
  readonly ways: Readonly<Record<string, readonly Step[]>>
}

export interface GuardedTarget {
  readonly name: string
  /** Memory of a real instance, ready for the operations; and the addresses it exports. */
  prepare(bytes: Uint8Array<ArrayBuffer>): Promise<{ memory: Uint8Array; addresses: Readonly<Record<string, number>> }>
  /** Bytes that are secret too but outlast a call: the blinding. */
  readonly blinding?: { readonly address: string; readonly bytes: string }
  /** The export that clears the memory; or the address below which the face puts it back, as its own test shows. */
  readonly wipe: string | { readonly below: string }
  readonly operations: readonly Operation[]
}

export interface Prepared {
  readonly module: WasmModule
  readonly memory: Uint8Array
  readonly addresses: Readonly<Record<string, number>>
}

/** Instructions that have been run, by function. */
export type Coverage = Map<WasmFunction, Uint8Array>

/** What is wrong with the operation; empty when nothing is. What was run is added to `coverage`. */
export function findingsOf(
  target: GuardedTarget,
  operation: Operation,
  prepared: Prepared,
  coverage: Coverage,
): string[] {
  const findings: string[] = []
  for (const [way, steps] of Object.entries(operation.ways)) {
    try {
      merge(coverage, runWay(target, operation, prepared, steps).covered)
    } catch (error) {
      if (!(error instanceof SecretDependence)) throw error
      findings.push(`${way}: ${error.message}`)
    }
  }
  for (const [index, called] of reach(prepared.module, [operation])) findings.push(...forbidden(called, index))
  return findings
}

/** What the operations could call, but none of their ways has run. */
export function gapsOf({ operations }: GuardedTarget, { module }: Prepared, coverage: Coverage): string[] {
  return [...reach(module, operations)].flatMap(([index, called]) => notRun(called, index, coverage.get(called)))
}

function runWay(target: GuardedTarget, operation: Operation, prepared: Prepared, steps: readonly Step[]): Execution {
  const { module, memory, addresses } = prepared
  const at = (name: string): number => {
    const address = addresses[name]
    if (address === undefined) throw new Error(`no address ${name}`)
    return address
  }
  const execution = new Execution(module, memory)
  if (target.blinding) execution.label(at(target.blinding.address), at(target.blinding.bytes), BLINDING)
  for (const [name, bytes] of Object.entries(operation.blinding ?? {})) execution.label(at(name), bytes, BLINDING)
  for (const [name, bytes] of Object.entries(operation.secrets)) execution.label(at(name), bytes, KEY)
  for (const { call, publics = {}, args = [], decisions = [], returns } of steps) {
    for (const [name, bytes] of Object.entries(publics)) execution.write(at(name), bytes)
    execution.decisions = [...decisions]
    const result = execution.call(call, ...args)
    if (execution.decisions.length > 0)
      throw new SecretDependence(`nobody asked whether ${execution.decisions[0]!.says}`, call)
    if (result !== returns) throw new Error(`${call} returns ${result}, not ${returns}`)
  }
  const secretByte = () => {
    const [from, length] = target.blinding ? [at(target.blinding.address), at(target.blinding.bytes)] : [0, 0]
    const elsewhere = (i: number) => i < from || i >= from + length
    return execution.labels.findIndex((label, i) => (label & KEY) !== 0 || ((label & BLINDING) !== 0 && elsewhere(i)))
  }
  if (secretByte() < 0) throw new Error('nothing in memory depends on a secret: the run shows nothing')
  if (typeof target.wipe === 'string') execution.call(target.wipe)
  else execution.label(0, at(target.wipe.below), 0)
  if (secretByte() >= 0) throw new SecretDependence(`byte ${secretByte()} depends on a secret after the wipe`, 'memory')
  return execution
}

function merge(all: Coverage, more: Coverage): void {
  for (const [called, seen] of more) {
    const known = all.get(called)
    all.set(called, known ? known.map((flag, i) => flag | seen[i]!) : seen)
  }
}

/** Functions that the operations can call, however indirectly, by index. */
export function reach(module: WasmModule, operations: readonly Operation[]): Map<number, WasmFunction> {
  const reached = new Map<number, WasmFunction>()
  const visit = (index: number) => {
    if (reached.has(index)) return
    const called = module.functions[index]!
    reached.set(index, called)
    for (const { op, a } of called.code) if (op === OP.call) visit(a as number)
  }
  const steps = operations.flatMap(({ ways }) => Object.values(ways).flat())
  for (const { call } of steps) visit(module.exports.get(call)!)
  return reached
}

/** Instructions that have no place here even with public operands, so that nobody needs to argue. */
function forbidden({ code }: WasmFunction, index: number): string[] {
  const bad = (op: number) =>
    op === OP.brTable || op === OP.callIndirect || op === OP.memoryGrow || isDivision(op) || isFloat(op)
  return code.flatMap(({ op }, pc) => (bad(op) ? [`instruction ${pc} of function ${index} is ${nameOf(op)}`] : []))
}

/** Gaps in what was run, one line for each. What jumps pass over and what does nothing does not count. */
function notRun({ code }: WasmFunction, index: number, seen?: Uint8Array): string[] {
  const gaps: string[] = []
  const idle = [OP.end, OP.else, OP.unreachable, OP.nop] as number[]
  const isGap = (pc: number) => !seen?.[pc] && !idle.includes(code[pc]!.op)
  for (let pc = 0; pc < code.length; pc++) {
    if (!isGap(pc)) continue
    const start = pc
    while (pc + 1 < code.length && isGap(pc + 1)) pc++
    gaps.push(`instructions ${start} to ${pc} of function ${index} were not run`)
  }
  return gaps
}

/** The addresses and sizes that an instance exports. */
export function addressesOf({ exports }: WebAssembly.Instance): Record<string, number> {
  const globals = Object.entries(exports).filter(([, value]) => value instanceof WebAssembly.Global)
  return Object.fromEntries(globals.map(([name, value]) => [name, Number((value as WebAssembly.Global).value)]))
}
