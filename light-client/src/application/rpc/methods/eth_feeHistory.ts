import { toQuantity } from '../../../data/hex.ts'
import { blobBaseFee, blobParametersAt, GAS_PER_BLOB, nextBlobBaseFee } from '../../../ledgers/ethereum/blob-fee.ts'
import type { Block } from '../../../ledgers/ethereum/proven-block.ts'
import type { Verified } from '../../../ledgers/verified.ts'
import { noSuchBlock } from '../block-answer.ts'
import { blockParameter, findBlock } from '../block-parameter.ts'
import { invalidParams } from '../errors.ts'
import { nextBaseFeeOf, rewardsOf } from '../gas-price.ts'
import { type RpcMethod, verified } from '../method.ts'
import { listParam, quantityParam } from '../parameters.ts'

/** Blocks in one answer; the method may answer with fewer than asked. Rewards need whole blocks, so fewer of those. */
const MOST_BLOCKS = 1024
const MOST_WITH_REWARDS = 128

export const eth_feeHistory: RpcMethod = {
  standing: 'verified',
  how: 'headers of the range by their parents, rewards from proven receipts and transactions',
  async run({ chain }, [count, newest, percentiles]) {
    const wanted =
      typeof count === 'number' && Number.isSafeInteger(count) && count >= 0
        ? BigInt(count)
        : quantityParam(count, 'block count', 64)
    const ranks = readPercentiles(percentiles)
    const last = await findBlock(chain, blockParameter(newest))
    if (!last) return noSuchBlock(chain)
    const most = ranks.length > 0 ? MOST_WITH_REWARDS : MOST_BLOCKS
    const size = Number(wanted > BigInt(most) ? BigInt(most) : wanted)
    if (size === 0) return verified({ oldestBlock: '0x0', gasUsedRatio: [], baseFeePerGas: [] }, last)
    const blocks: Verified<Block>[] = [last]
    for await (const block of chain.ancestors(last, size - 1)) blocks.unshift(block)
    const values = blocks.map(({ value }) => value)
    const end = last.value
    const result = {
      oldestBlock: toQuantity(values[0]!.number),
      baseFeePerGas: [...values.map(({ baseFeePerGas }) => baseFeePerGas ?? 0n), nextBaseFeeOf(end)].map(toQuantity),
      gasUsedRatio: values.map(({ gasUsed, gasLimit }) => Number(gasUsed) / Number(gasLimit)),
      baseFeePerBlobGas: [
        ...values.map((block) => blobBaseFee(block, chain.profile) ?? 0n),
        nextBlobBaseFee(end, chain.profile) ?? 0n,
      ].map(toQuantity),
      blobGasUsedRatio: values.map(({ blobGasUsed, timestamp }) => {
        const most = blobParametersAt(chain.profile, timestamp)?.maxBlobs
        return blobGasUsed === null || most === undefined ? 0 : Number(blobGasUsed) / (most * Number(GAS_PER_BLOB))
      }),
      ...(ranks.length > 0 ? { reward: (await rewards(blocks)).map((row) => row.map(toQuantity)) } : {}),
    }
    return verified(result, last, 'headers by their parents; the rest derived')

    async function rewards(list: readonly Verified<Block>[]): Promise<bigint[][]> {
      const rows: bigint[][] = []
      for (const block of list) rows.push(await rewardsOf(chain, block, ranks))
      return rows
    }
  },
}

function readPercentiles(value: unknown): number[] {
  if (value === undefined || value === null) return []
  const ranks = listParam(value, 'reward percentiles', 100)
  ranks.forEach((rank, i) => {
    if (typeof rank !== 'number' || !(rank >= 0 && rank <= 100))
      throw invalidParams(
        `reward percentiles: expected numbers from 0 to 100, got ${JSON.stringify(rank)?.slice(0, 40)}`,
      )
    if (i > 0 && rank < (ranks[i - 1] as number)) throw invalidParams('reward percentiles: they must ascend')
  })
  return ranks as number[]
}
