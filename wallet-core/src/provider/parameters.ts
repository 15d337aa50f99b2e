/** What the wallet reads more strictly than the light client does. Everything malformed is -32602 and names the parameter. */
import type { Hex } from '@glowworm/light-client'
import { parseAddress } from '../accounts/address.ts'
import { problemOf } from '../errors.ts'
import { invalidParams } from './errors.ts'

export type Params = readonly unknown[]

/** An address that may receive something: a checksum that is there must be right. */
export function addressParam(value: unknown, what: string, keccak256: (data: Uint8Array) => Uint8Array): Hex {
  if (typeof value !== 'string') throw invalidParams(`${what}: expected an address`)
  try {
    return parseAddress(value, keccak256)
  } catch (error) {
    throw invalidParams(`${what}: ${problemOf(error).message}`)
  }
}
