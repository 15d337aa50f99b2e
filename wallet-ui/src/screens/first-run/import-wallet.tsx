import type { ImportRequest } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { withBytes } from '../secret-text.ts'
import {
  copyImport,
  fitsPhrase,
  type ImportDraft,
  importRequest,
  isFilled,
  wipeImport,
  wordCount,
} from './import-draft.ts'
import { ImportFields } from './import-fields.tsx'

const KINDS = ['phrase', 'backup', 'private-key', 'keystore', 'metamask', 'slip39'] as const

/** What somebody brings to a wallet on this device. A backup file needs no new password: it opens with its own. */
export function ImportWallet(props: {
  back: () => void
  draft: ImportDraft
  onDraft: (draft: ImportDraft) => void
  /** Gets what can be imported as bytes, to wipe. The fields are empty then. */
  onChecked: (from: ImportRequest) => void
}) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [submitted, setSubmitted] = useState(false)
  const { draft } = props
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSubmitted(true)
    if (!isFilled(draft) || (draft.kind === 'phrase' && !fitsPhrase(wordCount(draft)))) return
    const { file } = draft
    if (draft.kind === 'backup' && file) {
      await command.run(() => withBytes(draft.password, (password) => facade.restoreBackup({ file, password })))
      return
    }
    let from: ImportRequest | null = null
    const check = async (stop: AbortSignal) => {
      from = await importRequest(draft)
      if (from) await facade.checkImport({ from: copyImport(from) }, stop)
    }
    if (!(await command.run(check))) return wipeImport(from)
    if (from) props.onChecked(from)
  }
  return (
    <Screen title={t('import.title')} back={props.back} testId="import-phrase">
      <p>{t(draft.kind === 'phrase' ? 'import.intro' : 'import.intro.other')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <ImportFields draft={draft} onChange={props.onDraft} kinds={KINDS} submitted={submitted} />
        <ProblemNotice problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={draft.kind !== 'phrase' && !isFilled(draft)}
          testId="import-continue"
        >
          {draft.kind === 'backup' ? t('import.restore') : t('action.continue')}
        </Button>
        <Stop command={command} />
      </form>
    </Screen>
  )
}
