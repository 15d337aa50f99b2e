/** How tokens, items and prices are written. Pure. */
import type { AssetView, Price, Shown } from '@glowworm/wallet-core/facade/facade'
import { readableUnits } from '../../amount/units.ts'
import type { useAssetWords } from '../../messages/assets/words.ts'
import type { Words } from '../../messages/language.ts'

type Say = ReturnType<typeof useAssetWords>
type Named = Pick<AssetView, 'id' | 'token'>

/** What it calls itself where that can be shown; of a collection with the number. */
export function assetName({ id, token }: Named, say: Say): string {
  const name = token?.symbol.kind === 'proven' ? token.symbol.value : say('assets.noName')
  return id === null ? name : `${name} · ${say('assets.item', { id: String(id) })}`
}

/** In units where the decimals are known, else in the smallest: a wrong number is never shown. */
export function assetAmount(
  { standard, token }: Pick<AssetView, 'standard' | 'token'>,
  say: Say,
  words: Words,
  most = 6,
) {
  return (amount: bigint): string => {
    if (standard === 'erc721') return amount > 0n ? say('assets.yours') : say('assets.notYours')
    if (standard === 'erc1155') return words.number(amount)
    if (token?.decimals.kind !== 'proven') return say('assets.smallest', { amount: words.number(amount) })
    const symbol = token.symbol.kind === 'proven' ? ` ${token.symbol.value}` : ''
    return `${readableUnits(amount, token.decimals.value, words.signs, most)}${symbol}`
  }
}

/** Decimals of what an amount stands for; null where that is not known. */
export function decimalsOf({ standard, token }: Pick<AssetView, 'standard' | 'token'>): number | null {
  if (standard !== 'erc20') return 0
  return token?.decimals.kind === 'proven' ? token.decimals.value : null
}

/** The price's own number, as a feed gives it. */
export function priceText({ amount, decimals, quote }: Price, words: Words): string {
  return `${readableUnits(amount, decimals, words.signs, 2)} ${quote}`
}

/** What an amount is worth; null without a proven price. Rounded down to cents. */
export function worth(
  amount: Shown<bigint> | null,
  decimals: number | null,
  price: Shown<Price> | null,
): { readonly cents: bigint; readonly quote: string; readonly updatedAt: number } | null {
  if (amount?.kind !== 'proven' || decimals === null || price?.kind !== 'proven') return null
  const { quote, updatedAt } = price.value
  const cents = (amount.value * price.value.amount * 100n) / 10n ** BigInt(decimals + price.value.decimals)
  return { cents, quote, updatedAt }
}

export const centsText = (cents: bigint, quote: string, words: Words): string =>
  `${readableUnits(cents, 2, words.signs, 2)} ${quote}`

/**
 * The sum of what has a price; null while anything that counts has none that is proven, since a total without it would be
 * a wrong number. What has no feed at all is not counted, and the words say so. `updatedAt`: of the oldest price in it.
 */
export function total(
  parts: readonly {
    readonly amount: Shown<bigint> | null
    readonly decimals: number | null
    readonly price: Shown<Price> | null
  }[],
): { readonly cents: bigint; readonly quote: string; readonly updatedAt: number } | null {
  const counted = parts.filter(({ price }) => price !== null)
  const worths = counted.map(({ amount, decimals, price }) => worth(amount, decimals, price))
  const [first] = worths
  if (!first || !worths.every((one) => one !== null && one.quote === first.quote)) return null
  const all = worths.filter((one) => one !== null)
  return {
    cents: all.reduce((sum, one) => sum + one.cents, 0n),
    quote: first.quote,
    updatedAt: Math.min(...all.map(({ updatedAt }) => updatedAt)),
  }
}
