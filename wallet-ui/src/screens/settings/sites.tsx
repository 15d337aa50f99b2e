import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { accountName } from '../../approval/outcome.ts'
import { Button } from '../../controls/button.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { useToast } from '../../controls/toast.tsx'

export function Sites() {
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const toast = useToast()
  const command = useCommand()
  if (state.sites.length === 0) return <p className="fine">{t('settings.sites.none')}</p>
  return (
    <>
      <ul className="rows plain-list">
        {state.sites.map((site) => (
          <li key={site.origin} className="row" data-testid="site">
            <span className="row-main">
              <span className="row-title breaks" dir="ltr">
                {site.origin}
              </span>
              <span className="fine">
                {t('settings.sites.sees', {
                  accounts: words.list(site.accounts.map((id) => accountName(id, state.accounts))),
                })}{' '}
                · {t('settings.sites.since', { moment: words.moment(site.connectedAt) })}
              </span>
            </span>
            <Button
              busy={command.busy}
              testId="disconnect"
              onClick={async () => {
                if (await command.run(() => facade.disconnectSite({ origin: site.origin })))
                  toast(t('settings.disconnected', { origin: site.origin }))
              }}
            >
              {t('settings.disconnect')}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
    </>
  )
}
