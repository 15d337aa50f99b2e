import type { SiteRule } from '@glowworm/wallet-core/facade/facade'
import { readClaimedSite } from '@glowworm/wallet-core/provider/claimed-site'
import { useAmounts } from '../../amount/use-amounts.ts'
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
  // Those of other screens stand with their connections.
  const sites = state.sites.filter(({ origin }) => readClaimedSite(origin) === null)
  const blocked = state.siteRules.filter((rule) => rule.blocked)
  const block = async (origin: string, wanted: boolean) => {
    const rule = { origin, blocked: wanted, expiresAt: null, policy: null }
    if (await command.run(() => facade.setSiteRule(rule)))
      toast(t(wanted ? 'settings.sites.blocked' : 'settings.sites.unblocked', { origin }))
  }
  return (
    <>
      {sites.length === 0 && <p className="fine">{t('settings.sites.none')}</p>}
      <ul className="rows plain-list">
        {sites.map((site) => (
          <li key={site.origin} className="row" data-testid="site">
            <span className="row-main">
              <span className="row-title breaks">
                <bdi dir="ltr">{site.origin}</bdi>
              </span>
              <span className="fine">
                {t('settings.sites.sees', {
                  accounts: words.list(site.accounts.map((id) => accountName(id, state.accounts))),
                })}{' '}
                · {t('settings.sites.since', { moment: words.moment(site.connectedAt) })}
              </span>
              <RuleWords rule={state.siteRules.find(({ origin }) => origin === site.origin)} />
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
            <Button busy={command.busy} testId="block" onClick={() => block(site.origin, true)}>
              {t('settings.sites.block')}
            </Button>
          </li>
        ))}
        {blocked.map(({ origin }) => (
          <li key={origin} className="row" data-testid="blocked-site">
            <span className="row-main">
              <span className="row-title breaks" dir="ltr">
                {origin}
              </span>
              <span className="fine">{t('settings.sites.isBlocked')}</span>
            </span>
            <Button busy={command.busy} testId="unblock" onClick={() => block(origin, false)}>
              {t('settings.sites.unblock')}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
    </>
  )
}

/** What was laid down for the site, in words. */
function RuleWords({ rule }: { rule: SiteRule | undefined }) {
  const { t, moment } = useWords()
  const amounts = useAmounts()
  const limit = rule?.policy?.limits?.find(({ asset, per }) => asset === 'native' && per === 86_400)
  const others = rule?.policy ? Object.keys(rule.policy).length - 1 - (limit ? 1 : 0) : 0
  const said = [
    rule?.expiresAt ? t('settings.sites.ends', { moment: moment(rule.expiresAt) }) : null,
    limit ? t('settings.sites.limit', { amount: amounts.full(limit.most) }) : null,
    others > 0 ? t('settings.sites.moreRules') : null,
  ].filter((text) => text !== null)
  return said.length === 0 ? null : (
    <span className="fine" data-testid="site-rule">
      {said.join(' · ')}
    </span>
  )
}
