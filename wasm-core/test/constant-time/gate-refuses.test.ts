import binaryen from 'binaryen'
import { describe, expect, it } from 'vitest'
import { decodeModule } from './decode-module.ts'
import { addressesOf, findingsOf, type GuardedTarget, gapsOf, type Operation, type Step } from './gate.ts'

/**
 * Small modules, each with one thing that must not be: a gate that cannot fail is none. The secret is at 16 (8 bytes,
 * as two i32 or one i64), public bytes are at 32, and `wipe` clears the first page's beginning.
 */
async function check(body: string, steps: readonly Step[] = [{ call: 'go' }], more = '', wipeBytes = 64) {
  const parsed = binaryen.parseText(`(module
    (memory (export "memory") 1 2)
    (global (export "SECRET") i32 (i32.const 16))
    (global (export "PUBLIC") i32 (i32.const 32))
    (global $g (mut i32) (i32.const 0))
    ${more}
    (func (export "wipe") (memory.fill (i32.const 0) (i32.const 0) (i32.const ${wipeBytes})))
    (func (export "go") (local $i i32) (local $s i32) (local $v v128) ${body}))`)
  parsed.setFeatures(binaryen.Features.All)
  const bytes = new Uint8Array(parsed.emitBinary())
  parsed.dispose()
  const { instance } = await WebAssembly.instantiate(bytes)
  const memory = new Uint8Array((instance.exports.memory as WebAssembly.Memory).buffer)
  const target: GuardedTarget = { name: 'tiny', prepare: () => Promise.reject(), wipe: 'wipe', operations: [] }
  const operation: Operation = { name: 'go', secrets: { SECRET: 8 }, ways: { usual: steps } }
  const prepared = { module: decodeModule(bytes), memory, addresses: addressesOf(instance) }
  const coverage = new Map()
  const findings = findingsOf(target, operation, prepared, coverage)
  return [...findings, ...gapsOf({ ...target, operations: [operation] }, prepared, coverage)].join('\n')
}

const secret = '(i32.load (i32.const 16))'
const secret64 = '(i64.load (i32.const 16))'
const sum = '(local.set $s (i32.add (local.get $s) (i32.const 1)))'

describe('the gate refuses', () => {
  it.each([
    ['an if on a secret', `(if ${secret} (then ${sum}))`, /a branch depends on a secret/],
    ['a br_if on a secret', `(block $b (br_if $b ${secret}) ${sum})`, /a branch depends on a secret/],
    [
      'a loop as long as a secret says',
      `(loop $l ${sum} (br_if $l (i32.lt_u (local.get $s) ${secret})))`,
      /a branch depends on a secret/,
    ],
    [
      'a jump by a table',
      `(block $a (block $b (br_table $a $b ${secret})))`,
      /where to go depends on a secret[\s\S]*brtable/,
    ],
    [
      'a jump by a table, even a public one',
      `(block $a (if (i32.const 0) (then (br_table $a $a (i32.const 0)))))`,
      /brtable/,
    ],
    ['a select by a secret', `(local.set $s (select (i32.const 1) (i32.const 2) ${secret}))`, /the choice of a select/],
    ['a load at a secret address', `(local.set $s (i32.load ${secret}))`, /the address of a load/],
    [
      'a load of a byte at a masked secret',
      `(local.set $s (i32.load8_u offset=32 (i32.and ${secret} (i32.const 7))))`,
      /the address of a load/,
    ],
    ['a vector load at a secret address', `(local.set $v (v128.load ${secret}))`, /the address of a load/],
    ['a store at a secret address', `(i32.store ${secret} (i32.const 0))`, /the address of a store/],
    ['a copy of secret length', `(memory.copy (i32.const 0) (i32.const 32) ${secret})`, /how much is copied/],
    [
      'a copy from a secret address',
      `(memory.copy (i32.const 0) ${secret} (i32.const 4))`,
      /the address of what is copied/,
    ],
    ['a fill of secret length', `(memory.fill (i32.const 0) (i32.const 0) ${secret})`, /how much is filled/],
    ['a division of a secret', `(local.set $s (i32.div_u ${secret} (i32.const 3)))`, /a division/],
    ['a remainder by a secret', `(drop (i64.rem_u (i64.const 9) ${secret64}))`, /a division/],
    ['a division even of public numbers', `(local.set $s (i32.rem_s (i32.const 9) (i32.const 3)))`, /instruction 0x6f/],
    ['floating point', `(drop (f64.add (f64.const 1) (f64.const 2)))`, /floating-point/],
    ['floating point in lanes', `(local.set $v (f32x4.add (local.get $v) (local.get $v)))`, /floating-point/],
    ['counting the bits of a secret', `(drop (i64.ctz ${secret64}))`, /counting bits/],
    ['a secret in a global', `(global.set $g ${secret})`, /a global/],
    ['memory that grows', `(drop (memory.grow (i32.const 1)))`, /memory grows/],
    [
      'a secret that went through memory',
      `(i32.store8 (i32.const 40) ${secret}) (if (i32.load (i32.const 40)) (then ${sum}))`,
      /a branch/,
    ],
    [
      'a secret that was copied',
      `(memory.copy (i32.const 40) (i32.const 18) (i32.const 1)) (if (i32.load8_u (i32.const 40)) (then ${sum}))`,
      /a branch/,
    ],
    [
      'a secret that was filled in',
      `(memory.fill (i32.const 40) ${secret} (i32.const 4)) (if (i32.load8_u (i32.const 42)) (then ${sum}))`,
      /a branch/,
    ],
    [
      'a secret out of a vector',
      `(local.set $v (i32x4.splat ${secret})) (if (i32x4.extract_lane 0 (local.get $v)) (then ${sum}))`,
      /a branch/,
    ],
    [
      'a secret lane',
      `(local.set $v (v128.load32_lane 0 (i32.const 16) (local.get $v))) (drop (i32.load (i32x4.extract_lane 1 (local.get $v))))`,
      /the address of a load/,
    ],
    ['a secret comparison', `(if (i64.lt_u ${secret64} (i64.const 5)) (then ${sum}))`, /a branch/],
    ['a secret left in memory', `(i32.store (i32.const 64) ${secret})`, /byte 64 depends on a secret after the wipe/],
  ])('%s', async (_, body, finding) => {
    expect(await check(body)).toMatch(finding)
  })

  it('a secret that becomes the argument of a function', async () => {
    const more = '(func $leak (param $x i32) (result i32) (i32.load8_u (local.get $x)))'
    expect(await check(`(local.set $s (call $leak (i32.and ${secret} (i32.const 1))))`, undefined, more)).toMatch(
      /a load/,
    )
  })

  it('an indirect call', async () => {
    const more = '(type $t (func)) (func $f) (table 1 1 funcref) (elem (i32.const 0) $f)'
    expect(await check(`(call_indirect (type $t) ${secret})`, undefined, more)).toMatch(
      /where to go depends on a secret/,
    )
    const unused = `(if (i32.const 0) (then (call_indirect (type $t) (i32.const 0))))`
    expect(await check(unused, undefined, more)).toMatch(/callindirect/)
  })

  it('a result that depends on a secret', async () => {
    const more = `(func (export "answer") (result i32) ${secret})`
    expect(await check('', [{ call: 'answer' }], more)).toMatch(/the result depends on a secret/)
  })

  it('code that no way has run', async () => {
    expect(await check(`(if (i32.load (i32.const 32)) (then ${sum}))`)).toMatch(
      /instructions 3 to 6 of function 1 were not run/,
    )
  })

  it('a decision that is not on the list, and one that nobody takes', async () => {
    const body = `(if ${secret} (then ${sum}))`
    const decisions = [{ says: 'it is good', answer: 1 as const }]
    expect(await check(body, [{ call: 'go', decisions }])).toBe('')
    expect(await check(body + body, [{ call: 'go', decisions }])).toMatch(/a branch depends on a secret/)
    expect(await check(body, [{ call: 'go', decisions: [...decisions, ...decisions] }])).toMatch(
      /nobody asked whether it is good/,
    )
  })

  it('nothing to wipe, for then the run shows nothing', async () => {
    await expect(check('', [{ call: 'wipe' }])).rejects.toThrow('nothing in memory depends on a secret')
  })
})

describe('the gate allows', () => {
  it.each([
    ['public loop counters', `(loop $l ${sum} (br_if $l (i32.lt_u (local.get $s) (i32.const 5))))`],
    ['public lengths', `(if (i32.eqz (i32.load (i32.const 32))) (then ${sum}))`],
    [
      'addresses that count',
      `(loop $l (drop (i32.load (local.get $i))) (local.set $i (i32.add (local.get $i) (i32.const 8))) (br_if $l (i32.le_u (local.get $i) (i32.const 24))))`,
    ],
    [
      'masks',
      `(i32.store (i32.const 40) (i32.and (i32.sub (i32.const 0) (i32.and ${secret} (i32.const 1))) (i32.load (i32.const 32))))`,
    ],
    [
      'a local that held a secret before',
      `(local.set $s ${secret}) (local.set $s (i32.const 1)) (if (local.get $s) (then ${sum}))`,
    ],
    ['a select by a public number', `(local.set $s (select ${secret} (i32.const 2) (i32.load (i32.const 32))))`],
  ])('%s', async (_, body) => {
    expect(await check(body)).toBe('')
  })
})
