import { useEffect } from 'react'
import { useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Logo } from '../controls/icon.tsx'

/** The approval window with nothing left to decide: its shell closes it, or the person does. */
export function NothingWaiting({ onIdle }: { onIdle: (() => void) | null }) {
  const { t } = useWords()
  useEffect(() => onIdle?.(), [onIdle])
  return (
    <main className="screen welcome" id="content" data-testid="nothing-waiting">
      <div className="welcome-middle">
        <Logo />
        <h1>{t('approval.none')}</h1>
        <p>{t('approval.none.text')}</p>
      </div>
      {onIdle && <Button onClick={onIdle}>{t('action.close')}</Button>}
    </main>
  )
}
