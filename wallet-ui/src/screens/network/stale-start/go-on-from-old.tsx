import { useState } from 'react'
import { useCommand } from '../../../app/command.ts'
import { go } from '../../../app/route.ts'
import { useWallet, useWords } from '../../../app/wallet-context.ts'
import { Button } from '../../../controls/button.tsx'
import { TextField } from '../../../controls/field.tsx'
import { Notice, ProblemNotice } from '../../../controls/notice.tsx'

/** The dangerous way, taken by saying so. @param words what the core wants to hear, whatever the language */
export function GoOnFromOld({ words }: { words: string }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [typed, setTyped] = useState('')
  const wanted = t('stale.old.words')
  return (
    <>
      <Notice kind="loss">
        <p>{t('stale.old.text')}</p>
      </Notice>
      <TextField
        label={t('stale.old.type', { words: wanted })}
        value={typed}
        onChange={setTyped}
        testId="stale-old-words"
      />
      <ProblemNotice problem={command.problem} />
      <Button
        kind="danger"
        disabled={typed.trim() !== wanted}
        busy={command.busy}
        onClick={async () => {
          if (await command.run(() => facade.goOnFromOld({ words }))) go('home')
        }}
        testId="stale-go-on"
      >
        {t('stale.old.button')}
      </Button>
    </>
  )
}
