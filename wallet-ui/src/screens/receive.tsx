import { useState } from 'react'
import { routeHref } from '../app/route.ts'
import { useSelected } from '../app/selected.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button, LinkButton } from '../controls/button.tsx'
import { Hex } from '../controls/hex.tsx'
import { Notice } from '../controls/notice.tsx'
import { QrCode } from '../controls/qr-code.tsx'
import { Screen } from '../controls/screen.tsx'
import { useCopy } from '../controls/toast.tsx'

/** The address, after the question for the backup. */
export function Receive() {
  const { state } = useWallet()
  const { t } = useWords()
  const copy = useCopy()
  const account = useSelected()
  const [postponed, setPostponed] = useState(false)
  if (!account) return null
  if (!state.backedUp && !postponed)
    return (
      <Screen title={t('receive.title')} back={['home']} testId="receive-backup">
        <Notice kind="caution" title={t('receive.backupFirst')}>
          <p>{t('backup.needed.text')}</p>
        </Notice>
        <div className="screen-foot">
          <LinkButton href={routeHref('backup')} kind="primary" testId="backup-now">
            {t('backup.needed.start')}
          </LinkButton>
          <Button kind="plain" wide onClick={() => setPostponed(true)} testId="receive-anyway">
            {t('receive.anyway')}
          </Button>
        </div>
      </Screen>
    )
  return (
    <Screen title={t('receive.title')} back={['home']} testId="receive-screen">
      <div className="receive">
        <p>{t('receive.intro', { symbol: state.network.symbol, network: state.network.name })}</p>
        <QrCode text={account.checksummed} label={t('receive.qr')} />
        <p className="receive-name">{account.name}</p>
        <Hex value={account.checksummed} testId="account-address" />
        <Button
          kind="primary"
          icon="copy"
          wide
          onClick={() => copy(t('receive.address'), account.checksummed)}
          testId="copy-address"
        >
          {t('action.copy')}
        </Button>
      </div>
    </Screen>
  )
}
