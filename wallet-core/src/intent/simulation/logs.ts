/** What the logs of a transaction tell of one account: transfers and permissions of the token standards. @module */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import type { Log } from '@glowworm/light-client/ledgers/ethereum/claims'
import { type AbiValue, decodeParameters } from '../abi/decode.ts'
import { canonicalSignature, parseSignature } from '../abi/types.ts'
import { PERMIT2 } from '../functions/permit2-functions.ts'
import type { NftChange } from './outcome.ts'

/** A permission as a log tells it; `amount` and `id` in the contract's own numbers. */
export type ToldPermission =
  | { readonly kind: 'token'; readonly token: Hex; readonly spender: Hex; readonly amount: bigint }
  | {
      readonly kind: 'permit2'
      readonly token: Hex
      readonly spender: Hex
      readonly amount: bigint
      readonly until: bigint
    }
  | { readonly kind: 'nft'; readonly collection: Hex; readonly spender: Hex; readonly id: bigint }
  | { readonly kind: 'all'; readonly collection: Hex; readonly spender: Hex; readonly allowed: boolean }

export interface Told {
  /** Change of the account's tokens by contract. */
  readonly tokens: ReadonlyMap<Hex, bigint>
  readonly nfts: readonly NftChange[]
  /** The last one for each pair of contract and spender. */
  readonly permissions: readonly ToldPermission[]
  /** Contracts that logged a transfer of single items: their `balanceOf` counts those. */
  readonly collections: ReadonlySet<Hex>
}

export type LogReader = (logs: readonly Log[], account: Hex) => Told

export function createLogReader(keccak256: (data: Uint8Array) => Uint8Array): LogReader {
  const event = (signature: string) => {
    const parsed = parseSignature(signature)
    const hash = keccak256(new TextEncoder().encode(canonicalSignature(parsed)))
    return `0x${Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  }
  const TRANSFER = event('Transfer(address from,address to,uint256 amount)')
  const SINGLE = event('TransferSingle(address operator,address from,address to,uint256 id,uint256 amount)')
  const BATCH = event('TransferBatch(address operator,address from,address to,uint256[] ids,uint256[] amounts)')
  const APPROVAL = event('Approval(address owner,address spender,uint256 amount)')
  const FOR_ALL = event('ApprovalForAll(address owner,address operator,bool allowed)')
  const PERMIT2_APPROVAL = event('Approval(address a,address b,address c,uint160 d,uint48 e)')
  const PERMIT2_PERMIT = event('Permit(address a,address b,address c,uint160 d,uint48 e,uint48 f)')

  return (logs, account) => {
    const tokens = new Map<Hex, bigint>()
    const nfts = new Map<string, NftChange>()
    const permissions = new Map<string, ToldPermission>()
    const collections = new Set<Hex>()
    const addToken = (token: Hex, change: bigint) => tokens.set(token, (tokens.get(token) ?? 0n) + change)
    const addNft = (collection: Hex, id: bigint, change: bigint) => {
      const key = `${collection} ${id}`
      nfts.set(key, { collection, id, change: (nfts.get(key)?.change ?? 0n) + change })
    }
    /** Once for each side that is the account. */
    const sides = (from: Hex, to: Hex, add: (sign: bigint) => void) => {
      if (from === account) add(-1n)
      if (to === account) add(1n)
    }

    for (const { address, topics, data } of logs) {
      const [topic, a, b, c] = topics
      const read = (signature: string) => argumentsOf(signature, data)
      if (topic === TRANSFER && a && b && !c) {
        const [amount] = read('f(uint256)') ?? []
        if (typeof amount === 'bigint') sides(addressIn(a), addressIn(b), (sign) => addToken(address, sign * amount))
      } else if (topic === TRANSFER && a && b && c) {
        collections.add(address)
        sides(addressIn(a), addressIn(b), (sign) => addNft(address, BigInt(c), sign))
      } else if (topic === SINGLE && b && c) {
        collections.add(address)
        const [id, amount] = (read('f(uint256,uint256)') ?? []) as [bigint?, bigint?]
        if (id !== undefined) sides(addressIn(b), addressIn(c), (sign) => addNft(address, id, sign * amount!))
      } else if (topic === BATCH && b && c) {
        collections.add(address)
        const [ids, amounts] = (read('f(uint256[],uint256[])') ?? []) as [bigint[]?, bigint[]?]
        if (ids?.length === amounts?.length)
          ids?.forEach((id, i) => {
            sides(addressIn(b), addressIn(c), (sign) => addNft(address, id, sign * amounts![i]!))
          })
      } else if (topic === APPROVAL && a && b && !c && addressIn(a) === account) {
        const [amount] = read('f(uint256)') ?? []
        const spender = addressIn(b)
        if (typeof amount === 'bigint')
          permissions.set(`token ${address} ${spender}`, { kind: 'token', token: address, spender, amount })
      } else if (topic === APPROVAL && a && b && c && addressIn(a) === account) {
        collections.add(address)
        const [spender, id] = [addressIn(b), BigInt(c)]
        // Transfers take the permission back, and some say so.
        if (BigInt(spender) !== 0n)
          permissions.set(`nft ${address} ${id}`, { kind: 'nft', collection: address, spender, id })
      } else if (topic === FOR_ALL && a && b && addressIn(a) === account) {
        collections.add(address)
        const [allowed] = read('f(bool)') ?? []
        const spender = addressIn(b)
        if (typeof allowed === 'boolean')
          permissions.set(`all ${address} ${spender}`, { kind: 'all', collection: address, spender, allowed })
      } else if (address === PERMIT2 && (topic === PERMIT2_APPROVAL || topic === PERMIT2_PERMIT) && a && b && c) {
        const form = topic === PERMIT2_APPROVAL ? 'f(uint160,uint48)' : 'f(uint160,uint48,uint48)'
        const [amount, until] = (read(form) ?? []) as [bigint?, bigint?]
        const [token, spender] = [addressIn(b), addressIn(c)]
        if (addressIn(a) === account && amount !== undefined && until !== undefined)
          permissions.set(`permit2 ${token} ${spender}`, { kind: 'permit2', token, spender, amount, until })
      }
    }
    const changed = [...nfts.values()].filter(({ change }) => change !== 0n)
    return { tokens, nfts: changed, permissions: [...permissions.values()], collections }
  }
}

const addressIn = (topic: Hex): Hex => `0x${topic.slice(26)}`

/** Null for data that the event does not have: a log like any other, without that meaning. */
function argumentsOf(signature: string, data: Hex): readonly AbiValue[] | null {
  try {
    return decodeParameters(parseSignature(signature).parameters, fromHex(data, 'log')).values
  } catch {
    return null
  }
}
