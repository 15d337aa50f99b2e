import type { AgreedCheckpoint } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../../app/command.ts'
import { useNow, useWallet, useWords } from '../../../app/wallet-context.ts'
import { Button } from '../../../controls/button.tsx'
import { TextField } from '../../../controls/field.tsx'
import { Hex } from '../../../controls/hex.tsx'
import { ProblemNotice } from '../../../controls/notice.tsx'
import { Facts } from '../../../controls/screen.tsx'

/** Asks independent operators, and starts from what all of them agree on. Who they are is the person's choice. */
export function AskOperators({ startFrom }: { startFrom: (root: `0x${string}`) => Promise<void> }) {
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const now = useNow()
  const command = useCommand()
  const known = state.choices.filter(({ kind, chosen }) => kind === 'beacon' && chosen)
  const [text, setText] = useState(known.map(({ address }) => address).join('\n'))
  const [agreed, setAgreed] = useState<AgreedCheckpoint | null>(null)
  const operators = text.split(/\s+/).filter((address) => address !== '')
  return (
    <>
      <p>{t('stale.ask.text')}</p>
      <TextField
        label={t('stale.ask.field')}
        hint={t('stale.ask.hint')}
        value={text}
        onChange={(next) => {
          setText(next)
          setAgreed(null)
        }}
        lines={3}
        mono
        testId="stale-operators"
      />
      <ProblemNotice problem={command.problem} testId="stale-ask-problem" />
      {agreed === null ? (
        <Button
          busy={command.busy}
          disabled={operators.length < 2}
          onClick={() => command.run(async () => setAgreed(await facade.askForCheckpoint({ operators })))}
          testId="stale-ask"
        >
          {t('stale.ask.button')}
        </Button>
      ) : (
        <>
          <Facts
            rows={[
              [t('stale.agreed'), <Hex key="r" value={agreed.root} testId="stale-agreed" />, 'root'],
              [t('stale.agreed.time'), words.ago(agreed.time, now), 'time'],
              [t('stale.agreed.by'), agreed.by.join(', '), 'by'],
            ]}
          />
          <Button
            kind="primary"
            busy={command.busy}
            onClick={() => command.run(() => startFrom(agreed.root))}
            testId="stale-start-agreed"
          >
            {t('stale.start')}
          </Button>
        </>
      )}
    </>
  )
}
