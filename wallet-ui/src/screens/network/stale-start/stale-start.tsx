import type { AgreedCheckpoint, StaleStart } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../../app/command.ts'
import { go } from '../../../app/route.ts'
import { useNow, useWallet, useWords } from '../../../app/wallet-context.ts'
import { Button } from '../../../controls/button.tsx'
import { ProblemNotice } from '../../../controls/notice.tsx'
import { Screen, Section } from '../../../controls/screen.tsx'
import { AskOperators } from '../../checkpoint/ask-operators.tsx'
import { GoOnFromOld } from './go-on-from-old.tsx'
import { OwnRoot } from './own-root.tsx'

const DAY = 24 * 60 * 60 * 1000

/** After a long absence: what happened, why it matters, and where to start from now. */
export function StaleStartScreen() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const stale = state.pulse.state === 'stalled' ? state.pulse.staleStart : undefined
  const startFrom = async (checkpoint: `0x${string}`) => {
    await facade.chooseSources({ choices: state.choices, checkpoint })
    go('home')
  }
  return (
    <Screen title={t('stale.title')} back={['network']} testId="stale-start">
      {stale ? <WhatHappened stale={stale} /> : <p>{t('stale.not')}</p>}
      {stale && (
        <>
          <Section title={t('stale.ask')}>
            <StartFromAgreed startFrom={startFrom} />
          </Section>
          <Section title={t('stale.own')}>
            <OwnRoot startFrom={startFrom} />
          </Section>
          <Section title={t('stale.old')}>
            <GoOnFromOld words={stale.words} />
          </Section>
        </>
      )}
    </Screen>
  )
}

function StartFromAgreed({ startFrom }: { startFrom: (root: `0x${string}`) => Promise<void> }) {
  const { state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [agreed, setAgreed] = useState<AgreedCheckpoint | null>(null)
  const followed = state.choices.filter(({ kind, chosen }) => kind === 'beacon' && chosen)
  return (
    <>
      <AskOperators suggested={followed.map(({ address }) => address)} agreed={agreed} onAgreed={setAgreed} />
      {agreed && (
        <Button
          kind="primary"
          busy={command.busy}
          onClick={() => command.run(() => startFrom(agreed.root))}
          testId="stale-start-agreed"
        >
          {t('stale.start')}
        </Button>
      )}
      <ProblemNotice problem={command.problem} />
    </>
  )
}

function WhatHappened({ stale }: { stale: StaleStart }) {
  const words = useWords()
  const { t } = words
  const now = useNow()
  return (
    <>
      <p data-testid="stale-age">
        {t('stale.what', {
          ago: words.ago(now - stale.ageDays * DAY, now),
          days: words.number(Math.round(stale.safeDays * 10) / 10),
        })}
      </p>
      <p>{t('stale.why')}</p>
      <p>{t('stale.safe')}</p>
    </>
  )
}
