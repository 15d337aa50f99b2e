import type { SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { CheckRow, TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { AddSource } from './add-source.tsx'
import { checkCheckpoint, lackOf } from './source-address.ts'

/** Where the evidence comes from. Nothing is contacted before this is answered. */
export function ChooseSources(props: { back: readonly string[] | (() => void); onDone: () => void }) {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [choices, setChoices] = useState<readonly SourceChoice[]>(state.choices)
  const [checkpoint, setCheckpoint] = useState('')
  const [checkpointError, setCheckpointError] = useState<string | null>(null)
  const lack = lackOf(choices)
  const chosen = choices.filter((choice) => choice.chosen).length

  const toggle = (choice: SourceChoice, on: boolean) =>
    setChoices(choices.map((other) => (other === choice ? { ...other, chosen: on } : other)))
  const submit = async () => {
    const empty = checkpoint.trim() === ''
    // The first time, whatever the network's profile vouches for when the wallet starts; later, the one in use.
    const root = !empty ? checkCheckpoint(checkpoint) : state.sourcesChosen ? state.network.checkpoint : null
    if (empty ? state.network.checkpoint === null : root === null) {
      setCheckpointError(t('sources.problem.checkpoint'))
      return
    }
    setCheckpointError(null)
    if (await command.run(() => facade.chooseSources({ choices, checkpoint: root }))) props.onDone()
  }

  return (
    <Screen title={t('sources.title')} back={props.back} testId="choose-sources">
      <p>{t('sources.intro')}</p>
      {choices.length === 0 && <p className="hint">{t('sources.none')}</p>}
      {([true, false] as const).map((bundled) => {
        const group = choices.filter((choice) => choice.bundled === bundled)
        return group.length === 0 ? null : (
          <Section
            key={String(bundled)}
            title={bundled ? t('sources.bundled', { network: state.network.name }) : t('sources.own')}
          >
            <div className="rows">
              {group.map((choice) => (
                <SourceRow
                  key={`${choice.kind} ${choice.address}`}
                  choice={choice}
                  onToggle={(on) => toggle(choice, on)}
                  onRemove={bundled ? null : () => setChoices(choices.filter((other) => other !== choice))}
                />
              ))}
            </div>
          </Section>
        )
      })}
      <AddSource existing={choices} onAdd={(source) => setChoices([...choices, source])} />
      <Section title={t('sources.checkpoint')}>
        <p>{t('sources.checkpoint.intro')}</p>
        {state.network.checkpoint !== null && (
          <p>
            <Hex value={state.network.checkpoint} testId="bundled-checkpoint" />
          </p>
        )}
        <TextField
          label={t('sources.checkpoint.field')}
          value={checkpoint}
          onChange={setCheckpoint}
          mono
          lines={2}
          hint={state.network.checkpoint === null ? t('sources.checkpoint.missing') : t('sources.checkpoint.bundled')}
          error={checkpointError}
          testId="checkpoint"
        />
      </Section>
      <ProblemNotice problem={command.problem} />
      <div className="screen-foot">
        {lack && (
          <Notice kind="caution" testId="sources-lack">
            <p>{lack === 'follow' ? t('sources.problem.choose') : t('sources.problem.state')}</p>
          </Notice>
        )}
        <Button
          kind="primary"
          wide
          onClick={submit}
          busy={command.busy}
          disabled={lack === 'follow'}
          testId="choose-sources-continue"
        >
          {t('action.continue')}
        </Button>
        <p className="fine centered">{t('sources.count', { count: chosen })}</p>
      </div>
    </Screen>
  )
}

function SourceRow(props: { choice: SourceChoice; onToggle: (on: boolean) => void; onRemove: (() => void) | null }) {
  const { t } = useWords()
  const { choice } = props
  return (
    <div className="row-with-action">
      <CheckRow
        checked={choice.chosen}
        onChange={props.onToggle}
        testId={`source-${choice.kind}`}
        title={t(`sources.kind.${choice.kind}`)}
        text={
          <>
            <span className="mono breaks" dir="ltr">
              {choice.address}
            </span>
            <span className="check-text">{t(`sources.learns.${choice.kind}`)}</span>
          </>
        }
      />
      {props.onRemove && (
        <Button kind="plain" onClick={props.onRemove}>
          {t('action.remove')}
        </Button>
      )}
    </div>
  )
}
