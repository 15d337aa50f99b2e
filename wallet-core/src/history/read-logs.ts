/**
 * Transfers and permissions of one account, out of proven logs. What a log tells is what its contract says: that it was
 * said is proven, and for the balances there are proofs of their own.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import type { Log } from '@glowworm/light-client/ledgers/ethereum/claims'
import { decodeParameters } from '../intent/abi/decode.ts'
import { parseSignature } from '../intent/abi/types.ts'
import { PERMIT2 } from '../intent/functions/permit2-functions.ts'

export interface LoggedTransfer {
  readonly contract: Hex
  readonly from: Hex
  readonly to: Hex
  /** Null for amounts of a token. */
  readonly id: bigint | null
  /** 1 of what exists once. */
  readonly amount: bigint
  /** The item exists once. */
  readonly single: boolean
}

export interface LoggedPermission {
  /** `permit2`: amounts of one token, through the contract Permit2, which the owner lets take that token. */
  readonly kind: 'token' | 'item' | 'all' | 'permit2'
  /** The token or collection, of `permit2` too. */
  readonly contract: Hex
  readonly spender: Hex
  /** Of a permission for one item. */
  readonly id: bigint | null
}

/** keccak256 of the events' signatures (EIP-20, EIP-721, EIP-1155, and `Approval` and `Permit` of Permit2). */
export const TOPIC = {
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  single: '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62',
  batch: '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb',
  approval: '0x8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925',
  forAll: '0x17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31',
  permit2Approval: '0xda9fa7c1b00402c17d0161b249b1ab8bbec047c5a52207b9c112deffd817036b',
  permit2Permit: '0xc6a377bfc4eb120024a8ac08eef205be16b817020812c73223e81d1bdb9708ec',
} as const

const NUMBER = parseSignature('f(uint256)').parameters
const TWO_NUMBERS = parseSignature('f(uint256,uint256)').parameters
const TWO_LISTS = parseSignature('f(uint256[],uint256[])').parameters
/** Items in one log that are read; a log may name thousands. */
const MOST_ITEMS = 64

export const topicOf = (address: Hex): Hex => `0x${address.slice(2).padStart(64, '0')}`
const addressIn = (topic: Hex): Hex => `0x${topic.slice(26)}`

/** Empty for logs that are no transfer, tell it in another form, or are not about the account. */
export function transfersIn({ address: contract, topics, data }: Log, account: Hex): readonly LoggedTransfer[] {
  const [topic, a, b, c] = topics
  const me = topicOf(account)
  if (topic === TOPIC.transfer && a && b && (a === me || b === me)) {
    const sides = { contract, from: addressIn(a), to: addressIn(b) }
    if (c) return data === '0x' ? [{ ...sides, id: BigInt(c), amount: 1n, single: true }] : []
    const [amount] = read(NUMBER, data) as [bigint?]
    return amount === undefined ? [] : [{ ...sides, id: null, amount, single: false }]
  }
  if ((topic !== TOPIC.single && topic !== TOPIC.batch) || !b || !c || (b !== me && c !== me)) return []
  const sides = { contract, from: addressIn(b), to: addressIn(c), single: false }
  if (topic === TOPIC.single) {
    const [id, amount] = read(TWO_NUMBERS, data) as [bigint?, bigint?]
    return id === undefined || amount === undefined ? [] : [{ ...sides, id, amount }]
  }
  const [ids, amounts] = read(TWO_LISTS, data) as [bigint[]?, bigint[]?]
  if (ids === undefined || ids.length !== amounts?.length) return []
  return ids.slice(0, MOST_ITEMS).map((id, i) => ({ ...sides, id, amount: amounts[i]! }))
}

/** The permission a log tells of; whether it stands still is another question. Null: none of this account's. */
export function permissionIn({ address: contract, topics }: Log, account: Hex): LoggedPermission | null {
  const [topic, a, b, c] = topics
  if (!a || !b || a !== topicOf(account)) return null
  if (topic === TOPIC.permit2Approval || topic === TOPIC.permit2Permit)
    // At another address it could mean anything.
    return c && contract === PERMIT2
      ? { kind: 'permit2', contract: addressIn(b), spender: addressIn(c), id: null }
      : null
  const spender = addressIn(b)
  if (BigInt(spender) === 0n) return null
  if (topic === TOPIC.forAll) return { kind: 'all', contract, spender, id: null }
  if (topic !== TOPIC.approval) return null
  return c ? { kind: 'item', contract, spender, id: BigInt(c) } : { kind: 'token', contract, spender, id: null }
}

function read(parameters: typeof NUMBER, data: Hex): readonly unknown[] {
  try {
    return decodeParameters(parameters, fromHex(data, 'log')).values
  } catch {
    return []
  }
}
