/**
 * From recorded steps to a printed function: which value lives where, in what order the steps run, and the check that
 * no input is overwritten while it is still needed.
 * @module
 */
import { type Bound, CARRIED_LIMB, PAIR_BYTES, refuseUnless } from './bls12381-bounds.ts'
import type { Library, Step, Value, Values } from './bls12381-program.ts'

/** Lays out the values of a recorded formula in memory, prints it as a function and enters it into the library. */
export function printFunction(
  library: Library,
  name: string,
  inputs: Record<string, readonly Bound[]>,
  apart: readonly string[],
  recorded: Step[],
  results: Values,
  level: number,
): void {
  const scratch = `SCRATCH_${level}`
  const steps = outputsLast(recorded, results)
  let slots = 0
  const copies: string[] = []
  const reserve = (group: Values): void => {
    if (group.every((value) => value.place === undefined)) {
      for (const value of group) value.place = { base: scratch, slot: slots++ }
      return
    }
    const base = group[0]!.place
    const together = group.every(
      (v, i) => v.place !== undefined && v.place.base === base?.base && v.place.slot === base.slot + i,
    )
    if (!together) throw new Error(`${name}: a call needs pairs side by side that already live elsewhere; copy them`)
  }
  placeResults(results, steps)
  for (const step of steps) for (const group of step.groups) reserve(group)
  for (const step of steps) for (const value of step.writes) value.place ??= { base: scratch, slot: slots++ }

  const address = ({ place }: Value): string => {
    if (!place) throw new Error(`${name}: a value is used that no step produces`)
    return place.slot === 0 ? place.base : `${place.base} + ${place.slot * PAIR_BYTES}`
  }
  results.forEach((value, slot) => {
    if (value.place && value.place.base in inputs) throw new Error(`${name}: an output is an input; copy it first`)
    if (value.place?.base !== 'out' || value.place.slot !== slot) {
      copies.push(`f2copy(${slot === 0 ? 'out' : `out + ${slot * PAIR_BYTES}`}, ${address(value)})`)
    }
  })
  checkAliasing(
    name,
    Object.keys(inputs).filter((parameter) => !apart.includes(parameter)),
    steps,
  )
  library.scratch[level] = Math.max(library.scratch[level] ?? 0, slots * PAIR_BYTES)
  const output = results.map(({ bound }) => bound)
  output.forEach((bound, i) => {
    refuseUnless(bound.limb <= CARRIED_LIMB, () => `output ${i} is not carried`)
  })
  library.signatures.set(name, { inputs, output, level })
  const parameters = ['out', ...Object.keys(inputs)].map((parameter) => `${parameter}: usize`)
  const lines = [...steps.map((step) => step.print(address)), ...copies]
  const bounds = Object.entries({ ...inputs, out: output }).map(
    ([parameter, list]) => `${parameter} < ${list.map(({ value }) => value.toFixed(2)).join(', ')}`,
  )
  library.printed.push(
    `/** In multiples of p: ${bounds.join('; ')}. */\nexport function ${name}(${parameters.join(', ')}): void {\n${lines
      .map((line) => `  ${line}\n`)
      .join('')}}\n`,
  )
}

/** Steps that only produce results go to the end, so that inputs stay readable as long as possible. */
function outputsLast(steps: readonly Step[], results: Values): Step[] {
  const read = new Set(steps.flatMap((step) => step.reads))
  const final = (step: Step) => step.writes.every((value) => results.includes(value) && !read.has(value))
  return [...steps.filter((step) => !final(step)), ...steps.filter(final)]
}

/**
 * Results are computed in place where that is possible: a result that a call wants beside other values stays in
 * scratch memory (and is copied at the end) unless the whole group lies in the output in the same order.
 */
function placeResults(results: Values, steps: readonly Step[]): void {
  const groups = steps.flatMap((step) => step.groups)
  const inOutput = new Map<Value, number>()
  results.forEach((value, slot) => {
    if (value.place === undefined && !inOutput.has(value)) inOutput.set(value, slot)
  })
  for (let settled = false; !settled; ) {
    settled = true
    for (const group of groups) {
      const first = inOutput.get(group[0]!)
      const together = first !== undefined && group.every((value, i) => inOutput.get(value) === first + i)
      if (together) continue
      for (const value of group) if (inOutput.delete(value)) settled = false
    }
  }
  for (const [value, slot] of inOutput) value.place = { base: 'out', slot }
}

/** Outputs may be inputs: an input slot must not be read after the output slot of the same index was written. */
function checkAliasing(name: string, inputs: readonly string[], steps: readonly Step[]): void {
  const clobbered = new Set<number>()
  for (const step of steps) {
    for (const value of step.reads) {
      const place = value.place
      if (place && inputs.includes(place.base) && clobbered.has(place.slot)) {
        throw new Error(`${name}: reads ${place.base}[${place.slot}] after writing out[${place.slot}]; reorder or copy`)
      }
    }
    if (step.writes.some((value) => value.place?.base === 'out')) {
      for (const group of step.groups) checkShift(name, inputs, step.writes, group)
    }
    for (const value of step.writes) if (value.place?.base === 'out') clobbered.add(value.place.slot)
  }
}

/** A callee tolerates that an input is its output, but not that the two overlap with a shift. */
function checkShift(name: string, inputs: readonly string[], writes: Values, group: Values): void {
  group.forEach((value, i) => {
    if (!value.place || !inputs.includes(value.place.base)) return
    const writer = writes.findIndex((written) => written.place?.slot === value.place?.slot)
    if (writer >= 0 && writer !== i)
      throw new Error(`${name}: a call reads slots it writes in another order; copy them`)
  })
}
