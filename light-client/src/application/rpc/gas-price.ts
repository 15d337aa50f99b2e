/** Fees out of proven blocks: the next base fee, and what transactions paid on top. @module */
import { nextBaseFee } from '../../ledgers/ethereum/base-fee.ts'
import type { Block } from '../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../ledgers/verified.ts'
import type { ChainReader } from '../chain-reader.ts'
import { transactionsOf } from './block-transactions.ts'
import { placeReceipts } from './forms/receipt.ts'
import { effectiveGasPrice } from './forms/transaction.ts'

/** Base fee of the block after this one, in wei; 0 before London. */
export function nextBaseFeeOf({ baseFeePerGas, gasUsed, gasLimit }: Block): bigint {
  return baseFeePerGas === null ? 0n : nextBaseFee({ baseFeePerGas, gasUsed, gasLimit })
}

/** Blocks that are looked at for tips, and how many tips are enough. */
const TIP_BLOCKS = 4
const ENOUGH_TIPS = 20
/** wei; what is suggested when recent blocks hold no transactions: enough where nobody competes. */
const TIP_WITHOUT_COMPETITION = 1_000_000_000n

/** The tip that three of five recent transactions did not exceed. */
export async function suggestTip(
  chain: ChainReader,
  head: Verified<Block>,
): Promise<{ readonly tip: bigint; readonly method: string }> {
  const tips = await tipsOf(chain, head)
  if (tips.length < ENOUGH_TIPS)
    for await (const block of chain.ancestors(head, TIP_BLOCKS - 1)) {
      tips.push(...(await tipsOf(chain, block)))
      if (tips.length >= ENOUGH_TIPS) break
    }
  if (tips.length === 0)
    return { tip: TIP_WITHOUT_COMPETITION, method: 'a usual tip, for recent blocks hold no transactions' }
  tips.sort(ascending)
  const tip = tips[Math.floor((tips.length - 1) * 0.6)]!
  return { tip, method: `a tip out of the proven transactions of recent blocks (${tips.length})` }
}

async function tipsOf(chain: ChainReader, block: Verified<Block>): Promise<bigint[]> {
  const transactions = await transactionsOf(chain, block)
  return transactions.list.value.map((_, i) => tip(transactions.decoded(i), block.value))
}

const tip = (decoded: Parameters<typeof effectiveGasPrice>[0], { baseFeePerGas }: Block) =>
  effectiveGasPrice(decoded, baseFeePerGas) - (baseFeePerGas ?? 0n)

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)

/** Tips at the given percentiles of the gas a block used, as `eth_feeHistory` defines them. */
export async function rewardsOf(
  chain: ChainReader,
  block: Verified<Block>,
  percentiles: readonly number[],
): Promise<bigint[]> {
  const [transactions, receipts] = await Promise.all([transactionsOf(chain, block), chain.receipts(block)])
  const paid = placeReceipts(receipts.value)
    .map(({ gasUsed }, i) => ({ gasUsed, tip: tip(transactions.decoded(i), block.value) }))
    .sort((a, b) => ascending(a.tip, b.tip))
  if (paid.length === 0) return percentiles.map(() => 0n)
  let at = 0
  let sum = paid[0]!.gasUsed
  return percentiles.map((percentile) => {
    const threshold = Math.floor((Number(block.value.gasUsed) * percentile) / 100)
    while (sum < threshold && at < paid.length - 1) sum += paid[++at]!.gasUsed
    return paid[at]!.tip
  })
}
