import { type FormEvent, useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'

const COUNTS = [12, 15, 18, 21, 24]

/** Words in lower case with single spaces, as BIP-39 wants them. */
export function tidyPhrase(text: string): string {
  return text.normalize('NFKD').trim().toLowerCase().split(/\s+/).join(' ')
}

export function ImportPhrase(props: { back: () => void; initial: string; onPhrase: (phrase: string) => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [text, setText] = useState(props.initial)
  const [wrong, setWrong] = useState(false)
  const phrase = tidyPhrase(text)
  const count = phrase === '' ? 0 : phrase.split(' ').length
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!COUNTS.includes(count)) setWrong(true)
    else if (await command.run(() => facade.checkPhrase({ phrase }))) props.onPhrase(phrase)
  }
  return (
    <Screen title={t('import.title')} back={props.back} testId="import-phrase">
      <p>{t('import.intro')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={t('import.field')}
          value={text}
          onChange={setText}
          lines={4}
          mono
          hint={t('import.count', { count })}
          error={wrong && !COUNTS.includes(count) ? t('import.problem.count') : null}
          testId="phrase"
        />
        <ProblemNotice problem={command.problem} />
        <Button kind="primary" wide type="submit" busy={command.busy} testId="import-continue">
          {t('action.continue')}
        </Button>
      </form>
    </Screen>
  )
}
