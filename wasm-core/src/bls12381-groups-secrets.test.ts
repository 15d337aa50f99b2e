import { describe, expect, it } from 'vitest'
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
