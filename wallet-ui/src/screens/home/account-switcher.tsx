import type { AccountView } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { TextField } from '../../controls/field.tsx'
import { CopyButton, ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Proof } from '../../proof/proof.tsx'

export function AccountSwitcher({ account }: { account: AccountView }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <div className="account-line">
      <button
        type="button"
        className="account-button"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        data-testid="account-switcher"
      >
        <span className="account-words">
          <span className="account-name">{account.name}</span>
          <ShortHex value={account.checksummed} />
        </span>
        <Icon name="down" />
      </button>
      <CopyButton what={t('receive.address')} text={account.checksummed} testId="copy-address" />
      {open && <AccountsDialog onClose={() => setOpen(false)} />}
    </div>
  )
}

function AccountsDialog({ onClose }: { onClose: () => void }) {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const amounts = useAmounts()
  const [renaming, setRenaming] = useState<string | null>(null)
  const select = async (id: string) => {
    if (await command.run(() => facade.select({ id }))) onClose()
  }
  return (
    <Dialog title={t('accounts.title')} onClose={onClose} testId="accounts-dialog">
      <ul className="rows plain-list">
        {state.accounts.map((account) => (
          <li key={account.id} className="row-with-action">
            {renaming === account.id ? (
              <RenameAccount account={account} onDone={() => setRenaming(null)} />
            ) : (
              <>
                <button
                  type="button"
                  className="row"
                  aria-current={account.id === state.selected ? 'true' : undefined}
                  onClick={() => select(account.id)}
                  data-testid={`account-${account.id}`}
                >
                  <span className="row-main">
                    <span className="entry-line">
                      <span className="row-title">{account.name}</span>
                      {account.id === state.selected && <span className="fine">{t('accounts.selected')}</span>}
                    </span>
                    <ShortHex value={account.checksummed} />
                  </span>
                  <span className="row-side">
                    <Proof
                      label={t('home.balance')}
                      shown={account.balance}
                      format={amounts.short}
                      size="small"
                      still
                      wordless
                    />
                  </span>
                </button>
                <Button kind="plain" onClick={() => setRenaming(account.id)}>
                  {t('accounts.rename')}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
      <Button
        icon="plus"
        wide
        busy={command.busy}
        testId="add-account"
        onClick={() =>
          command.run(() => facade.addAccount({ name: t('accounts.new', { number: state.accounts.length + 1 }) }))
        }
      >
        {t('accounts.add')}
      </Button>
    </Dialog>
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
      <TextField label={t('accounts.name')} value={name} onChange={setName} testId="account-name" />
      <Button type="submit" kind="primary" busy={command.busy} disabled={name.trim() === ''}>
        {t('action.save')}
      </Button>
      <ProblemNotice problem={command.problem} />
    </form>
  )
}
