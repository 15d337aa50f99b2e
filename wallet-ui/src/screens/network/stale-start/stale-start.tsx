import type { StaleStart } from '@glowworm/wallet-core/facade/facade'
import { go } from '../../../app/route.ts'
import { useNow, useWallet, useWords } from '../../../app/wallet-context.ts'
import { Screen, Section } from '../../../controls/screen.tsx'
import { AskOperators } from './ask-operators.tsx'
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
            <AskOperators startFrom={startFrom} />
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
