import type { UnlockMethodView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { AccountHint } from '../../controls/account-hint.tsx'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { saveFile } from '../../infrastructure/files.ts'
import { makePasskey, passkeysPossible } from '../../infrastructure/passkey.ts'
import { withBytes } from '../secret-text.ts'

export const RECOVERY_FILE = 'wallet-recovery.txt'

/** The ways to unlock: a passkey and a recovery file beside the password. Each change asks for the password. */
export function UnlockMethods() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const toast = useToast()
  const command = useCommand()
  const [password, setPassword] = useState('')
  const withPassword = <T,>(use: (bytes: Uint8Array) => Promise<T>) => withBytes(password, use)
  const nameOf = (method: UnlockMethodView) =>
    method.method === 'passkey' ? method.name : t(`method.${method.method}`)
  const hasFile = state.unlockMethods.some(({ method }) => method === 'recovery-file')

  const addPasskey = () =>
    command.run(async () => {
      const count = state.unlockMethods.filter(({ method }) => method === 'passkey').length + 1
      const name = t('unlockMethods.passkey', { count })
      // First the password: a passkey that no wallet knows would stay in the authenticator.
      await withPassword((bytes) => facade.unlock({ password: bytes }))
      const made = await makePasskey(name)
      try {
        await withPassword((bytes) => facade.addPasskey({ password: bytes, name, ...made }))
      } finally {
        made.output.fill(0)
      }
      toast(t('unlockMethods.added'))
    })
  const makeFile = () =>
    command.run(async () => {
      const { file } = await withPassword((bytes) => facade.makeRecoveryFile({ password: bytes }))
      saveFile(RECOVERY_FILE, file)
      file.fill(0)
      toast(t('unlockMethods.fileMade'))
    })
  const remove = (id: string) =>
    command.run(() => withPassword((bytes) => facade.removeUnlockMethod({ id, password: bytes })))

  return (
    <Screen title={t('unlockMethods.title')} back={['settings']} testId="unlock-methods">
      <p>{t('unlockMethods.intro')}</p>
      <form className="stack" onSubmit={(event) => event.preventDefault()} noValidate>
        <AccountHint />
        <TextField
          label={t('password.field')}
          value={password}
          onChange={setPassword}
          secret
          autoComplete="current-password"
          hint={t('unlockMethods.password.why')}
          testId="password"
        />
        <ul className="rows plain-list">
          {state.unlockMethods.map((method) => (
            <li key={method.id} className="row" data-testid={`method-${method.method}`}>
              <span className="row-main">
                <span className="row-title breaks">{nameOf(method)}</span>
              </span>
              {method.method !== 'password' && (
                <Button
                  busy={command.busy}
                  disabled={password === ''}
                  onClick={() => remove(method.id)}
                  testId="remove-method"
                >
                  {t('action.remove')}
                  <span className="hidden-text"> {nameOf(method)}</span>
                </Button>
              )}
            </li>
          ))}
        </ul>
        <ProblemNotice problem={command.problem} />
        {passkeysPossible() && (
          <Button
            wide
            icon="plus"
            busy={command.busy}
            disabled={password === ''}
            onClick={addPasskey}
            testId="add-passkey"
          >
            {t('unlockMethods.addPasskey')}
          </Button>
        )}
        <Button
          wide
          icon="receive"
          busy={command.busy}
          disabled={password === ''}
          onClick={makeFile}
          testId="make-recovery-file"
        >
          {t(hasFile ? 'unlockMethods.newFile' : 'unlockMethods.makeFile')}
        </Button>
        <p className="fine">{t('unlockMethods.file.what')}</p>
      </form>
    </Screen>
  )
}
