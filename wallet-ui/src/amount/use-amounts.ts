import { useWallet, useWords } from '../app/wallet-context.ts'
import { ETHER_DECIMALS, readableUnits } from './units.ts'

/** Printers for amounts of the network's coin: short for overviews, full where it is compared or decided. */
export function useAmounts(): { short: (wei: bigint) => string; full: (wei: bigint) => string } {
  const words = useWords()
  const { symbol } = useWallet().state.network
  return {
    short: (wei) => words.amount(`${readableUnits(wei, ETHER_DECIMALS, words.signs)} ${symbol}`),
    full: (wei) => words.amount(`${readableUnits(wei, ETHER_DECIMALS, words.signs, ETHER_DECIMALS)} ${symbol}`),
  }
}
