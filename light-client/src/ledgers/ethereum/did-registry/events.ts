/** Events of the DID registry (ERC-1056) as they stand in receipts. Pure. @module */
import { fromHex, toHex } from '../../../data/hex.ts'
import { decodeReceipt } from '../block-content.ts'
import type { Log } from '../claims.ts'
import type { Hex } from '../evidence.ts'
import { NotADidRegistry } from './errors.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

interface Common {
  /** Block that holds the event, and the seconds since the Unix epoch it gives. */
  readonly block: bigint
  readonly timestamp: bigint
}

export type RegistryEvent =
  | (Common & { readonly type: 'DIDOwnerChanged'; readonly owner: Hex })
  | (Common & {
      readonly type: 'DIDDelegateChanged'
      /** 32 bytes. */
      readonly delegateType: Hex
      readonly delegate: Hex
      readonly validTo: bigint
    })
  | (Common & {
      readonly type: 'DIDAttributeChanged'
      /** 32 bytes. */
      readonly name: Hex
      readonly value: Hex
      readonly validTo: bigint
    })

const SIGNATURES = {
  DIDOwnerChanged: 'DIDOwnerChanged(address,address,uint256)',
  DIDDelegateChanged: 'DIDDelegateChanged(address,bytes32,address,uint256,uint256)',
  DIDAttributeChanged: 'DIDAttributeChanged(address,bytes32,bytes,uint256,uint256)',
} as const

export interface BlockOfEvents {
  readonly number: bigint
  readonly timestamp: bigint
}

/**
 * The events about `identity` in a block, in order, and the block of the event before them (0: there is none).
 * @param receipts all receipts of the block, in their consensus encoding
 * @throws {NotADidRegistry} when they do not link as the registry's code links them
 */
export function eventsOfBlock(
  { number, timestamp }: BlockOfEvents,
  receipts: readonly Uint8Array[],
  registry: Hex,
  identity: Hex,
  keccak256: Keccak256,
): { readonly events: readonly RegistryEvent[]; readonly previous: bigint } {
  const topic = wordOf(identity)
  const kinds = new Map(
    Object.entries(SIGNATURES).map(([type, text]) => [toHex(keccak256(new TextEncoder().encode(text))), type]),
  )
  const found = receipts
    .flatMap((receipt) => decodeReceipt(receipt).logs)
    .filter(({ address, topics }) => address === registry && topics[1] === topic && kinds.has(topics[0] ?? '0x'))
    .map((log) => decodeEvent(log, kinds.get(log.topics[0]!) as RegistryEvent['type'], number, timestamp))
  const previous = found[0]?.previousChange
  if (previous === undefined) throw new NotADidRegistry(registry, `block ${number} holds no event of ${identity}`)
  if (previous >= number || found.slice(1).some(({ previousChange }) => previousChange !== number)) {
    throw new NotADidRegistry(registry, `the events in block ${number} do not follow one another`)
  }
  return { events: found.map(({ event }) => event), previous }
}

/** An address as a topic or a key of a mapping: 32 bytes, left-padded. */
export function wordOf(address: Hex): Hex {
  return `0x${address.slice(2).toLowerCase().padStart(64, '0')}`
}

function decodeEvent(
  { address, data }: Log,
  type: RegistryEvent['type'],
  block: bigint,
  timestamp: bigint,
): { readonly event: RegistryEvent; readonly previousChange: bigint } {
  const bytes = fromHex(data, 'log')
  const bad = (): NotADidRegistry => new NotADidRegistry(address, `an event in block ${block} is malformed`)
  const word = (at: number): Hex => toHex(bytes.subarray(32 * at, 32 * at + 32))
  const number = (at: number): bigint => BigInt(word(at))
  const addressAt = (at: number): Hex => {
    if (number(at) >> 160n !== 0n) throw bad()
    return `0x${word(at).slice(26)}`
  }
  const common = { block, timestamp }
  switch (type) {
    case 'DIDOwnerChanged':
      if (bytes.length !== 64) throw bad()
      return { event: { ...common, type, owner: addressAt(0) }, previousChange: number(1) }
    case 'DIDDelegateChanged':
      if (bytes.length !== 128) throw bad()
      return {
        event: { ...common, type, delegateType: word(0), delegate: addressAt(1), validTo: number(2) },
        previousChange: number(3),
      }
    case 'DIDAttributeChanged': {
      // name, offset of the value, validTo, previousChange; then length and bytes of the value, padded with zeros
      if (bytes.length < 160 || number(1) !== 128n) throw bad()
      const length = number(4)
      if (length > BigInt(bytes.length - 160)) throw bad()
      const value = toHex(bytes.subarray(160, 160 + Number(length)))
      return { event: { ...common, type, name: word(0), value, validTo: number(2) }, previousChange: number(3) }
    }
  }
}
