/** The part of a network profile that wallets alone read: docs/network-profile.md. */
import { type Hex, InvalidInput } from '@glowworm/light-client'
import type { PriceFeed, WalletNetwork } from '../ports.ts'

const MOST_FEEDS = 64

/** @throws {InvalidInput} naming the field */
export function walletSection(section: unknown): Pick<WalletNetwork, 'feeds' | 'packKey'> {
  if (section === undefined) return {}
  const { priceFeeds, packKey } = record(section, 'wallet')
  return {
    ...(priceFeeds === undefined ? {} : { feeds: feedsOf(priceFeeds) }),
    ...(packKey === undefined ? {} : { packKey: hexOf(packKey, 32, 'wallet.packKey') }),
  }
}

function feedsOf(priceFeeds: unknown): PriceFeed[] {
  if (!Array.isArray(priceFeeds) || priceFeeds.length > MOST_FEEDS)
    throw new InvalidInput('wallet.priceFeeds', `expected a list of at most ${MOST_FEEDS}`)
  return priceFeeds.map((feed, i) => feedOf(feed, `wallet.priceFeeds[${i}]`))
}

function feedOf(value: unknown, what: string): PriceFeed {
  const { of, feed, quote } = record(value, what)
  if (typeof quote !== 'string' || !/^[A-Z]{3}$/.test(quote))
    throw new InvalidInput(`${what}.quote`, 'expected three capital letters')
  return { of: of === 'native' ? of : hexOf(of, 20, `${what}.of`), feed: hexOf(feed, 20, `${what}.feed`), quote }
}

function hexOf(value: unknown, bytes: number, what: string): Hex {
  if (typeof value !== 'string' || !new RegExp(`^0x[0-9a-fA-F]{${bytes * 2}}$`).test(value))
    throw new InvalidInput(what, `expected 0x and ${bytes * 2} hexadecimal digits`)
  return value.toLowerCase() as Hex
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInput(what, 'expected an object')
  return value as Record<string, unknown>
}
