/** Changes to a did:ethr: calls of the registry of ERC-1056, and back from such a call to what it means. Pure. @module */
import type { Hex } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { WalletError } from '../../errors.ts'
import type { DidChange } from '../../facade/identity.ts'

type Keccak256 = (data: Uint8Array) => Uint8Array

export const NOBODY: Hex = `0x${'00'.repeat(20)}`
const FUNCTIONS = {
  'change-owner': 'changeOwner(address,address)',
  'add-delegate': 'addDelegate(address,bytes32,address,uint256)',
  'revoke-delegate': 'revokeDelegate(address,bytes32,address)',
  'set-attribute': 'setAttribute(address,bytes32,bytes,uint256)',
  'revoke-attribute': 'revokeAttribute(address,bytes32,bytes)',
} as const
type Call = keyof typeof FUNCTIONS

const MOST_VALUE = 4096
/** A hundred years: what is longer is a mistake. */
const MOST_VALIDITY = 3_200_000_000

/** The data of the transaction to the registry. @throws {InvalidDidChange} naming what is wrong */
export function encodeChange(identity: Hex, change: DidChange, keccak256: Keccak256): Hex {
  const call = (name: Call, ...words: string[]): Hex =>
    `0x${bytesToHex(selector(name, keccak256))}${[addressWord(identity, 'identity'), ...words].join('')}`
  switch (change.kind) {
    case 'deactivate':
      return call('change-owner', addressWord(NOBODY, 'owner'))
    case 'change-owner':
      if (change.owner === NOBODY) throw new InvalidDidChange('owner', 'nobody would own it: that is deactivating it')
      return call('change-owner', addressWord(change.owner, 'owner'))
    case 'add-delegate':
      return call(
        ...(['add-delegate', textWord(change.use, 'use'), addressWord(change.delegate, 'delegate')] as const),
        validityWord(change.validity),
      )
    case 'revoke-delegate':
      return call('revoke-delegate', textWord(change.use, 'use'), addressWord(change.delegate, 'delegate'))
    case 'set-attribute':
      return call(
        ...(['set-attribute', nameWord(change.name), numberWord(0x80n), validityWord(change.validity)] as const),
        bytesWords(change.value),
      )
    case 'revoke-attribute':
      return call('revoke-attribute', nameWord(change.name), numberWord(0x60n), bytesWords(change.value))
  }
}

/** What a call to the registry means, and for whom; null: it is no such call, or written in another way than here. */
export function decodeChange(data: Hex, keccak256: Keccak256): { identity: Hex; change: DidChange } | null {
  const found = (Object.keys(FUNCTIONS) as Call[]).find((name) =>
    data.startsWith(`0x${bytesToHex(selector(name, keccak256))}`),
  )
  if (!found) return null
  const words = data.slice(10).match(/.{64}/g) ?? []
  const address = (at: number): Hex => `0x${words[at]?.slice(24) ?? ''}`
  const text = (at: number): string => new TextDecoder().decode(hexToBytes((words[at] ?? '').replace(/(00)+$/, '')))
  const number = (at: number): number => Number(BigInt(`0x${words[at] ?? '0'}`))
  const bytes = (at: number): Uint8Array =>
    hexToBytes(
      words
        .slice(at + 1)
        .join('')
        .slice(0, 2 * number(at)),
    )
  const use = text(1) as 'veriKey' | 'sigAuth'
  const change = ((): DidChange => {
    switch (found) {
      case 'change-owner':
        return address(1) === NOBODY ? { kind: 'deactivate' } : { kind: 'change-owner', owner: address(1) }
      case 'add-delegate':
        return { kind: 'add-delegate', use, delegate: address(2), validity: number(3) }
      case 'revoke-delegate':
        return { kind: 'revoke-delegate', use, delegate: address(2) }
      case 'set-attribute':
        return { kind: 'set-attribute', name: text(1), value: bytes(4), validity: number(3) }
      case 'revoke-attribute':
        return { kind: 'revoke-attribute', name: text(1), value: bytes(3) }
    }
  })()
  try {
    return encodeChange(address(0), change, keccak256) === data ? { identity: address(0), change } : null
  } catch (error) {
    if (error instanceof InvalidDidChange) return null
    throw error
  }
}

const selector = (name: Call, keccak256: Keccak256): Uint8Array =>
  keccak256(new TextEncoder().encode(FUNCTIONS[name])).subarray(0, 4)

function addressWord(address: Hex, argument: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new InvalidDidChange(argument, 'expected an address')
  return address.slice(2).toLowerCase().padStart(64, '0')
}

const numberWord = (value: bigint): string => value.toString(16).padStart(64, '0')

function validityWord(seconds: number | undefined): string {
  if (!Number.isSafeInteger(seconds) || seconds! < 1 || seconds! > MOST_VALIDITY) {
    throw new InvalidDidChange('validity', `expected seconds from 1 to ${MOST_VALIDITY}`)
  }
  return numberWord(BigInt(seconds!))
}

/** did-ethr §"Attributes": what a resolver reads. */
function nameWord(name: string): string {
  if (!/^did\/(pub|svc)\/\w+(\/\w+)?(\/\w+)?$/.test(name)) {
    throw new InvalidDidChange('name', 'expected did/pub/… or did/svc/…')
  }
  return textWord(name, 'name')
}

function textWord(text: string, argument: string): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length === 0 || bytes.length > 32) throw new InvalidDidChange(argument, 'expected 1 to 32 bytes')
  if (argument === 'use' && text !== 'veriKey' && text !== 'sigAuth') {
    throw new InvalidDidChange(argument, 'expected veriKey or sigAuth')
  }
  return bytesToHex(bytes).padEnd(64, '0')
}

function bytesWords(value: Uint8Array): string {
  if (!(value instanceof Uint8Array) || value.length === 0 || value.length > MOST_VALUE) {
    throw new InvalidDidChange('value', `expected 1 to ${MOST_VALUE} bytes`)
  }
  const text = bytesToHex(value)
  return `${numberWord(BigInt(value.length))}${text.padEnd(Math.ceil(text.length / 64) * 64, '0')}`
}

export class InvalidDidChange extends WalletError {
  constructor(argument: string, reason: string) {
    super(
      { name: 'Identity.InvalidDidChange', code: 'INVALID_DID_CHANGE', kind: 'usage' },
      `The identifier cannot be changed so: ${argument}: ${reason}.`,
    )
  }
}
