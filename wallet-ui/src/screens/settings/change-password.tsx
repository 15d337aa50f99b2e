import { useState } from 'react'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { TextField } from '../../controls/field.tsx'
import { useToast } from '../../controls/toast.tsx'
import { ChoosePassword } from '../first-run/choose-password.tsx'
import { withBytes } from '../secret-text.ts'

export function ChangePassword({ onDone }: { onDone: () => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const toast = useToast()
  const [current, setCurrent] = useState('')
  return (
    <ChoosePassword
      title={t('settings.password')}
      label={t('settings.password.next')}
      back={onDone}
      action={t('password.change')}
      onPassword={async (next) => {
        await withBytes(current, (bytes) => facade.changePassword({ current: bytes, next }))
        toast(t('settings.password.done'))
        onDone()
      }}
    >
      <TextField
        label={t('settings.password.current')}
        value={current}
        onChange={setCurrent}
        secret
        focus
        autoComplete="current-password"
        testId="password-current"
      />
    </ChoosePassword>
  )
}
