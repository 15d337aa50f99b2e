/** Public keys as a device shows them: `crypto-hdkey` and `crypto-account` (EIP-4527, BCR-2020-007, BCR-2020-015). */
import { toHex } from '@glowworm/light-client/data/hex'
import type { Engines } from '@glowworm/wasm-core'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { HARDENED_OFFSET, HDKey } from '@scure/bip32'
import { addressOf } from '../../accounts/address.ts'
import type { DeviceKey } from '../device-key.ts'
import { UnreadableAnswer } from '../errors.ts'
import { pathText } from '../key-path.ts'
import { type Cbor, decodeCbor, Tagged } from './cbor.ts'

const OFFERED = 5
const MOST_KEYS = 20

/** The keys behind it: of an extended key the first few children, else the key itself. @throws {UnreadableAnswer} */
export function deviceKeys(type: string, message: Uint8Array, hashes: Engines['hashes']): DeviceKey[] {
  const content = decodeCbor(message)
  if (type === 'crypto-hdkey' || type === 'hdkey') return keysOf(mapOf(content), null, OFFERED, hashes)
  if (type !== 'crypto-account' && type !== 'account')
    throw new UnreadableAnswer(`it is of the type ${type}, expected crypto-hdkey or crypto-account`)
  const account = mapOf(content)
  const fingerprint = account.get(1)
  const listed = account.get(2)
  if (!Array.isArray(listed) || listed.length > MOST_KEYS) throw new UnreadableAnswer('it holds no list of keys')
  return listed.flatMap((item: Cbor) =>
    keysOf(mapOf(untagged(item)), typeof fingerprint === 'number' ? fingerprint : null, 1, hashes),
  )
}

type Fields = ReadonlyMap<number, Cbor>

function keysOf(key: Fields, master: number | null, offered: number, hashes: Engines['hashes']): DeviceKey[] {
  const publicKey = bytesOf(key.get(3), 33, 'key')
  const origin = key.get(6) === undefined ? null : mapOf(untagged(key.get(6)!))
  const above = origin === null ? [] : stepsOf(origin.get(1))
  if (above.length === 0) throw new UnreadableAnswer('it does not say where its key is')
  const said = origin?.get(2)
  const fingerprint = typeof said === 'number' && said > 0 ? said : master
  const named = (steps: readonly number[], compressed: Uint8Array): DeviceKey => ({
    key: { kind: 'air-gapped', path: pathText(steps), fingerprint },
    address: addressOf(uncompressed(compressed), hashes.keccak256),
    publicKey: toHex(compressed),
  })
  const chainCode = key.get(4)
  if (chainCode === undefined || chainCode === null) return [named(above, publicKey)]
  uncompressed(publicKey)
  const parent = new HDKey({ publicKey, chainCode: bytesOf(chainCode, 32, 'chain code') })
  return childPaths(key.get(7), offered).map((below) => {
    const child = below.reduce((from, step) => from.deriveChild(step), parent)
    return named([...above, ...below], child.publicKey!)
  })
}

/** Steps below the extended key: those it names, with its wildcard counted from 0, else the usual 0/index. */
function childPaths(children: Cbor | undefined, count: number): number[][] {
  const listed = children === undefined ? null : mapOf(untagged(children)).get(1)
  const pattern = listed === undefined || listed === null ? [0, false, [], false] : listed
  if (!Array.isArray(pattern) || pattern.length % 2 !== 0 || pattern.length > 20)
    throw new UnreadableAnswer('its key path is none')
  const wild = pattern.some((step) => Array.isArray(step))
  return Array.from({ length: wild ? count : 1 }, (_, index) =>
    Array.from({ length: pattern.length / 2 }, (__, i) => {
      const [step, hardened] = [pattern[2 * i], pattern[2 * i + 1]]
      if (hardened !== false) throw new UnreadableAnswer('it asks for hardened children of a public key')
      if (Array.isArray(step)) return (typeof step[0] === 'number' ? step[0] : 0) + index
      return indexOf(step)
    }),
  )
}

function stepsOf(components: Cbor | undefined): number[] {
  if (!Array.isArray(components) || components.length % 2 !== 0 || components.length > 20)
    throw new UnreadableAnswer('its key path is none')
  return Array.from({ length: components.length / 2 }, (_, i) =>
    components[2 * i + 1] === true ? indexOf(components[2 * i]) + HARDENED_OFFSET : indexOf(components[2 * i]),
  )
}

function indexOf(step: Cbor | undefined): number {
  if (typeof step !== 'number' || step < 0 || step >= HARDENED_OFFSET)
    throw new UnreadableAnswer('its key path is none')
  return step
}

const untagged = (value: Cbor): Cbor => (value instanceof Tagged ? untagged(value.value) : value)

export function mapOf(value: Cbor): Fields {
  if (!(value instanceof Map)) throw new UnreadableAnswer('it holds something else than expected')
  return value
}

export function bytesOf(value: Cbor | undefined, length: number, what: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length !== length)
    throw new UnreadableAnswer(`its ${what} has not ${length} bytes`)
  return value
}

/** @throws {UnreadableAnswer} when it is no point of the curve */
function uncompressed(publicKey: Uint8Array): Uint8Array {
  try {
    return secp256k1.Point.fromBytes(publicKey).toBytes(false)
  } catch {
    throw new UnreadableAnswer('its key is no point of the curve')
  }
}
