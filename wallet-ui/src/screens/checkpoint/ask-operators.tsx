import type { AgreedCheckpoint } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Facts } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'

/** Asks independent operators for a block that all of them call final. Who they are is the person's choice. */
export function AskOperators(props: {
  /** Addresses that stand in the field until somebody writes there. */
  suggested: readonly string[]
  agreed: AgreedCheckpoint | null
  /** Null when others are named now. */
  onAgreed: (agreed: AgreedCheckpoint | null) => void
}) {
  const { facade } = useWallet()
  const words = useWords()
  const { t } = words
  const now = useNow()
  const command = useCommand()
  const [written, setWritten] = useState<string | null>(null)
  const text = written ?? props.suggested.join('\n')
  const operators = text.split(/\s+/).filter((address) => address !== '')
  const { agreed } = props
  return (
    <>
      <p>{t('stale.ask.text')}</p>
      <TextField
        label={t('stale.ask.field')}
        hint={t('stale.ask.hint')}
        value={text}
        onChange={(next) => {
          setWritten(next)
          props.onAgreed(null)
        }}
        lines={3}
        mono
        testId="operators"
      />
      <ProblemNotice problem={command.problem} testId="ask-problem" />
      {agreed === null ? (
        <>
          <Button
            busy={command.busy}
            disabled={operators.length < 2}
            onClick={() =>
              command.run(async (stop) => props.onAgreed(await facade.askForCheckpoint({ operators }, stop)))
            }
            testId="ask-operators"
          >
            {t('stale.ask.button')}
          </Button>
          <Stop command={command} />
        </>
      ) : (
        <Facts
          rows={[
            [t('stale.agreed'), <Hex key="r" value={agreed.root} testId="agreed-root" />, 'root'],
            [t('stale.agreed.time'), words.ago(agreed.time, now), 'time'],
            [t('stale.agreed.by'), agreed.by.join(', '), 'by'],
          ]}
        />
      )}
    </>
  )
}
