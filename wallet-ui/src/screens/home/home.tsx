import { lazy, Suspense } from 'react'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button, LinkButton } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Section } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { Proof } from '../../proof/proof.tsx'
import { ActivityRows } from '../activity/activity-rows.tsx'
import { ClockNotice } from '../network/clock-notice.tsx'
import { PulseLine } from '../network/pulse-line.tsx'
import { StaleStartNotice } from '../network/stale-start/stale-start-notice.tsx'
import { AccountSwitcher } from './account-switcher.tsx'

const HomeAssets = lazy(() => import('../assets/home-assets.tsx').then((part) => ({ default: part.HomeAssets })))

const RECENT = 4

export function Home() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const toast = useToast()
  const faucet = useCommand()
  const amounts = useAmounts()
  const account = useSelected()
  const recent = state.activity.filter((entry) => entry.accountId === account?.id).slice(0, RECENT)
  if (!account) return null
  // While nothing is proven the two lights would say the same twice.
  const saysMore = account.finalBalance.kind === 'proven' || account.finalBalance.kind !== account.balance.kind
  return (
    <main className="screen home" id="content" tabIndex={-1} data-testid="home">
      <h1 className="hidden-text">{t('nav.home')}</h1>
      <div className="home-main">
        <AccountSwitcher account={account} />
        <section className="balance-card" aria-label={t('home.balance')}>
          <Proof
            label={t('home.balance')}
            shown={account.balance}
            format={amounts.short}
            exact={amounts.full}
            size="big"
            testId="balance"
          />
          {saysMore && (
            <p className="final-balance">
              <span className="final-label">{t('home.finalBalance')}</span>
              <Proof
                label={t('home.finalBalance')}
                shown={account.finalBalance}
                format={amounts.short}
                exact={amounts.full}
                size="small"
                testId="final-balance"
              />
            </p>
          )}
        </section>
        <div className="home-actions">
          <LinkButton href={routeHref('receive')} icon="receive" testId="receive">
            {t('home.receive')}
          </LinkButton>
          <LinkButton href={routeHref('send')} icon="send" testId="send">
            {t('home.send')}
          </LinkButton>
          {state.network.hasFaucet && (
            <Button
              icon="drop"
              busy={faucet.busy}
              testId="get-test-funds"
              onClick={async () => {
                if (await faucet.run(() => facade.requestFaucet({ accountId: account.id })))
                  toast(t('home.faucet.done'))
              }}
            >
              {t('home.faucet')}
            </Button>
          )}
        </div>
        <ProblemNotice problem={faucet.problem} />
        <PulseLine />
        <ClockNotice />
        <StaleStartNotice />
        {!state.backedUp && (
          <Notice kind="caution" title={t('backup.needed')} testId="backup-needed">
            <p>{t('backup.needed.text')}</p>
            <LinkButton href={routeHref('backup')}>{t('backup.needed.start')}</LinkButton>
          </Notice>
        )}
      </div>
      <Suspense fallback={null}>
        <HomeAssets />
      </Suspense>
      <Section
        title={t('home.recent')}
        trailing={
          recent.length > 0 && (
            <a className="text-link" href={routeHref('activity')}>
              {t('home.all')}
            </a>
          )
        }
      >
        <ActivityRows entries={recent} />
      </Section>
    </main>
  )
}
