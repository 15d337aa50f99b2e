/** Reads what sites send. Everything malformed is -32602 and names the parameter. */
import type { HeadChoice, Hex } from '@glowworm/light-client'
import { fromHex, toHex } from '@glowworm/light-client/data/hex'
import { parseAddress } from '../accounts/address.ts'
import { problemOf } from '../errors.ts'
import { invalidParams } from './errors.ts'

export type Params = readonly unknown[]

export function paramsOf(params: unknown): Params {
  if (params === undefined || params === null) return []
  return Array.isArray(params) ? params : [params]
}

export function addressParam(value: unknown, what: string, keccak256: (data: Uint8Array) => Uint8Array): Hex {
  if (typeof value !== 'string') throw invalidParams(`${what}: expected an address`)
  try {
    return parseAddress(value, keccak256)
  } catch (error) {
    throw invalidParams(`${what}: ${problemOf(error).message}`)
  }
}

export function hashParam(value: unknown, what: string): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(value)) throw invalidParams(`${what}: expected 32 bytes`)
  return value.toLowerCase() as Hex
}

/** A storage slot as a quantity or as 32 bytes. */
export function slotParam(value: unknown): Hex {
  const slot = quantityParam(value, 'slot', 256)
  return `0x${slot.toString(16).padStart(64, '0')}`
}

export function quantityParam(value: unknown, what: string, bits: number): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value))
    throw invalidParams(`${what}: expected a hexadecimal quantity`)
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
  } catch (error) {
    throw invalidParams(problemOf(error).message)
  }
}

/**
 * Which proven head a block parameter means. `pending` has no proof, `earliest` and old numbers are not held.
 * @param heights of the two heads, to understand numbers
 */
export function blockParam(
  value: unknown,
  heights: { readonly optimistic: bigint; readonly finalized: bigint },
): HeadChoice {
  if (value === undefined || value === null || value === 'latest') return 'optimistic'
  if (value === 'finalized' || value === 'safe') return 'finalized'
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(value)) {
    const number = BigInt(value)
    if (number === heights.optimistic) return 'optimistic'
    if (number === heights.finalized) return 'finalized'
  }
  throw invalidParams(
    'block: only latest, safe, finalized and the numbers of those can be proven here; pending state never can',
  )
}

export function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidParams(`${what}: expected an object`)
  return value as Record<string, unknown>
}
