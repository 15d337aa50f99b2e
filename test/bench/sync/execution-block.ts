import { createBlockFromBeaconPayloadJSON } from '@ethereumjs/block'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'

type Payload = Parameters<typeof createBlockFromBeaconPayloadJSON>[0]

/**
 * What an execution node says of the block in a beacon block's payload, with all its transactions.
 * @param payload of Deneb, as the Beacon API writes it
 * @throws {Error} when the block does not have the hash that stands in the payload
 */
export async function executionBlock(
  payload: unknown,
  parentBeaconBlockRoot: string,
): Promise<Record<string, unknown>> {
  const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun })
  const given = { ...(payload as object), parent_beacon_block_root: parentBeaconBlockRoot } as Payload
  const block = await createBlockFromBeaconPayloadJSON(given, { common })
  const { header, transactions, withdrawals } = block.toJSON()
  const { uncleHash, coinbase, transactionsTrie, receiptTrie, ...rest } = header!
  return {
    ...rest,
    hash: given.block_hash,
    sha3Uncles: uncleHash,
    miner: coinbase,
    transactionsRoot: transactionsTrie,
    receiptsRoot: receiptTrie,
    uncles: [],
    withdrawals,
    transactions: transactions!.map((transaction, i) => {
      const { gasLimit, data, ...others } = transaction
      const hash = `0x${Buffer.from(block.transactions[i]!.hash()).toString('hex')}`
      return { ...others, hash, gas: gasLimit, input: data }
    }),
  }
}
