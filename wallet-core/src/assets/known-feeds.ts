/** Price feeds that everybody knows, where a network profile names none. */
import type { PriceFeed } from '../ports.ts'

/** Chainlink's own proxies (docs.chain.link, Price Feed Contract Addresses), by chain id. */
export const KNOWN_FEEDS: Readonly<Record<number, readonly PriceFeed[]>> = {
  1: [
    { of: 'native', feed: '0x5f4ec3df9cbd43714fe2740f5e3616155c5b8419', quote: 'USD' },
    {
      of: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48',
      feed: '0x8fffffd4afb6115b954bd326cbe7b4ba576818f6',
      quote: 'USD',
    },
    {
      of: '0x6b175474e89094c44da98b954eedeac495271d0f',
      feed: '0xaed0c38402a5d19df6e4c03f4e2dced6e29c1ee9',
      quote: 'USD',
    },
    {
      of: '0xdac17f958d2ee523a2206206994597c13d831ec7',
      feed: '0x3e7d1eab13ad0104d2750b8863b489d65364e32d',
      quote: 'USD',
    },
  ],
  11155111: [{ of: 'native', feed: '0x694aa1769357215de4fac081bf1f309adc325306', quote: 'USD' }],
}
