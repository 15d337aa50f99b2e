import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { useAmounts } from '../amount/use-amounts.ts'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { ProblemNotice } from '../controls/notice.tsx'
import { knownValue } from '../proof/reading.ts'

type Transfer = Extract<Approval, { kind: 'send-transaction' }>

/** What would be left to send after the highest fee; null when that is nothing or not the trouble. */
export function mostSendable(approval: Transfer): bigint | null {
  if (approval.origin !== null || approval.to === null || approval.data !== '0x') return null
  if (approval.blocked === null || !/^(FEE|AMOUNT)_ABOVE_BALANCE$/.test(approval.blocked.code)) return null
  const balance = knownValue(approval.balance)
  if (balance === null) return null
  const most = balance - (approval.mostThatLeaves - approval.value)
  return most > 0n ? most : null
}

/** Offers the transfer that the balance does cover, in place of the blocked one. */
export function SendTheMost({ approval }: { approval: Transfer }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const amounts = useAmounts()
  const command = useCommand()
  const value = mostSendable(approval)
  const { accountId, to } = approval
  if (value === null || to === null) return null
  return (
    <>
      <Button
        wide
        busy={command.busy}
        testId="send-the-most"
        onClick={() =>
          command.run(async () => {
            // The new one first: if it fails, this one is still here to say so.
            await facade.prepareSend({ accountId, to: approval.toChecksummed ?? to, value })
            await facade.reject({ id: approval.id })
          })
        }
      >
        {t('approval.blocked.max', { amount: amounts.full(value) })}
      </Button>
      <ProblemNotice problem={command.problem} />
    </>
  )
}
