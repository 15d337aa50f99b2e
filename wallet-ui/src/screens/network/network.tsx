import type { SourceView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button, LinkButton } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { CopyHex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Facts, Screen, Section } from '../../controls/screen.tsx'
import { Refused } from '../../proof/refused.tsx'
import { provenAhead } from './clock.ts'
import { ClockNotice, ClockQuestion } from './clock-notice.tsx'
import { DiversityWarning } from './diversity-warning.tsx'
import { Privacy } from './privacy.tsx'
import { hasAnswered, pulseWords } from './pulse-words.ts'
import { SourceMap } from './source-map.tsx'

export function Network() {
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const now = useNow()
  const command = useCommand()
  const { pulse, network } = state
  const root = state.checkpoint ?? network.checkpoint
  const honest = state.sources.filter((source) => source.lie === null)
  const liars = state.sources.filter((source) => source.lie !== null)
  return (
    <Screen title={t('network.title')} testId="network-screen">
      {pulse.state === 'stalled' ? (
        <Section title={pulseWords(state, words, now)}>
          <Refused
            asked={t('network.asked', { network: network.name })}
            problem={pulse.problem}
            onAgain={() => command.run(() => facade.refresh())}
          />
          {provenAhead(pulse, now) === null && <ClockQuestion />}
        </Section>
      ) : (
        <p className="lead" data-testid="network-pulse">
          {pulseWords(state, words, now)}
        </p>
      )}
      <ClockNotice />
      <DiversityWarning diversity={state.diversity} />
      <SourceMap sources={state.sources} />
      <Facts
        rows={[
          [t('network.name'), `${network.name} · ${t('network.chain', { id: String(network.chainId) })}`, 'name'],
          pulse.state === 'following'
            ? [t('network.head'), `${words.number(pulse.headHeight)} · ${words.ago(pulse.headTime, now)}`, 'head']
            : null,
          pulse.state === 'following' && pulse.participation !== null
            ? [
                t('network.participation'),
                pulse.participation <= 1 ? words.percent(pulse.participation) : words.number(pulse.participation),
                'participation',
              ]
            : null,
          pulse.state === 'following'
            ? [
                t('network.final'),
                `${words.number(pulse.finalizedHeight)} · ${words.ago(pulse.finalizedTime, now)}`,
                'final',
              ]
            : null,
          [
            t('network.checkpoint'),
            root === null ? (
              t('network.noCheckpoint')
            ) : (
              <span key="c">
                {state.checkpoint === null ? t('sources.checkpoint.came') : t('sources.checkpoint.own')}
                <CopyHex what={t('network.checkpoint')} value={root} testId="root-in-use" />
              </span>
            ),
            'checkpoint',
          ],
        ]}
      />
      <Section title={t('network.sources')}>
        {honest.length === 0 ? (
          <p className="fine">{t('network.sources.none')}</p>
        ) : (
          <ul className="rows plain-list">
            {honest.map((source) => (
              <li key={source.id} className="row" data-testid="source">
                <SourceWords source={source} />
                <span className="row-side fine">
                  {hasAnswered(source)
                    ? t('network.delivered', {
                        bytes: words.bytes(source.bytes),
                        answers: t('network.answers', { count: source.answers }),
                      })
                    : t('network.notAnswered')}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Privacy />
      {liars.length > 0 && (
        <Section title={t('network.liars')} testId="liars">
          <p>{t('network.liars.text')}</p>
          <ul className="rows plain-list">
            {liars.map((source) => (
              <Liar key={source.id} source={source} />
            ))}
          </ul>
        </Section>
      )}
      <ProblemNotice problem={command.problem} />
      <div className="actions">
        <LinkButton href={routeHref('sources')} testId="network-choose-sources">
          {t('network.choose')}
        </LinkButton>
        <LinkButton href={routeHref('network', 'pair')} testId="network-pair">
          {t('pair.title')}
        </LinkButton>
        <Button icon="again" busy={command.busy} onClick={() => command.run(() => facade.refresh())} testId="refresh">
          {t('network.again')}
        </Button>
      </div>
    </Screen>
  )
}

function SourceWords({ source }: { source: SourceView }) {
  const { t } = useWords()
  return (
    <span className="row-main">
      <span className="row-title breaks">{source.words}</span>
      <span className="fine breaks">{t(`carrier.${source.carrier}`)}</span>
    </span>
  )
}

function Liar({ source }: { source: SourceView }) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <li className="row row-liar" data-testid="liar">
      <SourceWords source={source} />
      <Button onClick={() => setOpen(true)} testId="liar-evidence">
        {t('network.evidence')}
      </Button>
      {open && source.lie && (
        <Dialog title={t('network.liars')} onClose={() => setOpen(false)}>
          <Refused asked={source.words} problem={source.lie} />
        </Dialog>
      )}
    </li>
  )
}
