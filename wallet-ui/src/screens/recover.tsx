import { useState } from 'react'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { FileField } from '../controls/file-field.tsx'
import { ChoosePassword } from './first-run/choose-password.tsx'

/** For who has lost the password but not the recovery file: the file opens the wallet, and a new password is set. */
export function Recover({ back }: { back: () => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const [file, setFile] = useState<Uint8Array | null>(null)
  return (
    <ChoosePassword
      title={t('recover.title')}
      label={t('settings.password.next')}
      back={back}
      action={t('recover.button')}
      onPassword={(next) => facade.recover({ file: file?.slice() ?? new Uint8Array(0), next })}
    >
      <FileField label={t('recover.file')} hint={t('recover.hint')} onChange={setFile} testId="recovery-file" />
    </ChoosePassword>
  )
}
