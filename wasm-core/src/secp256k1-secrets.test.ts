import { describe, expect, it } from 'vitest'
import { branchConditions, disassemble, reach } from '../test/disassembly.ts'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'
import { secureRandom } from './infrastructure/secure-random.ts'
import { readWasmFile } from './infrastructure/wasm-files.ts'
import { secp256k1Slot as slotWith } from './wasm/secp256k1.ts'
import type { Secp256k1Exports } from './wasm/secp256k1-module.ts'

const secp256k1Slot = (kernel: Secp256k1Exports) => slotWith(kernel, secureRandom)

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const key = fromHex('c0ffee254729296a45a3885639ac7e10f9d54979e3f9d54979e3d5649d51234a')
const digest = new Uint8Array(32).fill(0x5a)
const bytes = await readWasmFile('secp256k1')

async function freshKernel(): Promise<Secp256k1Exports> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports as unknown as Secp256k1Exports
}

describe('secrets in linear memory', () => {
  it('are there while signing, so that the next test means something', async () => {
    const kernel = await freshKernel()
    const signature = secp256k1Slot({ ...kernel, wipe: () => {} }).sign(digest, key)
    const found = findSecrets(kernel, signature)
    expect(found).toContain('key as big-endian bytes')
    expect(found).toContain('nonce as big-endian bytes')
  })

  it('are gone after signing: key, nonce, and any 8 bytes of them', async () => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot(kernel)
    expect(findSecrets(kernel, slot.sign(digest, key))).toEqual([])
    expect(findSecrets(kernel, slot.sign(digest, key, new Uint8Array(32).fill(0xee)))).toEqual([])
    slot.publicKey(key)
    expect(findSecrets(kernel, slot.sign(digest, key))).toEqual([])
  })

  it('are gone when signing throws', async () => {
    const kernel = await freshKernel()
    const beyond = fromHex((N + 5n).toString(16))
    expect(() => secp256k1Slot(kernel).sign(digest, beyond)).toThrow(InvalidArgument)
    expect(() => secp256k1Slot(kernel).publicKey(beyond)).toThrow(InvalidArgument)
    expect(indexOf(new Uint8Array(kernel.memory.buffer), beyond.subarray(16))).toBe(-1)
  })

  it('a signature that does not verify is not given out', async () => {
    const kernel = await freshKernel()
    const slot = secp256k1Slot({ ...kernel, verify: () => 0 })
    expect(() => slot.sign(digest, key)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
    expect(indexOf(new Uint8Array(kernel.memory.buffer), key.subarray(0, 8))).toBe(-1)
  })
})

/** Looks for the key and for the nonce, which follows from key and signature, in every form the kernel gives them. */
function findSecrets(kernel: Secp256k1Exports, signature: Uint8Array): string[] {
  const [r, s, d] = [signature.subarray(0, 32), signature.subarray(32, 64), key].map((part) =>
    BigInt(`0x${toHex(part)}`),
  )
  const nonce = (((BigInt(`0x${toHex(digest)}`) + r! * d!) % N) * inverse(s!)) % N
  const memory = new Uint8Array(kernel.memory.buffer)
  const found: string[] = []
  for (const [name, secret] of [
    ['key', d!],
    ['nonce', nonce],
    ['nonce', N - nonce],
  ] as const) {
    const big = fromHex(secret.toString(16).padStart(64, '0'))
    const forms = {
      'big-endian bytes': big,
      'little-endian bytes': big.slice().reverse(),
      limbs: limbs(secret),
      'Montgomery limbs': limbs((secret << 261n) % N),
    }
    for (const [form, pattern] of Object.entries(forms)) {
      for (let at = 0; at + 8 <= pattern.length; at += 4)
        if (
          pattern.subarray(at, at + 8).some((byte) => byte !== 0) &&
          indexOf(memory, pattern.subarray(at, at + 8)) >= 0
        )
          found.push(`${name} as ${form}`)
    }
  }
  return [...new Set(found)]
}

function limbs(value: bigint): Uint8Array {
  const words = Uint32Array.from({ length: 9 }, (_, i) => Number((value >> BigInt(29 * i)) & 0x1fffffffn))
  return new Uint8Array(words.buffer)
}

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value, N, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % N) + N) % N
}

function indexOf(memory: Uint8Array, pattern: Uint8Array): number {
  return Buffer.from(memory.buffer).indexOf(pattern)
}

describe('the emitted code of signing', () => {
  const functions = disassemble(bytes)
  const reached = reach(functions, ['sign', 'publicKey'])

  it('reaches the arithmetic', () => {
    expect(reached.size).toBeGreaterThan(15)
    expect([...reached].some((name) => (functions.get(name)!.match(/i64\.mul/g) ?? []).length > 80)).toBe(true)
  })

  it('has no instruction whose time or address could depend on a choice: select, table, indirect call, division', () => {
    for (const name of reached)
      expect(functions.get(name)).not.toMatch(/\((select|br_table|call_indirect|i(32|64)\.(div|rem)_[su]|f(32|64)\.)/)
  })

  it('keeps nothing in globals, which could not be wiped', () => {
    for (const name of reached) expect(functions.get(name)).not.toContain('global.set')
  })

  it('branches on loop counters, and else only on: key, nonce, r and s being usable', () => {
    const conditions = [...reached].flatMap((name) => branchConditions(functions.get(name)!))
    const counter = /^\(i32\.lt_[su] \(local\.get \$\d+\) \((i32\.const \d+|local\.get \$\d+)\)/
    const others = conditions.filter((condition) => !counter.test(condition))
    expect(conditions.length - others.length).toBeGreaterThan(10)
    // readScalar (below n, and not zero) and its two callers' verdicts, and the checks of r and s. A number that grows
    // here means that a new branch must be argued for.
    expect(others.map((condition) => condition.slice(0, 60))).toHaveLength(7)
  })
})
