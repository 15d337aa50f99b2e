import type { AccountView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { LinkButton } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { CopyButton, ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { AccountBalance } from './account-balance.tsx'

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
  const select = async (id: string) => {
    if (await command.run(() => facade.select({ id }))) onClose()
  }
  return (
    <Dialog title={t('accounts.title')} onClose={onClose} testId="accounts-dialog">
      <ul className="rows plain-list">
        {state.accounts.map((account) => (
          <li key={account.id}>
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
              <AccountBalance account={account} />
            </button>
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
      <LinkButton href={routeHref('accounts')} testId="manage-accounts">
        {t('accounts.manage')}
      </LinkButton>
    </Dialog>
  )
}
