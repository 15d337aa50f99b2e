import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { AccountHint } from '../controls/account-hint.tsx'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { Logo } from '../controls/icon.tsx'
import { Notice, ProblemNotice } from '../controls/notice.tsx'
import { askPasskeys, passkeysPossible } from '../infrastructure/passkey.ts'
import { EraseWallet } from './erase-wallet.tsx'
import { Recover } from './recover.tsx'
import { withBytes } from './secret-text.ts'

export function Unlock() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [password, setPassword] = useState('')
  const [recovering, setRecovering] = useState(false)
  const passkeys = state.unlockMethods.filter((method) => method.method === 'passkey')
  const hasFile = state.unlockMethods.some(({ method }) => method === 'recovery-file')
  const waiting = state.approvals[0]?.origin ?? null
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    // A wrong password stays in the field: most are one letter off.
    await command.run(() => withBytes(password, (bytes) => facade.unlock({ password: bytes })))
  }
  const usePasskey = () =>
    command.run(async () => {
      const { credential, output } = await askPasskeys(passkeys)
      const used = passkeys.find((passkey) => passkey.credential.every((byte, i) => byte === credential[i]))
      await facade.unlockWithPasskey({ id: used?.id ?? '', output })
      output.fill(0)
    })
  if (recovering) return <Recover back={() => setRecovering(false)} />
  return (
    <main className="screen welcome" id="content" data-testid="unlock-screen">
      <div className="welcome-middle">
        <Logo />
        <h1>{t('unlock.title')}</h1>
        {waiting !== null && (
          <Notice kind="calm">
            <p className="breaks">{t('unlock.approval', { origin: saidOrigin(waiting) })}</p>
          </Notice>
        )}
      </div>
      <form className="stack" onSubmit={submit} noValidate>
        <AccountHint />
        <TextField
          label={t('password.field')}
          value={password}
          onChange={setPassword}
          secret
          focus
          autoComplete="current-password"
          testId="password"
        />
        <ProblemNotice problem={command.problem} />
        <Button kind="primary" wide type="submit" busy={command.busy} disabled={password === ''} testId="unlock">
          {command.busy ? t('unlock.working') : t('unlock.button')}
        </Button>
        {passkeys.length > 0 && passkeysPossible() && (
          <Button wide onClick={usePasskey} busy={command.busy} testId="unlock-passkey">
            {t('unlock.passkey')}
          </Button>
        )}
        <details className="details fine-details">
          <summary>{t('unlock.forgotten')}</summary>
          {hasFile && (
            <Button wide onClick={() => setRecovering(true)} testId="unlock-recover">
              {t('recover.start')}
            </Button>
          )}
          <p>{t('unlock.forgotten.text')}</p>
          <EraseWallet />
        </details>
        <p className="unaudited">{t('app.unaudited')}</p>
      </form>
    </main>
  )
}
