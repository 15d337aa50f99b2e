import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js'
import { argon2id as wasmArgon2id } from 'hash-wasm'
import { InvalidArgument } from './errors.ts'
import { isRefusal } from './load-engines.ts'
import type { Argon2id, Argon2idParameters } from './slots.ts'

/** Argon2id by hash-wasm, or by noble (about ten times slower) where WebAssembly is refused. */
export const argon2id: Argon2id = async (parameters) => {
  check(parameters)
  if (typeof WebAssembly === 'undefined') return argon2idNoble(parameters)
  try {
    const { memoryKiB, length, ...rest } = parameters
    return await wasmArgon2id({ ...rest, memorySize: memoryKiB, hashLength: length, outputType: 'binary' })
  } catch (error) {
    if (isRefusal(error)) return argon2idNoble(parameters)
    throw error
  }
}

/** The same by noble: the fallback, and the oracle of the tests. */
export const argon2idNoble: Argon2id = async (parameters) => {
  check(parameters)
  const { password, salt, memoryKiB, iterations, parallelism, length } = parameters
  return nobleArgon2id(password, salt, { m: memoryKiB, t: iterations, p: parallelism, dkLen: length, version: 0x13 })
}

/** RFC 9106 §3.1, with the tighter bound of 1 to 255 lanes and at most 4 GiB that both implementations share. */
function check({ password, salt, memoryKiB, iterations, parallelism, length }: Argon2idParameters): void {
  expect('password', password.length, 1, 2 ** 31 - 1, 'bytes')
  expect('salt', salt.length, 8, 2 ** 31 - 1, 'bytes')
  expect('parallelism', parallelism, 1, 255, 'lanes')
  expect('memoryKiB', memoryKiB, 8 * parallelism, 2 ** 22 - 1, 'KiB')
  expect('iterations', iterations, 1, 2 ** 31 - 1, 'passes')
  expect('length', length, 4, 2 ** 16, 'bytes')
}

function expect(argument: string, value: number, low: number, high: number, unit: string): void {
  if (!Number.isSafeInteger(value) || value < low || value > high)
    throw new InvalidArgument(argument, `expected ${low}..${high} ${unit}, got ${value}`)
}
