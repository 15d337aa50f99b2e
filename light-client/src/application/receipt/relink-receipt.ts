/** The answers of an old receipt, proven from a root that is trusted today. @module */
import { GlowwormError } from '../../errors.ts'
import type { Claim, Receipt } from './format.ts'
import { makeReceipt } from './make-receipt.ts'
import type { Standing } from './standing-client.ts'
import { requireNetwork } from './verify-receipt.ts'

/**
 * @param options its pool asks the old receipt first (`receiptSource`), then whoever links that to the new root
 * @throws {OtherNetwork | OtherAnswer} and what `makeReceipt` throws
 */
export async function relinkReceipt(old: Receipt, options: Standing): ReturnType<typeof makeReceipt> {
  requireNetwork(old, options.profile)
  const made = await makeReceipt(old.claims, options)
  for (const [i, claim] of old.claims.entries()) {
    const { result } = made.receipt.claims[i]!
    if (JSON.stringify(result) !== JSON.stringify(claim.result)) throw new OtherAnswer(claim, result)
  }
  return made
}

/** From the new root something else is proven. Whether the old receipt was false, or spoke of its own day, is not known here. */
export class OtherAnswer extends GlowwormError {
  constructor({ method, result }: Claim, proven: unknown) {
    const short = (value: unknown) => JSON.stringify(value)?.slice(0, 80)
    super(
      { name: 'Receipt.OtherAnswer', code: 'OTHER_ANSWER', kind: 'unprovable' },
      `the receipt says ${method} is ${short(result)}; from the new root it is ${short(proven)}`,
      {
        next: 'Answers that name no block, such as eth_blockNumber, hold from their own root only: prove them anew. Any other is false.',
      },
    )
  }
}
