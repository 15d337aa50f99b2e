import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Screen } from '../../controls/screen.tsx'
import { ActivityRows } from './activity-rows.tsx'

export function Activity() {
  const { state } = useWallet()
  const { t } = useWords()
  const account = useSelected()
  return (
    <Screen title={t('activity.title')} testId="activity-screen">
      {account && <p className="fine">{account.name}</p>}
      <ActivityRows entries={state.activity.filter((entry) => entry.accountId === account?.id)} />
    </Screen>
  )
}
