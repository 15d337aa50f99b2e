import { describe, expect, it } from 'vitest'
import { branchConditions, disassemble, reach } from '../test/disassembly.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'
import { readBls12381GroupsFile } from './infrastructure/bls12381-groups-file.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import type { Bls12381Groups } from './slots.ts'
import { wasmBls12381Groups } from './wasm/bls12381-groups.ts'
import { type GroupsModule, instantiateGroups } from './wasm/bls12381-groups-module.ts'
import { instantiateBls } from './wasm/bls12381-module.ts'

const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n
const X_SQUARED = 0xd201000000010000n ** 2n
const secret = fromHex('1f0ffee254729296a45a3885639ac7e10f9d54979e3f9d54979e3d5649d51234')
const other = fromHex('2a55b3f1c0de77a1913fd20b8c6e4d5f60718293a4b5c6d7e8f90a1b2c3d4e5f')
const bytes = await readBls12381GroupsFile()
const bls = await instantiateBls(await readWasmFile('bls12381'))

/** Both secrets, in every form the kernel gives them. */
function secretsOf(): Map<string, Uint8Array> {
  const secrets = new Map<string, Uint8Array>()
  for (const [name, big] of [
    ['secret', secret],
    ['other', other],
  ] as const) {
    const value = BigInt(`0x${toHex(big)}`)
    secrets.set(name, big)
    secrets.set(`${name}, little-endian`, littleEndian(value))
    secrets.set(`${name} in Montgomery form`, littleEndian((value << 256n) % R))
    secrets.set(`${name} modulo x²`, littleEndian(value % X_SQUARED, 16))
    secrets.set(`${name} divided by x²`, littleEndian(value / X_SQUARED, 16))
    secrets.set(`signed digits of ${name}`, digitsOf(value % X_SQUARED))
  }
  return secrets
}

function littleEndian(value: bigint, length = 32): Uint8Array {
  return fromHex(value.toString(16).padStart(2 * length, '0')).reverse()
}

function digitsOf(value: bigint): Uint8Array {
  let carry = 0
  return Uint8Array.from({ length: 32 }, (_, i) => {
    const digit = Number((value >> BigInt(4 * i)) & 15n) + carry
    carry = digit >= 8 ? 1 : 0
    return digit - 16 * carry
  })
}

/** The names of secrets of which eight bytes lie anywhere in the module's memory. */
function findSecrets({ view }: GroupsModule): string[] {
  const memory = Buffer.from(view.buffer)
  const found = [...secretsOf()].filter(([, value]) => {
    for (let at = 0; at + 8 <= value.length; at += 4) if (memory.indexOf(value.subarray(at, at + 8)) >= 0) return true
    return false
  })
  return found.map(([name]) => name)
}

/** Every call of the slot that takes a secret, with one. */
const calls: [string, (groups: Bls12381Groups) => unknown][] = [
  ['secretSumOfMultiples', ({ g1 }) => g1.secretSumOfMultiples([g1.generator, g1.generator], [secret, other])],
  ['secretMultipleOfGenerator', ({ g2 }) => g2.secretMultipleOfGenerator(secret)],
  ['add', ({ scalars }) => scalars.add(secret, other)],
  ['multiply', ({ scalars }) => scalars.multiply(secret, other)],
  ['negate', ({ scalars }) => scalars.negate(secret)],
  ['invert', ({ scalars }) => scalars.invert(secret)],
  ['reduce', ({ scalars }) => scalars.reduce(secret)],
]

describe('secrets in linear memory', () => {
  it('are there without the wiping, so that the next test means something', async () => {
    for (const [name, call] of calls) {
      const module = { ...(await instantiateGroups(bytes)), wipe: () => {} }
      call(wasmBls12381Groups(bls, module))
      expect(findSecrets(module), name).toContain('secret')
    }
    const module = { ...(await instantiateGroups(bytes)), wipe: () => {} }
    calls[0]![1](wasmBls12381Groups(bls, module))
    for (const name of ['other, little-endian', 'signed digits of secret', 'other divided by x²']) {
      expect(findSecrets(module)).toContain(name)
    }
  })

  it.each(calls)('%s leaves nothing: the memory is what it was at the start', async (_name, call) => {
    const module = await instantiateGroups(bytes)
    const untouched = await instantiateGroups(bytes)
    const groups = wasmBls12381Groups(bls, module)
    call(groups)
    expect(findSecrets(module)).toEqual([])
    expect(Buffer.compare(module.view, untouched.view)).toBe(0)
  })

  it('points of secret origin leave nothing either', async () => {
    const module = await instantiateGroups(bytes)
    const { g1 } = wasmBls12381Groups(bls, module)
    const hidden = g1.secretSumOfMultiples([g1.generator], [secret])
    const pristine = module.view.slice()
    g1.negate(hidden)
    expect(Buffer.compare(module.view, pristine)).toBe(0)
    g1.sum([hidden, hidden])
    expect(Buffer.compare(module.view, pristine)).toBe(0)
  })

  it('are gone when an argument beside them is refused', async () => {
    const module = await instantiateGroups(bytes)
    const { g1, g2, scalars } = wasmBls12381Groups(bls, module)
    const tooLarge = new Uint8Array(32).fill(255)
    expect(() => g1.secretSumOfMultiples([g1.generator, g1.generator], [secret, tooLarge])).toThrow(InvalidArgument)
    expect(() => scalars.multiply(secret, tooLarge)).toThrow(InvalidArgument)
    expect(() => scalars.add(secret, other.subarray(1))).toThrow(InvalidArgument)
    expect(() => g2.secretMultipleOfGenerator(secret.subarray(1))).toThrow(InvalidArgument)
    expect(findSecrets(module)).toEqual([])
  })
})

describe('the emitted code for secrets', () => {
  const functions = disassemble(bytes)
  const entries = [
    ...['sumStart', 'sumAddSecret', 'sumAddPoints', 'sumEnd', 'negatePoint', 'multiplyGeneratorG2'],
    ...['scalarsAdd', 'scalarsInvert', 'scalarsMultiply', 'scalarsNegate', 'scalarsReduce', 'scalarsUnreduced'],
  ]
  const reached = reach(functions, entries)

  it('reaches the arithmetic, and not the code for public values', () => {
    expect(reached.size).toBeGreaterThan(30)
    expect([...reached].some((name) => (functions.get(name)!.match(/extmul/g) ?? []).length > 160)).toBe(true)
    for (const name of ['sumAddPublic', 'sumEndPublic', 'pointRead', 'pointWrite', 'hashEnd', 'mapInput']) {
      expect([...reached].some((other) => functions.get(other) === functions.get(name))).toBe(false)
    }
  })

  it('has no instruction whose time or address could depend on a choice: select, table, indirect call, division', () => {
    for (const name of reached)
      expect(functions.get(name)).not.toMatch(/\((select|br_table|call_indirect|i(32|64)\.(div|rem)_[su]|f(32|64)\.)/)
  })

  it('keeps nothing in globals, which could not be wiped', () => {
    for (const name of reached) expect(functions.get(name)).not.toContain('global.set')
  })

  it('branches on loop counters, on the exponent of the inversion, and on whether a scalar is below the order', () => {
    const conditions = [...reached].flatMap((name) => branchConditions(functions.get(name)!))
    const counter = /^\(i32\.[lg]t_[su] \(local\.get \$\d+\) \((i32\.const \d+|local\.get \$\d+)\)/
    const others = conditions.filter((condition) => !counter.test(condition))
    expect(conditions.length - others.length).toBeGreaterThan(20)
    // `keepLane0`: where in a point the loop is. `powChain`: whether its first step was made, how many squarings are left
    // in this one, and whether it has a factor; its steps are the bits of (p − 3)/4. `scalarsUnreduced`: its answer. A
    // number that grows here means that a new branch must be argued for.
    expect(others.map((condition) => condition.replaceAll(/\$\w+|i32.const \d{4,}/g, '_'))).toEqual([
      expect.stringMatching(/^\(i32.and \(i32.lt_u \(local.get _\) \(i32.const 224\) \) \(i32.ge_u \(local.get _\) /),
      expect.stringMatching(/^\(i32.eqz \(local.get _\) \) \(then \(local.set _ \(v128.load/),
      expect.stringMatching(
        /^\(local.get _\) \(then \(call _ \(local.get _\) \(local.get _\) \) \(local.set _ \(i32.sub/,
      ),
      expect.stringMatching(
        /^\(local.get _\) \(then \(call _ \(local.get _\) \(local.get _\) \(local.get _\) \) \) \)/,
      ),
      expect.stringMatching(/^\(i32.eqz \(i32.wrap_i64 \(local.get _\) \) \) \(then \(return \(local.get _\)/),
    ])
  })
})
