import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { AccountHint } from '../../controls/account-hint.tsx'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { FileField } from '../../controls/file-field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { saveFile } from '../../infrastructure/files.ts'
import { withBytes } from '../secret-text.ts'

export const BACKUP_FILE = 'wallet-backup.glowworm'

/** An encrypted copy of everything, and the drill that shows that it opens. */
export function BackupFile() {
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const toast = useToast()
  const [make, check] = [useCommand(), useCommand()]
  const [password, setPassword] = useState('')
  const [file, setFile] = useState<Uint8Array | null>(null)
  const [lacking, setLacking] = useState(false)
  const makeIt = () =>
    make.run(async () => {
      const made = await withBytes(password, (bytes) => facade.makeBackup({ password: bytes }))
      saveFile(BACKUP_FILE, made.file)
    })
  const checkIt = () =>
    check.run(async () => {
      if (file === null) return
      const whole = await withBytes(password, (bytes) => facade.checkBackup({ file, password: bytes }))
      setLacking(!whole)
      if (whole) toast(t('backupFile.works'))
    })
  return (
    <Screen title={t('backupFile.title')} back={['settings']} testId="backup-file">
      <p>{t('backupFile.intro')}</p>
      <form className="stack" onSubmit={(event) => event.preventDefault()} noValidate>
        <AccountHint />
        <TextField
          label={t('password.field')}
          value={password}
          onChange={setPassword}
          secret
          autoComplete="current-password"
          hint={t('backupFile.password')}
          testId="password"
        />
        <ProblemNotice problem={make.problem} />
        <Button
          kind="primary"
          wide
          icon="receive"
          busy={make.busy}
          disabled={password === ''}
          onClick={makeIt}
          testId="backup-file-make"
        >
          {t('backupFile.make')}
        </Button>
        <Section title={t('backupFile.drill')}>
          <p className={state.drills.file === null ? 'fine caution' : 'fine'} data-testid="backup-file-checked">
            {state.drills.file === null
              ? t('backupFile.unchecked')
              : t('backupFile.checked', { moment: words.moment(state.drills.file) })}
          </p>
          <FileField
            label={t('backupFile.choose')}
            onChange={(bytes) => {
              setFile(bytes)
              setLacking(false)
            }}
            testId="backup-file-choose"
          />
          {lacking && (
            <Notice kind="caution" live testId="backup-file-lacking">
              <p>{t('backupFile.lacking')}</p>
            </Notice>
          )}
          <ProblemNotice problem={check.problem} testId="backup-file-problem" />
          <Button
            wide
            busy={check.busy}
            disabled={password === '' || file === null}
            onClick={checkIt}
            testId="backup-file-check"
          >
            {t('backupFile.check')}
          </Button>
        </Section>
      </form>
    </Screen>
  )
}
