import { PRODUCT } from '@glowworm/light-client/product'
import { useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Logo } from '../../controls/icon.tsx'

export function Welcome(props: { onCreate: () => void; onImport: () => void }) {
  const { t } = useWords()
  return (
    <main className="screen welcome" id="content" data-testid="welcome">
      <div className="welcome-middle">
        <Logo />
        <h1>{PRODUCT.name}</h1>
        <p className="lead">{t('welcome.sentence')}</p>
        <p className="fine">{t('welcome.glow')}</p>
      </div>
      <div className="stack">
        <Button kind="primary" wide onClick={props.onCreate} testId="create-wallet">
          {t('welcome.create')}
        </Button>
        <Button wide onClick={props.onImport} testId="import-wallet">
          {t('welcome.import')}
        </Button>
        <p className="unaudited">{t('app.unaudited')}</p>
      </div>
    </main>
  )
}
