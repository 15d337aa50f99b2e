import { PRODUCT } from '@glowworm/light-client/product'
import type { ReactNode } from 'react'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useApp, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { SelectField } from '../../controls/field.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { isLanguage, LANGUAGES, type Language } from '../../messages/language.ts'
import { usePhoneWords } from '../../messages/phone/words.ts'
import { EraseWallet } from '../erase-wallet.tsx'
import { DirectionField } from './direction-field.tsx'
import { Sites } from './sites.tsx'
import { Storage } from './storage.tsx'

const AUTO_LOCK_MINUTES = [1, 5, 15, 30, 60]

export function Settings() {
  const { facade, state } = useWallet()
  const { languageChoice, chooseLanguage } = useApp()
  const words = useWords()
  const { t, language } = words
  const sayPhone = usePhoneWords()
  const command = useCommand()
  const minutes = [...new Set([...AUTO_LOCK_MINUTES, state.autoLockMinutes])].sort((a, b) => a - b)
  return (
    <Screen title={t('settings.title')} testId="settings-screen">
      <Section title={t('settings.security')}>
        <div className="rows">
          {state.hasPhrase && (
            <Way to="phrase" title={t('settings.phrase')} testId="reveal-phrase" caution={!state.backedUp}>
              {state.backedUp ? t('settings.phrase.done') : t('settings.phrase.open')}
            </Way>
          )}
          <Way
            to="backup-file"
            title={t('backupFile.title')}
            testId="settings-backup-file"
            caution={state.drills.file === null}
          >
            {state.drills.file === null
              ? t('backupFile.unchecked')
              : t('backupFile.checked', { moment: words.moment(state.drills.file) })}
          </Way>
          <Way to="password" title={t('settings.password')} testId="change-password" />
          <Way to="unlock-methods" title={t('unlockMethods.title')} testId="settings-unlock-methods">
            {t('unlockMethods.count', { count: state.unlockMethods.length })}
          </Way>
          <Way to="import" title={t('importMore.title')} testId="settings-import" />
          <Way to="safety" title={t('settings.safety')} testId="settings-safety">
            {t('settings.safety.text')}
          </Way>
          <Way to="sources" title={t('settings.sources')} testId="settings-sources" />
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
      <Section title={t('storage.title')}>
        <Storage />
      </Section>
      <Section title={t('settings.sites')}>
        <Sites />
        {state.servesPages && (
          <div className="rows">
            <Way to="phone" title={sayPhone('phone.title')} testId="settings-phone" />
          </div>
        )}
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
        <DirectionField />
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

/** A row that leads to a screen of its own. */
function Way(props: { to: string; title: string; testId: string; caution?: boolean; children?: ReactNode }) {
  return (
    <a className="row" href={routeHref(props.to)} data-testid={props.testId}>
      <span className="row-main">
        <span className="row-title">{props.title}</span>
        {props.children && <span className={props.caution ? 'fine caution' : 'fine'}>{props.children}</span>}
      </span>
      <Icon name="next" />
    </a>
  )
}
