import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { go } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useToast } from '../../controls/toast.tsx'
import {
  EMPTY_IMPORT,
  fitsPhrase,
  type ImportDraft,
  importRequest,
  isFilled,
  wipeImport,
  wordCount,
} from '../first-run/import-draft.ts'
import { ImportFields } from '../first-run/import-fields.tsx'

const KINDS = ['private-key', 'phrase', 'keystore', 'metamask', 'slip39'] as const

/** Adds accounts from elsewhere to this wallet. */
export function ImportMore() {
  const { facade } = useWallet()
  const words = useWords()
  const { t } = words
  const toast = useToast()
  const command = useCommand()
  const [draft, setDraft] = useState<ImportDraft>({ ...EMPTY_IMPORT, kind: 'private-key' })
  const [submitted, setSubmitted] = useState(false)
  const [left, setLeft] = useState<readonly string[]>([])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setSubmitted(true)
    if (!isFilled(draft) || (draft.kind === 'phrase' && !fitsPhrase(wordCount(draft)))) return
    await command.run(async (stop) => {
      const from = await importRequest(draft)
      if (!from) return
      const result = await facade.importMore({ from }, stop).finally(() => wipeImport(from))
      setDraft({ ...EMPTY_IMPORT, kind: draft.kind })
      setSubmitted(false)
      setLeft(result.left)
      toast(t('importMore.done', { count: result.accounts }))
      if (result.left.length === 0) go('home')
    })
  }
  return (
    <Screen title={t('importMore.title')} back={['settings']} testId="import-more">
      <p>{t('importMore.intro')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <ImportFields draft={draft} onChange={setDraft} kinds={KINDS} submitted={submitted} />
        {left.length > 0 && (
          <Notice kind="caution" live testId="import-left">
            <p>{t('importMore.left', { what: words.list(left) })}</p>
          </Notice>
        )}
        <ProblemNotice problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={!isFilled(draft)}
          testId="import-more-continue"
        >
          {t('importMore.button')}
        </Button>
        <Stop command={command} />
      </form>
    </Screen>
  )
}
