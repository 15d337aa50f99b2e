import type { Engines } from '@glowworm/wasm-core'
import type { ImportRequest } from '../facade/facade.ts'
import { InvalidImport } from './errors.ts'

/** Reads 64 hexadecimal digits, as ASCII and with or without 0x, without making a string of them. @throws {InvalidImport} */
export function readPrivateKey(ascii: Uint8Array, engines: Pick<Engines, 'secp256k1'>): Uint8Array {
  const digits = trimmed(ascii)
  if (digits.length !== 64)
    throw new InvalidImport('private-key', `it has ${digits.length} digits, expected 64 (0x not counted)`)
  const key = new Uint8Array(32)
  for (const [i, code] of digits.entries()) {
    const value = digit(code)
    if (value === null) {
      key.fill(0)
      throw new InvalidImport('private-key', `character ${i + 1} is not a hexadecimal digit`)
    }
    key[i >> 1]! |= i % 2 === 0 ? value << 4 : value
  }
  checkKey('private-key', key, engines)
  return key
}

/** Wipes the key when it is none. @throws {InvalidImport} unless it is from 1 to the order of secp256k1 less 1. */
export function checkKey(
  kind: ImportRequest['kind'],
  key: Uint8Array,
  { secp256k1 }: Pick<Engines, 'secp256k1'>,
): void {
  try {
    if (key.length !== 32) throw new Error('length')
    secp256k1.publicKey(key)
  } catch {
    key.fill(0)
    throw new InvalidImport(kind, 'it is no secret key of secp256k1')
  }
}

const SPACE = [0x20, 0x09, 0x0a, 0x0d]

function trimmed(ascii: Uint8Array): Uint8Array {
  let [start, end] = [0, ascii.length]
  while (start < end && SPACE.includes(ascii[start]!)) start++
  while (end > start && SPACE.includes(ascii[end - 1]!)) end--
  if (ascii[start] === 0x30 && (ascii[start + 1]! | 0x20) === 0x78) start += 2
  return ascii.subarray(start, end)
}

function digit(code: number): number | null {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = (code | 0x20) - 0x61
  return letter >= 0 && letter < 6 ? letter + 10 : null
}
