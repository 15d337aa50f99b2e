import { sha512 } from '@noble/hashes/sha2.js'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../test/vectors.ts'
import { InvalidArgument } from './errors.ts'
import { readEd25519File } from './infrastructure/ed25519-file.ts'
import { type Ed25519Exports, ed25519Slot } from './wasm/ed25519.ts'

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const key = fromHex('c0ffee254729296a45a3885639ac7e10f9d54979e3f9d54979e3d5649d51234a')
const message = new Uint8Array(300).fill(0x5a)
const bytes = await readEd25519File()

async function freshKernel(): Promise<Ed25519Exports> {
  const { instance } = await WebAssembly.instantiate(bytes)
  return instance.exports as unknown as Ed25519Exports
}

/** Key, secret scalar, prefix and nonce, in every form the kernel gives them. */
function secretsOf(): Map<string, Uint8Array> {
  const expanded = sha512(key)
  const clamped = expanded.slice(0, 32)
  clamped[0]! &= 248
  clamped[31] = (clamped[31]! & 127) | 64
  const prefix = expanded.subarray(32)
  const wideNonce = sha512(Uint8Array.from([...prefix, ...message]))
  const secrets = new Map([
    ['key', key],
    ['scalar before clamping', expanded.slice(0, 32)],
    ['scalar', clamped],
    ['prefix', prefix],
    ['nonce before reduction', wideNonce],
  ])
  for (const [name, value] of [
    ['scalar', numberOf(clamped) % L],
    ['nonce', numberOf(wideNonce) % L],
  ] as const) {
    secrets.set(`${name} modulo L`, littleEndian(value))
    secrets.set(`${name} in Montgomery form`, littleEndian((value << 256n) % L))
  }
  for (const [name, words] of [
    ['state of the expansion', expanded],
    ['state of the nonce', wideNonce],
  ] as const)
    secrets.set(name, swapWords(words))
  return secrets
}

const numberOf = (value: Uint8Array) => BigInt(`0x${toHex(value.slice().reverse())}`)
const littleEndian = (value: bigint) => fromHex(value.toString(16).padStart(64, '0')).reverse()
const swapWords = (value: Uint8Array) => Uint8Array.from(value, (_, i) => value[8 * Math.floor(i / 8) + 7 - (i % 8)]!)

/** The names of secrets of which eight bytes lie anywhere in the module's memory. */
function findSecrets(kernel: Ed25519Exports): string[] {
  const memory = Buffer.from(kernel.memory.buffer)
  const found = [...secretsOf()].filter(([, secret]) => {
    for (let at = 0; at + 8 <= secret.length; at += 4) if (memory.indexOf(secret.subarray(at, at + 8)) >= 0) return true
    return false
  })
  return found.map(([name]) => name)
}

describe('secrets in linear memory', () => {
  it('are there without the wiping, so that the next test means something', async () => {
    const kernel = await freshKernel()
    ed25519Slot({ ...kernel, wipe: () => {} }).sign(message, key)
    const found = findSecrets(kernel)
    for (const name of ['key', 'scalar', 'scalar modulo L', 'prefix', 'nonce modulo L']) expect(found).toContain(name)
  })

  it('are gone after signing: key, scalar, prefix and nonce, and any 8 bytes of them', async () => {
    const kernel = await freshKernel()
    const slot = ed25519Slot(kernel)
    slot.sign(message, key)
    expect(findSecrets(kernel)).toEqual([])
    slot.publicKey(key)
    expect(findSecrets(kernel)).toEqual([])
  })

  it('are gone before the signature is checked, and when that fails', async () => {
    const kernel = await freshKernel()
    let seen: string[] = ['verify was not called']
    const verify = () => {
      seen = findSecrets(kernel)
      return 0
    }
    const slot = ed25519Slot({ ...kernel, verify })
    expect(() => slot.sign(message, key)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
    expect(seen).toEqual([])
    expect(findSecrets(kernel)).toEqual([])
  })

  it('never enter when the key has the wrong length', async () => {
    const kernel = await freshKernel()
    expect(() => ed25519Slot(kernel).sign(message, key.subarray(1))).toThrow(InvalidArgument)
    expect(() => ed25519Slot(kernel).publicKey(key.subarray(1))).toThrow(InvalidArgument)
    expect(Buffer.from(kernel.memory.buffer).indexOf(key.subarray(1, 9))).toBe(-1)
  })
})
