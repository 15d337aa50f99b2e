import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { AccountHint } from '../../controls/account-hint.tsx'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { withBytes } from '../secret-text.ts'

export function AskPassword(props: {
  back: () => void
  /** Gets the phrase to keep, and to wipe. */
  onPhrase: (phrase: Uint8Array) => void
}) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [password, setPassword] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await command.run(async () => {
      const { phrase } = await withBytes(password, (bytes) => facade.revealPhrase({ password: bytes }))
      props.onPhrase(phrase)
    })
  }
  return (
    <Screen title={t('reveal.title')} back={props.back} testId="ask-password">
      <p>{t('backup.password')}</p>
      <Notice kind="caution">
        <p>{t('reveal.warning')}</p>
      </Notice>
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
        <Button kind="primary" wide type="submit" busy={command.busy} disabled={password === ''} testId="reveal">
          {t('reveal.button')}
        </Button>
      </form>
    </Screen>
  )
}
