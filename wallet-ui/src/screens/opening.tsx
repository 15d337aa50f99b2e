import type { Problem } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Logo } from '../controls/icon.tsx'
import { reloadPage } from '../infrastructure/page.ts'

/** Before the trusted thread has answered. Usually too short to be read. */
export function Opening() {
  const { t } = useWords()
  return (
    <main className="screen welcome" id="content" data-testid="opening">
      <div className="welcome-middle">
        <Logo />
        <h1>{t('app.loading')}</h1>
      </div>
    </main>
  )
}

/** Before the words of the language are there. */
export function Wordless() {
  return (
    <main className="screen welcome" id="content" aria-busy="true">
      <div className="welcome-middle">
        <Logo />
      </div>
    </main>
  )
}

export function NotOpened({ problem }: { problem: Problem }) {
  const { t } = useWords()
  return (
    <main className="screen welcome" id="content" data-testid="not-opened">
      <div className="welcome-middle">
        <Logo />
        <h1>{t('app.failed')}</h1>
        <p className="breaks">{problem.message}</p>
        <p>{t('app.failed.next')}</p>
      </div>
      <Button kind="primary" wide onClick={reloadPage} testId="reload">
        {t('app.reload')}
      </Button>
    </main>
  )
}
