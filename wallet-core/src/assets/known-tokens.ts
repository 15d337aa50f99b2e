/** Tokens that everybody knows, by their makers' own addresses: enough to notice what borrows their names. */
import type { Hex } from '@glowworm/light-client'

export interface ListedToken {
  readonly address: Hex
  readonly symbol: string
}

/** By chain id. */
export const KNOWN_TOKENS: Readonly<Record<number, readonly ListedToken[]>> = {
  1: [
    { address: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48', symbol: 'USDC' },
    { address: '0xdac17f958d2ee523a2206206994597c13d831ec7', symbol: 'USDT' },
    { address: '0x6b175474e89094c44da98b954eedeac495271d0f', symbol: 'DAI' },
    { address: '0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2', symbol: 'WETH' },
    { address: '0x2260fac5e5542a773aa44fbcfedf7c193bc2c599', symbol: 'WBTC' },
    { address: '0x514910771af9ca656af840dff83e8264ecf986ca', symbol: 'LINK' },
    { address: '0x1f9840a85d5af5bf1d1762f925bdaddc4201f984', symbol: 'UNI' },
  ],
}

/** The token whose name it borrows, if it borrows one. Look-alike letters count as the letter. */
export function imitated(symbol: string, address: Hex, listed: readonly ListedToken[]): Hex | null {
  if (listed.some((token) => token.address === address)) return null
  const plain = skeleton(symbol)
  return listed.find((token) => skeleton(token.symbol) === plain)?.address ?? null
}

/** Accents, width and case away, and the Cyrillic and Greek letters that look Latin made Latin. */
function skeleton(text: string): string {
  const folded = text
    .normalize('NFKD')
    .replaceAll(/\p{M}|[^\p{L}\p{N}]/gu, '')
    .toUpperCase()
  return [...folded].map((letter) => LOOKS_LIKE[letter] ?? letter).join('')
}

const LOOKS_LIKE: Readonly<Record<string, string>> = {
  ...{
    А: 'A',
    В: 'B',
    Е: 'E',
    К: 'K',
    М: 'M',
    Н: 'H',
    О: 'O',
    Р: 'P',
    С: 'C',
    Т: 'T',
    Х: 'X',
    У: 'Y',
    Ѕ: 'S',
    І: 'I',
    Ј: 'J',
  },
  ...{ Α: 'A', Β: 'B', Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Υ: 'Y', Χ: 'X' },
  ...{ 0: 'O', 1: 'I', L: 'I' },
}
