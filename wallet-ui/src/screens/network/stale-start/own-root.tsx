import { useState } from 'react'
import { useCommand } from '../../../app/command.ts'
import { useWords } from '../../../app/wallet-context.ts'
import { Button } from '../../../controls/button.tsx'
import { TextField } from '../../../controls/field.tsx'
import { ProblemNotice } from '../../../controls/notice.tsx'
import { checkCheckpoint } from '../../first-run/source-address.ts'

/** A newer block root that the person has from a place they trust. */
export function OwnRoot({ startFrom }: { startFrom: (root: `0x${string}`) => Promise<void> }) {
  const { t } = useWords()
  const command = useCommand()
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const submit = () => {
    const root = checkCheckpoint(text)
    setError(root === null ? t('sources.problem.checkpoint') : null)
    if (root !== null) void command.run(() => startFrom(root))
  }
  return (
    <>
      <p>{t('sources.checkpoint.intro')}</p>
      <TextField
        label={t('stale.own.field')}
        value={text}
        onChange={setText}
        lines={2}
        mono
        error={error}
        testId="stale-own"
      />
      <ProblemNotice problem={command.problem} />
      <Button busy={command.busy} disabled={text.trim() === ''} onClick={submit} testId="stale-start-own">
        {t('stale.start')}
      </Button>
    </>
  )
}
