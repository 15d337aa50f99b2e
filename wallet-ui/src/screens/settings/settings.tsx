import { PRODUCT } from '@glowworm/light-client/product'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useApp, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { SelectField } from '../../controls/field.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { isLanguage, LANGUAGES, type Language } from '../../messages/language.ts'
import { EraseWallet } from '../erase-wallet.tsx'
import { Sites } from './sites.tsx'

const AUTO_LOCK_MINUTES = [1, 5, 15, 30, 60]

export function Settings() {
  const { facade, state } = useWallet()
  const { languageChoice, chooseLanguage } = useApp()
  const { t, language } = useWords()
  const command = useCommand()
  const minutes = [...new Set([...AUTO_LOCK_MINUTES, state.autoLockMinutes])].sort((a, b) => a - b)
  return (
    <Screen title={t('settings.title')} testId="settings-screen">
      <Section title={t('settings.security')}>
        <div className="rows">
          <a className="row" href={routeHref('phrase')} data-testid="reveal-phrase">
            <span className="row-main">
              <span className="row-title">{t('settings.phrase')}</span>
              <span className={state.backedUp ? 'fine' : 'fine caution'}>
                {state.backedUp ? t('settings.phrase.done') : t('settings.phrase.open')}
              </span>
            </span>
            <Icon name="next" />
          </a>
          <a className="row" href={routeHref('password')} data-testid="change-password">
            <span className="row-main">
              <span className="row-title">{t('settings.password')}</span>
            </span>
            <Icon name="next" />
          </a>
          <a className="row" href={routeHref('sources')} data-testid="settings-sources">
            <span className="row-main">
              <span className="row-title">{t('settings.sources')}</span>
            </span>
            <Icon name="next" />
          </a>
        </div>
        <SelectField
          label={t('settings.autoLock')}
          value={String(state.autoLockMinutes)}
          options={minutes.map((count) => ({ value: String(count), label: t('settings.minutes', { count }) }))}
          onChange={(value) => command.run(() => facade.setAutoLock({ minutes: Number(value) }))}
          testId="auto-lock"
        />
        <ProblemNotice problem={command.problem} />
        <Button icon="lock" wide onClick={() => command.run(() => facade.lock())} busy={command.busy} testId="lock">
          {t('settings.lock')}
        </Button>
      </Section>
      <Section title={t('settings.sites')}>
        <Sites />
      </Section>
      <Section title={t('settings.general')}>
        <SelectField<Language | 'auto'>
          label={t('settings.language')}
          value={languageChoice ?? 'auto'}
          options={[
            { value: 'auto', label: t('settings.language.auto', { language: LANGUAGES[language] }) },
            ...Object.entries(LANGUAGES).flatMap(([value, label]) => (isLanguage(value) ? [{ value, label }] : [])),
          ]}
          onChange={(value) => chooseLanguage(value === 'auto' ? null : value)}
          testId="language"
        />
      </Section>
      <Section title={t('settings.about')}>
        <p>
          {PRODUCT.name} · {t('settings.version', { version: PRODUCT.version })}
        </p>
        <p className="fine">{t('app.unaudited')}</p>
      </Section>
      <EraseWallet />
    </Screen>
  )
}
