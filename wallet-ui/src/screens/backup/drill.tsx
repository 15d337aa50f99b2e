import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { pickPositions } from '../../infrastructure/page.ts'

const ASKED = 3

/** Asks for three words from the paper. Other positions after each miss, so that guessing one by one is no way through. */
export function BackupDrill(props: { count: number; back: () => void; onDone: () => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [positions, setPositions] = useState(() => pickPositions(ASKED, props.count))
  const [answers, setAnswers] = useState<readonly string[]>(positions.map(() => ''))
  const [wrong, setWrong] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await command.run(async () => {
      const words = answers.map((word) => new TextEncoder().encode(word.normalize('NFKD')))
      const right = await facade.confirmBackup({ positions, words }).finally(() => {
        for (const word of words) word.fill(0)
      })
      setAnswers(positions.map(() => ''))
      if (right) return props.onDone()
      setWrong(true)
      setPositions(pickPositions(ASKED, props.count))
    })
  }
  return (
    <Screen title={t('backup.drill.title')} back={props.back} testId="backup-drill">
      <p>{t('backup.drill.intro')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        {wrong && (
          <Notice kind="caution" live testId="drill-wrong">
            <p>{t('backup.drill.wrong')}</p>
          </Notice>
        )}
        {positions.map((position, i) => (
          <TextField
            key={position}
            label={t('backup.drill.word', { position: position + 1 })}
            value={answers[i] ?? ''}
            onChange={(word) => setAnswers(answers.map((answer, k) => (k === i ? word : answer)))}
            mono
            testId={`drill-input-${position + 1}`}
          />
        ))}
        <ProblemNotice problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={answers.some((word) => word.trim() === '')}
          testId="drill-check"
        >
          {t('backup.drill.check')}
        </Button>
        <Button kind="plain" wide onClick={props.back} testId="drill-again">
          {t('backup.drill.again')}
        </Button>
      </form>
    </Screen>
  )
}
