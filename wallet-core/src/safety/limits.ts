/** The owner's own spending limits, for all transactions of the wallet. The rules of sites hold besides. */
import { WalletError } from '../errors.ts'
import type { Approval } from '../facade/facade.ts'
import type { Verdict } from '../policy/judge.ts'
import { judgeByPolicy } from '../sites/site-rules.ts'
import type { Records } from '../vault/content.ts'

/** Signatures that are no transactions are not counted: what they allow is told, and allowed, by themselves. */
export function judgeByOwnLimits(
  records: Records,
  approval: Approval,
  where: Parameters<typeof judgeByPolicy>[3],
): Verdict {
  const limits = records.spendingLimits ?? []
  if (limits.length === 0 || approval.kind !== 'send-transaction') return { verdict: 'allow' }
  return judgeByPolicy(records, { version: 1, limits }, approval, where)
}

export class AboveOwnLimit extends WalletError {
  constructor(why: string) {
    super(
      { name: 'Safety.AboveOwnLimit', code: 'ABOVE_OWN_LIMIT', kind: 'refused' },
      `Your own spending limit does not allow this: ${why}. Nothing was signed.`,
      { next: 'Wait, send less, or change the limit in the settings. That takes your password.' },
    )
  }
}
