import { type FormEvent, type ReactNode, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWords } from '../../app/wallet-context.ts'
import { AccountHint } from '../../controls/account-hint.tsx'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { withBytes } from '../secret-text.ts'
import { MIN_PASSWORD_LENGTH, passwordFaults, passwordStrength, type Strength } from './password-strength.ts'

const LEVEL: Record<Strength, number> = { short: 0, weak: 1, fair: 2, good: 3, strong: 4 }

/** Asks for a password twice. `onPassword` gets the UTF-8 bytes; the caller hands them on and they are wiped after. */
export function ChoosePassword(props: {
  back: () => void
  action: string
  onPassword: (password: Uint8Array) => Promise<void>
  title?: string
  label?: string
  /** Drawn above the two fields. */
  children?: ReactNode
}) {
  const { t } = useWords()
  const command = useCommand()
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [submitted, setSubmitted] = useState(false)
  const strength = passwordStrength(password)
  const { short, weak, mismatch } = passwordFaults(password, repeated)
  const fault = short ? t('password.short', { count: MIN_PASSWORD_LENGTH }) : weak ? t('password.strength.weak') : null
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSubmitted(true)
    if (short || weak || mismatch) return
    await command.run(() => withBytes(password, props.onPassword))
  }
  return (
    <Screen title={props.title ?? t('password.title')} back={props.back} testId="choose-password">
      <p>{t('password.intro')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <AccountHint />
        {props.children}
        <TextField
          label={props.label ?? t('password.field')}
          value={password}
          onChange={setPassword}
          secret
          autoComplete="new-password"
          testId="password"
          error={submitted ? fault : null}
          hint={
            strength === 'short' ? (
              !submitted && t('password.short', { count: MIN_PASSWORD_LENGTH })
            ) : (
              <span className="strength">
                <meter
                  min={0}
                  max={4}
                  low={2}
                  high={3}
                  optimum={4}
                  value={LEVEL[strength]}
                  aria-label={t('password.strength')}
                />
                <span data-testid="password-strength">{t(`password.strength.${strength}`)}</span>
              </span>
            )
          }
        />
        <TextField
          label={t('password.confirm')}
          value={repeated}
          onChange={setRepeated}
          secret
          autoComplete="new-password"
          testId="password-confirm"
          error={submitted && mismatch ? t('password.mismatch') : null}
        />
        <ProblemNotice problem={command.problem} />
        <Button kind="primary" wide type="submit" busy={command.busy} testId="continue">
          {command.busy ? t('password.working') : props.action}
        </Button>
      </form>
    </Screen>
  )
}
