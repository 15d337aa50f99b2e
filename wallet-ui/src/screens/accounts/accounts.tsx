import type { AccountView } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useToast } from '../../controls/toast.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { AccountBalance } from '../home/account-balance.tsx'
import { AirGappedAccounts } from './air-gapped-accounts.tsx'
import { LedgerAccounts } from './ledger-accounts.tsx'
import { PhoneAccounts } from './phone-accounts.tsx'
import { WatchAddress } from './watch-address.tsx'

/** The screens around accounts, by the second part of the route. */
export function Accounts({ part }: { part: string | undefined }) {
  if (part === 'watch') return <WatchAddress />
  if (part === 'ledger') return <LedgerAccounts />
  if (part === 'qr') return <AirGappedAccounts />
  if (part === 'phone') return <PhoneAccounts />
  return <AccountList />
}

export function AccountList() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const say = useAccountWords()
  const toast = useToast()
  const command = useCommand()
  const derived = state.accounts.some(({ kind }) => kind === 'derived')
  const find = () =>
    command.run(async (stop) => {
      const { added, looked } = await facade.discoverAccounts(null, stop)
      toast(added > 0 ? say('accounts.found', { count: added }) : say('accounts.found.none', { count: looked }))
    })
  const next = () =>
    command.run(() =>
      facade.addAccount({
        name: t('accounts.new', { number: state.accounts.length + state.hiddenAccounts.length + 1 }),
      }),
    )
  return (
    <Screen title={say('accounts.screen')} back={['home']} testId="accounts-screen">
      <p>{say('accounts.screen.intro')}</p>
      <ul className="rows plain-list">
        {state.accounts.map((account) => (
          <AccountRow key={account.id} account={account} />
        ))}
      </ul>
      <Section title={say('accounts.more')}>
        <div className="rows">
          {(derived || state.hasPhrase) && (
            <>
              <Act title={say('accounts.next')} text={say('accounts.next.text')} onClick={next} testId="add-account" />
              <Act
                title={say('accounts.find')}
                text={say('accounts.find.text')}
                onClick={find}
                testId="find-accounts"
              />
            </>
          )}
          <Way to={['accounts', 'watch']} title={say('accounts.watch')} testId="watch-address">
            {say('accounts.watch.text')}
          </Way>
          <Way to={['import']} title={say('accounts.import')} testId="import-account" />
          {state.asksPhones && (
            <Way to={['accounts', 'phone']} title={say('accounts.phone')} testId="add-phone">
              {say('accounts.phone.text')}
            </Way>
          )}
          <Way to={['accounts', 'ledger']} title={say('accounts.ledger')} testId="add-ledger">
            {say('accounts.ledger.text')}
          </Way>
          <Way to={['accounts', 'qr']} title={say('accounts.airGapped')} testId="add-air-gapped">
            {say('accounts.airGapped.text')}
          </Way>
        </div>
        <Stop command={command} />
        <ProblemNotice problem={command.problem} />
      </Section>
      {state.hiddenAccounts.length > 0 && <HiddenAccounts />}
    </Screen>
  )
}

function AccountRow({ account }: { account: AccountView }) {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const say = useAccountWords()
  const command = useCommand()
  const [renaming, setRenaming] = useState(false)
  const current = account.id === state.selected
  return (
    <li className="account-row" data-testid="account-row" data-kind={account.kind}>
      {renaming ? (
        <RenameAccount account={account} onDone={() => setRenaming(false)} />
      ) : (
        <>
          <button
            type="button"
            className="row"
            aria-current={current ? 'true' : undefined}
            onClick={() => command.run(() => facade.select({ id: account.id }))}
          >
            <span className="row-main">
              <span className="entry-line">
                <span className="row-title">{account.name}</span>
                {current && <span className="fine">{t('accounts.selected')}</span>}
              </span>
              <ShortHex value={account.checksummed} />
              <span className="fine">
                {account.site === null
                  ? say(`accounts.kind.${account.kind}`)
                  : say('accounts.site', { site: new URL(account.site).host })}
              </span>
            </span>
            <AccountBalance account={account} />
          </button>
          <span className="account-acts">
            <Button kind="plain" onClick={() => setRenaming(true)} testId="rename-account">
              {t('accounts.rename')}
              <span className="hidden-text"> {account.name}</span>
            </Button>
            {state.accounts.length > 1 && (
              <Button
                kind="plain"
                busy={command.busy}
                onClick={() => command.run(() => facade.hideAccount({ id: account.id, hidden: true }))}
                testId="hide-account"
              >
                {say('accounts.hide')}
                <span className="hidden-text"> {account.name}</span>
              </Button>
            )}
          </span>
          <ProblemNotice problem={command.problem} />
        </>
      )}
    </li>
  )
}

function RenameAccount({ account, onDone }: { account: AccountView; onDone: () => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [name, setName] = useState(account.name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (await command.run(() => facade.renameAccount({ id: account.id, name: name.trim() }))) onDone()
  }
  return (
    <form className="rename" onSubmit={submit} noValidate>
      <TextField label={t('accounts.name')} value={name} onChange={setName} focus testId="account-name" />
      <Button type="submit" kind="primary" busy={command.busy} disabled={name.trim() === ''} testId="save-name">
        {t('action.save')}
      </Button>
      <ProblemNotice problem={command.problem} />
    </form>
  )
}

function HiddenAccounts() {
  const { facade, state } = useWallet()
  const say = useAccountWords()
  const command = useCommand()
  return (
    <Section title={say('accounts.hidden')} testId="hidden-accounts">
      <ul className="rows plain-list">
        {state.hiddenAccounts.map((account) => (
          <li key={account.id} className="row-with-action">
            <span className="row">
              <span className="row-main">
                <span className="row-title">{account.name}</span>
                <ShortHex value={account.checksummed} />
              </span>
            </span>
            <Button
              kind="plain"
              busy={command.busy}
              onClick={() => command.run(() => facade.hideAccount({ id: account.id, hidden: false }))}
              testId="show-account"
            >
              {say('accounts.unhide')}
              <span className="hidden-text"> {account.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
    </Section>
  )
}

function Act(props: { title: string; text: string; onClick: () => void; testId: string }) {
  return (
    <button type="button" className="row" onClick={props.onClick} data-testid={props.testId}>
      <span className="row-main">
        <span className="row-title">{props.title}</span>
        <span className="fine">{props.text}</span>
      </span>
      <Icon name="plus" />
    </button>
  )
}

function Way(props: { to: readonly string[]; title: string; testId: string; children?: ReactNode }) {
  return (
    <a className="row" href={routeHref(...props.to)} data-testid={props.testId}>
      <span className="row-main">
        <span className="row-title">{props.title}</span>
        {props.children && <span className="fine">{props.children}</span>}
      </span>
      <Icon name="next" />
    </a>
  )
}
