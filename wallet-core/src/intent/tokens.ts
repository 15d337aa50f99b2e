/** What a contract says of itself as a token. A contract can answer anything; what cannot be shown safely is not shown. */
import type { Hex } from '@glowworm/light-client'
import { fromHex, toBigInt } from '@glowworm/light-client/data/hex'
import { WalletError } from '../errors.ts'
import type { Shown } from '../facade/facade.ts'
import { decodeParameters } from './abi/decode.ts'
import { encodeCall } from './abi/encode.ts'
import { parseSignature } from './abi/types.ts'
import type { TokenView } from './intent.ts'
import { type CallAnswer, derived, provenValue, type Resolvers } from './resolvers.ts'

const MOST_SYMBOL = 32
/** 10^78 is more than any amount: with more decimals every amount would be less than one. */
const MOST_DECIMALS = 77n
/** ERC-165 ids. */
const ERC721 = Uint8Array.of(0x80, 0xac, 0x58, 0xcd)
const ONE_TEXT = parseSignature('f(string)').parameters
/** Controls, marks of direction, joiners, lone surrogates, private and unassigned characters; spaces other than one. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\p{M}{3}|^\s|\s$|\s\s|[^\S ]/u

export async function readToken(address: Hex, resolvers: Resolvers): Promise<TokenView> {
  const ask = (signature: string) => resolvers.call(address, encodeCall(signature, [], resolvers.keccak256))
  const [symbol, decimals] = await Promise.all([ask('symbol()'), ask('decimals()')])
  return { address, symbol: derived(symbol, symbolOf), decimals: derived(decimals, decimalsOf) }
}

/** Whether the contract says it is an ERC-721 collection; null where that could not be proven. */
export async function isCollection(address: Hex, resolvers: Resolvers): Promise<boolean | null> {
  const data = encodeCall('supportsInterface(bytes4)', [ERC721], resolvers.keccak256)
  const answer = provenValue(await resolvers.call(address, data))
  if (answer === null) return null
  return answer.status === 'success' && answer.returnData.length === 66 && BigInt(answer.returnData) === 1n
}

/** Letters that are not of the alphabet most symbols are written in can look as if they were. */
export const isUnusual = (symbol: Shown<string>): boolean => /[^\x20-\x7e]/.test(provenValue(symbol) ?? '')

/** `string`, or `bytes32` as the oldest tokens have it. @throws {TokenUnreadable} */
function symbolOf(answer: CallAnswer): string {
  if (answer.status !== 'success') throw new TokenUnreadable('symbol', 'the contract has none')
  if (answer.returnData.length > 2 + 2 * 256) throw new TokenUnreadable('symbol', 'it is too long')
  const data = fromHex(answer.returnData, 'symbol')
  const text = data.length === 32 ? textIn(data) : textAfterOffset(data)
  if (text.length === 0) throw new TokenUnreadable('symbol', 'it is empty')
  if ([...text].length > MOST_SYMBOL) throw new TokenUnreadable('symbol', 'it is too long')
  if (UNSAFE.test(text)) throw new TokenUnreadable('symbol', 'it holds characters that hide or move others')
  return text
}

function textIn(word: Uint8Array): string {
  const end = word.indexOf(0)
  if (end >= 0 && word.subarray(end).some((byte) => byte !== 0)) throw new TokenUnreadable('symbol', 'it is no text')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(end < 0 ? word : word.subarray(0, end))
  } catch {
    throw new TokenUnreadable('symbol', 'it is no text')
  }
}

function textAfterOffset(data: Uint8Array): string {
  try {
    return decodeParameters(ONE_TEXT, data).values[0] as string
  } catch {
    throw new TokenUnreadable('symbol', 'it is no text')
  }
}

/** @throws {TokenUnreadable} */
function decimalsOf(answer: CallAnswer): number {
  if (answer.status !== 'success' || answer.returnData.length !== 66)
    throw new TokenUnreadable('decimals', 'the contract has none')
  const decimals = toBigInt(fromHex(answer.returnData, 'decimals', 32))
  if (decimals > MOST_DECIMALS) throw new TokenUnreadable('decimals', 'there are too many')
  return Number(decimals)
}

/** The contract answers, but with nothing that could be shown without misleading. */
export class TokenUnreadable extends WalletError {
  constructor(what: 'symbol' | 'decimals', reason: string) {
    super(
      { name: 'Intent.TokenUnreadable', code: 'TOKEN_UNREADABLE', kind: 'unprovable' },
      `The token’s ${what === 'symbol' ? 'symbol' : 'number of decimals'} is not readable: ${reason}.`,
      { next: 'Compare the address with the one you expect.' },
    )
  }
}
