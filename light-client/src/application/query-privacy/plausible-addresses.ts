/** Accounts that anybody might ask about now: those that moved coins in a recent proven block. @module */
import { GlowwormError } from '../../errors.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { decodeTransaction } from '../../ledgers/ethereum/transaction.ts'
import type { ChainReader } from '../chain-reader.ts'

/** Recovering a sender costs about as much as verifying a signature. */
const MOST_TRANSACTIONS = 64

/** Senders, and who received plain coins; contracts are not asked about as a wallet asks about an account. */
export async function plausibleAddresses(chain: ChainReader): Promise<readonly Hex[]> {
  const head = await chain.head('finalized')
  const block = await chain.byHash(head.value.hash)
  if (block === null) return []
  const { value: encoded } = await chain.transactions(block)
  const found = new Set<Hex>()
  for (const raw of encoded.slice(0, MOST_TRANSACTIONS)) {
    try {
      const { from, to, value, data } = decodeTransaction(raw, chain.engines)
      found.add(from)
      if (to !== null && value > 0n && data === '0x') found.add(to)
    } catch (cause) {
      if (!(cause instanceof GlowwormError)) throw cause // a kind of transaction that came after this version
    }
  }
  return [...found]
}
