import { useWords } from '../../app/wallet-context.ts'
import { SelectField, TextField } from '../../controls/field.tsx'
import { FileField } from '../../controls/file-field.tsx'
import { EMPTY_IMPORT, fitsPhrase, type ImportDraft, wordCount } from './import-draft.ts'

/** What somebody has, and the fields for it. */
export function ImportFields(props: {
  draft: ImportDraft
  onChange: (draft: ImportDraft) => void
  kinds: readonly ImportDraft['kind'][]
  /** Whether to complain about what is not right yet. */
  submitted: boolean
}) {
  const { t } = useWords()
  const { draft } = props
  const set = (change: Partial<ImportDraft>) => props.onChange({ ...draft, ...change })
  const count = wordCount(draft)
  const secret = (hint: string, label: string) => (
    <TextField
      label={label}
      value={draft.password}
      onChange={(password) => set({ password })}
      secret
      hint={hint}
      testId="import-password"
    />
  )
  return (
    <>
      <SelectField
        label={t('import.kind')}
        value={draft.kind}
        options={props.kinds.map((kind) => ({ value: kind, label: t(`import.kind.${kind}`) }))}
        // What belongs to another kind is forgotten.
        onChange={(kind) => props.onChange({ ...EMPTY_IMPORT, kind })}
        testId="import-kind"
      />
      {draft.kind === 'phrase' && (
        <>
          <TextField
            label={t('import.field')}
            value={draft.phrase}
            onChange={(phrase) => set({ phrase })}
            lines={4}
            mono
            hint={t('import.count', { count })}
            error={props.submitted && !fitsPhrase(count) ? t('import.problem.count') : null}
            testId="phrase"
          />
          <details className="details fine-details" open={draft.passphrase !== '' || undefined}>
            <summary>{t('import.passphrase.more')}</summary>
            <TextField
              label={t('import.passphrase')}
              value={draft.passphrase}
              onChange={(passphrase) => set({ passphrase })}
              secret
              hint={t('import.passphrase.hint')}
              testId="passphrase"
            />
          </details>
        </>
      )}
      {draft.kind === 'private-key' && (
        <TextField
          label={t('import.key')}
          value={draft.key}
          onChange={(key) => set({ key })}
          secret
          mono
          hint={t('import.key.hint')}
          testId="private-key"
        />
      )}
      {draft.kind === 'keystore' && (
        <>
          <FileField
            key="keystore"
            label={t('import.keystore')}
            hint={t('import.keystore.hint')}
            onChange={(file) => set({ file })}
            testId="import-file"
          />
          {secret(t('import.password.hint'), t('import.password'))}
        </>
      )}
      {draft.kind === 'metamask' && (
        <>
          <TextField
            label={t('import.metamask')}
            value={draft.vault}
            onChange={(vault) => set({ vault })}
            lines={4}
            mono
            hint={t('import.metamask.hint')}
            testId="metamask-vault"
          />
          {secret(t('import.password.hint'), t('import.password'))}
        </>
      )}
      {draft.kind === 'slip39' && (
        <>
          <TextField
            label={t('import.shares')}
            value={draft.phrase}
            onChange={(phrase) => set({ phrase })}
            lines={6}
            mono
            hint={t('import.shares.hint')}
            testId="shares"
          />
          <TextField
            label={t('import.shares.passphrase')}
            value={draft.passphrase}
            onChange={(passphrase) => set({ passphrase })}
            secret
            hint={t('import.shares.passphrase.hint')}
            testId="passphrase"
          />
        </>
      )}
      {draft.kind === 'backup' && (
        <>
          <FileField key="backup" label={t('import.backup')} onChange={(file) => set({ file })} testId="import-file" />
          {secret(t('import.backup.password'), t('password.field'))}
        </>
      )}
    </>
  )
}
