import type { AccountView } from '@glowworm/wallet-core/facade/facade'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useWords } from '../../app/wallet-context.ts'
import { Proof } from '../../proof/proof.tsx'

/** What an account has, at the side of its row in a list. */
export function AccountBalance({ account }: { account: AccountView }) {
  const { t } = useWords()
  const amounts = useAmounts()
  return (
    <span className="row-side">
      <Proof label={t('home.balance')} shown={account.balance} format={amounts.short} size="small" still wordless />
    </span>
  )
}
