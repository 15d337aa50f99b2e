import { lazy, Suspense } from 'react'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Screen } from '../../controls/screen.tsx'
import { ActivityRows } from './activity-rows.tsx'

const HistoryLink = lazy(() => import('../history/history-link.tsx').then((part) => ({ default: part.HistoryLink })))

export function Activity() {
  const { state } = useWallet()
  const { t } = useWords()
  const account = useSelected()
  return (
    <Screen title={t('activity.title')} testId="activity-screen">
      {account && <p className="fine">{account.name}</p>}
      <Suspense fallback={null}>
        <HistoryLink />
      </Suspense>
      <ActivityRows entries={state.activity.filter((entry) => entry.accountId === account?.id)} />
    </Screen>
  )
}
