/**
 * What contracts say of tokens and of who has how much, proven on one block. A contract can answer anything: an answer
 * that does not have the form of the standard is no number, and never zero.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex, toBigInt } from '@glowworm/light-client/data/hex'
import { CommandFailed, WalletError } from '../errors.ts'
import type { Shown } from '../facade/facade.ts'
import { encodeCall } from '../intent/abi/encode.ts'
import { type CallAnswer, derived, provenValue, type Resolvers } from '../intent/resolvers.ts'
import type { AssetRecord } from '../vault/content.ts'
import { NotAToken } from './asset.ts'

export type Standard = AssetRecord['standard']

/** ERC-165 ids. */
const ERC1155 = Uint8Array.of(0xd9, 0xb6, 0x7a, 0x26)
const ERC721 = Uint8Array.of(0x80, 0xac, 0x58, 0xcd)

/**
 * Which standard the contract follows. `id` null asks for a token with amounts.
 * @throws {NotAToken} when it is proven to follow none @throws {CommandFailed} when that could not be proven
 */
export async function recognise(address: Hex, id: bigint | null, resolvers: Resolvers): Promise<Standard> {
  const code = proven(await resolvers.code(address))
  if (code === '0x') throw new NotAToken(address, 'there is no contract at this address')
  if (id !== null) {
    if (await supports(address, ERC721, resolvers)) return 'erc721'
    if (await supports(address, ERC1155, resolvers)) return 'erc1155'
    throw new NotAToken(address, 'the contract says it has no single items')
  }
  if ((await supports(address, ERC721, resolvers)) || (await supports(address, ERC1155, resolvers)))
    throw new NotAToken(address, 'it is a collection of single items, which are added by their number')
  const data = encodeCall('balanceOf(address)', [address], resolvers.keccak256)
  const answer = proven(await resolvers.call(address, data))
  if (!isWord(answer)) throw new NotAToken(address, 'the contract does not tell balances')
  return 'erc20'
}

async function supports(address: Hex, id: Uint8Array, resolvers: Resolvers): Promise<boolean> {
  const data = encodeCall('supportsInterface(bytes4)', [id], resolvers.keccak256)
  const answer = proven(await resolvers.call(address, data))
  return isWord(answer) && BigInt(answer.returnData) === 1n
}

/** How much of it the account has: in the smallest unit, or 1 or 0 of what exists once. */
export async function amountOf(asset: AssetRecord, owner: Hex, resolvers: Resolvers): Promise<Shown<bigint>> {
  const { address, id, standard } = asset
  const call = (signature: string, values: (Hex | bigint)[]) =>
    resolvers.call(address, encodeCall(signature, values, resolvers.keccak256))
  if (standard === 'erc20') return derived(await call('balanceOf(address)', [owner]), numberIn)
  if (standard === 'erc1155') return derived(await call('balanceOf(address,uint256)', [owner, id ?? 0n]), numberIn)
  return derived(await call('ownerOf(uint256)', [id ?? 0n]), (answer) => (ownerIn(answer) === owner ? 1n : 0n))
}

/** @throws {AmountUnreadable} */
export function numberIn(answer: CallAnswer): bigint {
  if (!isWord(answer)) throw new AmountUnreadable(answer.status)
  return toBigInt(fromHex(answer.returnData, 'balance', 32))
}

/** Null where the contract says that nobody has it (it reverts, as the standard demands, or names nobody). */
function ownerIn(answer: CallAnswer): Hex | null {
  if (answer.status === 'revert') return null
  if (!isWord(answer) || !/^0x0{24}/.test(answer.returnData)) throw new AmountUnreadable(answer.status)
  return `0x${answer.returnData.slice(26)}`
}

const isWord = ({ status, returnData }: CallAnswer): boolean => status === 'success' && returnData.length === 66

/** The value, for steps that rest on it. @throws {CommandFailed} with the reason why there is none */
export function proven<T>(shown: Shown<T>): T {
  const value = provenValue(shown)
  if (value === null) throw new CommandFailed(shown.kind === 'unproven' ? shown.problem : new NotYetProven().problem)
  return value
}

export class NotYetProven extends WalletError {
  constructor() {
    super({ name: 'Assets.NotYetProven', code: 'NOT_YET_PROVEN', kind: 'unprovable' }, 'This is not proven yet.', {
      next: 'Wait a moment and try again.',
    })
  }
}

export class AmountUnreadable extends WalletError {
  constructor(status: CallAnswer['status']) {
    const why =
      status === 'success' ? 'the answer is no number' : status === 'revert' ? 'it refuses' : 'it does not finish'
    super(
      { name: 'Assets.AmountUnreadable', code: 'AMOUNT_UNREADABLE', kind: 'unprovable' },
      `The contract does not tell the balance: ${why}.`,
      { next: 'That is proven: it is the contract’s doing, and no source can help.' },
    )
  }
}
