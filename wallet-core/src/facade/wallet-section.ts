/** The part of a network profile that wallets alone read: docs/network-profile.md. */
import { type Hex, InvalidInput } from '@glowworm/light-client'
import type { PriceFeed, WalletNetwork } from '../ports.ts'

const MOST_FEEDS = 64

/** @throws {InvalidInput} naming the field */
export function walletSection(section: unknown): Pick<WalletNetwork, 'feeds'> {
  if (section === undefined) return {}
  const { priceFeeds } = record(section, 'wallet')
  if (priceFeeds === undefined) return {}
  if (!Array.isArray(priceFeeds) || priceFeeds.length > MOST_FEEDS)
    throw new InvalidInput('wallet.priceFeeds', `expected a list of at most ${MOST_FEEDS}`)
  return { feeds: priceFeeds.map((feed, i) => feedOf(feed, `wallet.priceFeeds[${i}]`)) }
}

function feedOf(value: unknown, what: string): PriceFeed {
  const { of, feed, quote } = record(value, what)
  if (typeof quote !== 'string' || !/^[A-Z]{3}$/.test(quote))
    throw new InvalidInput(`${what}.quote`, 'expected three capital letters')
  return { of: of === 'native' ? of : addressOf(of, `${what}.of`), feed: addressOf(feed, `${what}.feed`), quote }
}

function addressOf(value: unknown, what: string): Hex {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(value))
    throw new InvalidInput(what, 'expected 0x and 40 hexadecimal digits')
  return value.toLowerCase() as Hex
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidInput(what, 'expected an object')
  return value as Record<string, unknown>
}
