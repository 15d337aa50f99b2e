/** Reads what callers send. Everything malformed is -32602 and names the parameter. @module */
import { fromHex, toHex } from '../../data/hex.ts'
import { GlowwormError } from '../../errors.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { invalidParams } from './errors.ts'
import type { Params } from './method.ts'

/** Positional parameters; a lone object stands for a list of one. */
export function paramsOf(params: unknown): Params {
  if (params === undefined || params === null) return []
  return Array.isArray(params) ? params : [params]
}

/** 20 bytes in any mixture of cases. */
export function addressParam(value: unknown, what = 'address'): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value))
    throw invalidParams(`${what}: expected 0x and 40 hexadecimal digits`)
  return value.toLowerCase() as Hex
}

export function hashParam(value: unknown, what = 'hash'): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value))
    throw invalidParams(`${what}: expected 0x and 64 hexadecimal digits`)
  return value.toLowerCase() as Hex
}

/** A storage slot as a quantity or as 32 bytes. */
export function slotParam(value: unknown, what = 'storage key'): Hex {
  return `0x${quantityParam(value, what, 256).toString(16).padStart(64, '0')}`
}

export function quantityParam(value: unknown, what: string, bits: number): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw invalidParams(`${what}: expected a hexadecimal quantity of at most ${bits} bits`)
  const number = BigInt(value)
  if (number >= 1n << BigInt(bits)) throw invalidParams(`${what}: does not fit into ${bits} bits`)
  return number
}

export function optionalQuantity(value: unknown, what: string, bits: number): bigint | null {
  return value === undefined || value === null ? null : quantityParam(value, what, bits)
}

export function dataParam(value: unknown, what: string): Hex {
  try {
    return toHex(fromHex(value, what))
  } catch (cause) {
    if (cause instanceof GlowwormError) throw invalidParams(cause.message)
    throw cause
  }
}

export function booleanParam(value: unknown, what: string): boolean {
  if (value !== undefined && value !== null && typeof value !== 'boolean')
    throw invalidParams(`${what}: expected true or false`)
  return value === true
}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParams(`${what}: expected an object`)
  return value as Record<string, unknown>
}

export function listParam(value: unknown, what: string, most: number): unknown[] {
  if (!Array.isArray(value)) throw invalidParams(`${what}: expected a list`)
  if (value.length > most) throw invalidParams(`${what}: at most ${most} entries`)
  return value
}
