/**
 * Prices out of aggregators on the chain (Chainlink's AggregatorV3Interface), read by a proven call. What is proven is
 * what the feed says, and since when; that the market agrees nobody can prove.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex, toBigInt } from '@glowworm/light-client/data/hex'
import { WalletError } from '../errors.ts'
import type { Price } from '../facade/asset-values.ts'
import type { Shown } from '../facade/facade.ts'
import { encodeCall } from '../intent/abi/encode.ts'
import { type CallAnswer, derived, provenValue, type Resolvers } from '../intent/resolvers.ts'
import type { PriceFeed } from '../ports.ts'

/** The slowest feeds speak once a day; an hour more for the block. Seconds. */
const OLDEST = 25n * 3600n
/** Feeds have 8 or 18. */
const MOST_DECIMALS = 36n

export async function readPrice({ feed, quote }: PriceFeed, resolvers: Resolvers): Promise<Shown<Price>> {
  const ask = (signature: string) => resolvers.call(feed, encodeCall(signature, [], resolvers.keccak256))
  const [round, decimals] = await Promise.all([ask('latestRoundData()'), ask('decimals()')])
  const places = derived(decimals, decimalsIn)
  if (provenValue(places) === null) return places as Shown<never>
  if (round.kind !== 'proven') return round as Shown<never>
  // Against the block's time: this device's clock may be wrong.
  const now = BigInt(Math.floor(round.time / 1000))
  return derived(round, (answer) => priceIn(answer, provenValue(places)!, { feed, quote }, now))
}

/** @param now seconds since the epoch @throws {PriceUnreadable} */
export function priceIn(
  { status, returnData }: CallAnswer,
  decimals: number,
  { feed, quote }: { readonly feed: Hex; readonly quote: string },
  now: bigint,
): Price {
  if (status !== 'success' || returnData.length !== 2 + 5 * 64) throw new PriceUnreadable('the feed does not answer')
  const word = (place: number) =>
    toBigInt(fromHex(`0x${returnData.slice(2 + place * 64, 66 + place * 64)}`, 'round', 32))
  const [roundId, answer, updatedAt, answeredIn] = [word(0), BigInt.asIntN(256, word(1)), word(3), word(4)]
  if (answer <= 0n) throw new PriceUnreadable('the feed has no price')
  if (updatedAt === 0n || answeredIn < roundId) throw new PriceUnreadable('its round is not finished')
  // Clocks differ by a little; a price out of the future is none.
  if (updatedAt > now + 900n) throw new PriceUnreadable('it claims to be from the future')
  if (now - updatedAt > OLDEST) throw new PriceUnreadable('it is more than a day old')
  return { amount: answer, decimals, quote, updatedAt: Number(updatedAt) * 1000, feed }
}

function decimalsIn({ status, returnData }: CallAnswer): number {
  if (status !== 'success' || returnData.length !== 66 || BigInt(returnData) > MOST_DECIMALS)
    throw new PriceUnreadable('it does not say how many decimals it has')
  return Number(BigInt(returnData))
}

/** The worth in the price's own decimals, rounded down. @param decimals of the asset */
export function worthOf(amount: bigint, decimals: number, price: Pick<Price, 'amount'>): bigint {
  return (amount * price.amount) / 10n ** BigInt(decimals)
}

export class PriceUnreadable extends WalletError {
  constructor(why: string) {
    super(
      { name: 'Assets.PriceUnreadable', code: 'PRICE_UNREADABLE', kind: 'unprovable' },
      `There is no price: ${why}.`,
    )
  }
}
