/** The calls by which tokens are sent, written and read. */
import type { Hex } from '@glowworm/light-client'
import { encodeCall } from '../intent/abi/encode.ts'
import type { AssetRecord } from '../vault/content.ts'

/** What leaves with a call: `id` null for amounts of a token. */
export interface TokenMove {
  readonly contract: Hex
  readonly recipient: Hex
  readonly id: bigint | null
  /** 1 of what exists once. */
  readonly amount: bigint
}

/** Collections are told by the safe way, which a recipient that cannot handle items refuses (EIP-721, EIP-1155). */
export function transferCall(
  { standard, id }: Pick<AssetRecord, 'standard' | 'id'>,
  { from, to, amount }: { readonly from: Hex; readonly to: Hex; readonly amount: bigint },
  keccak256: (data: Uint8Array) => Uint8Array,
): Hex {
  switch (standard) {
    case 'erc20':
      return encodeCall('transfer(address,uint256)', [to, amount], keccak256)
    case 'erc721':
      return encodeCall('safeTransferFrom(address,address,uint256)', [from, to, id ?? 0n], keccak256)
    case 'erc1155': {
      const signature = 'safeTransferFrom(address,address,uint256,uint256,bytes)'
      return encodeCall(signature, [from, to, id ?? 0n, amount, new Uint8Array(0)], keccak256)
    }
  }
}

/** Null for any other call. A `transferFrom` could be of either kind, and is not read. */
export function tokenMoveIn(to: Hex | null, data: Hex): TokenMove | null {
  if (to === null) return null
  const words = (data.slice(10).match(/.{64}/g) ?? []).map((word) => BigInt(`0x${word}`))
  const address = (word: bigint): Hex | null => (word < 1n << 160n ? `0x${word.toString(16).padStart(40, '0')}` : null)
  const move = (recipient: Hex | null, id: bigint | null, amount: bigint) =>
    recipient && { contract: to, recipient, id, amount }
  const [a, b, c, d] = words
  switch (data.slice(0, 10)) {
    case '0xa9059cbb': // transfer(address,uint256)
      return a === undefined || b === undefined ? null : move(address(a), null, b)
    case '0x42842e0e': // safeTransferFrom(address,address,uint256)
      return b === undefined || c === undefined ? null : move(address(b), c, 1n)
    case '0xf242432a': // safeTransferFrom(address,address,uint256,uint256,bytes)
      return b === undefined || c === undefined || d === undefined ? null : move(address(b), c, d)
  }
  return null
}
