import { routeHref } from '../../../app/route.ts'
import { useWallet, useWords } from '../../../app/wallet-context.ts'
import { LinkButton } from '../../../controls/button.tsx'
import { Notice } from '../../../controls/notice.tsx'
import { ClockQuestion } from '../clock-notice.tsx'

/** Where people look first: that nothing goes on before they have chosen, and that nothing is lost. */
export function StaleStartNotice() {
  const { state } = useWallet()
  const { t } = useWords()
  if (state.pulse.state !== 'stalled' || !state.pulse.staleStart) return null
  return (
    <Notice kind="caution" title={t('stale.title')} testId="stale-start-notice">
      <p>{t('stale.safe')}</p>
      <ClockQuestion />
      <LinkButton href={routeHref('network', 'start')} testId="stale-start-choose">
        {t('stale.choose')}
      </LinkButton>
    </Notice>
  )
}
