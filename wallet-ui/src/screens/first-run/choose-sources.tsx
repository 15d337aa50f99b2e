import { needsPermission } from '@glowworm/light-client/network/local-network'
import type { AgreedCheckpoint, SourceChoice } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { CheckRow, TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Facts, Screen, Section } from '../../controls/screen.tsx'
import { pageHost } from '../../infrastructure/page.ts'
import { AskOperators } from '../checkpoint/ask-operators.tsx'
import { AddSource } from './add-source.tsx'
import { enteredOnly, offersFor } from './directory.ts'
import { DirectoryRows } from './directory-rows.tsx'
import { checkCheckpoint, lackOf } from './source-address.ts'
import { chooseGroup, countChosen, groupSources, type SourceGroup } from './source-groups.ts'

/** Where the evidence comes from. Nothing is contacted before this is answered. */
export function ChooseSources(props: { back: readonly string[] | (() => void); onDone: () => void }) {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  const [choices, setChoices] = useState<readonly SourceChoice[]>(state.choices)
  // The user's own root stands in the field; emptied, the bundled one counts again.
  const [checkpoint, setCheckpoint] = useState<string>(state.checkpoint ?? '')
  const [checkpointError, setCheckpointError] = useState<string | null>(null)
  const [agreed, setAgreed] = useState<AgreedCheckpoint | null>(null)
  const lack = lackOf(choices)
  const offers = offersFor(state.network.chainId, state.choices)
  const groups = [
    { bundled: true, group: choices.filter((choice) => choice.bundled) },
    { bundled: false, group: enteredOnly(choices, offers) },
  ] as const
  const bundledRoot = state.network.checkpoint

  const submit = async () => {
    const empty = checkpoint.trim() === ''
    // Null: whatever the network's profile vouches for when the wallet starts.
    const root = empty ? null : checkCheckpoint(checkpoint)
    if (root === null && (!empty || bundledRoot === null)) {
      setCheckpointError(t('sources.problem.checkpoint'))
      return
    }
    setCheckpointError(null)
    if (await command.run(() => facade.chooseSources({ choices, checkpoint: root }))) props.onDone()
  }

  return (
    <Screen title={t('sources.title')} back={props.back} testId="choose-sources">
      <p>{t('sources.intro')}</p>
      {choices.length === 0 && offers.length === 0 && <p className="hint">{t('sources.none')}</p>}
      {offers.length > 0 && <DirectoryRows offers={offers} choices={choices} onChoices={setChoices} />}
      {groups.map(({ bundled, group }) =>
        group.length === 0 ? null : (
          <Section
            key={String(bundled)}
            title={bundled ? t('sources.bundled', { network: state.network.name }) : t('sources.own')}
          >
            <div className="rows">
              {groupSources(group).map((source) => (
                <SourceRow
                  key={source.key}
                  source={source}
                  onToggle={(on) => setChoices(chooseGroup(choices, source, on))}
                  onRemove={
                    bundled ? null : () => setChoices(choices.filter((other) => !source.choices.includes(other)))
                  }
                />
              ))}
            </div>
          </Section>
        ),
      )}
      <AddSource
        existing={choices}
        open={choices.length === 0 && offers.length === 0}
        onAdd={(source) => setChoices([...choices, source])}
      />
      <Section title={t('sources.checkpoint')}>
        <p>{t('sources.checkpoint.intro')}</p>
        <Facts
          rows={[
            bundledRoot === null
              ? null
              : [
                  <RootName key="n" own={false} inUse={state.sourcesChosen && state.checkpoint === null} />,
                  <Hex key="h" value={bundledRoot} testId="bundled-checkpoint" />,
                  'bundled',
                ],
            state.checkpoint === null
              ? null
              : [
                  <RootName key="n" own inUse={state.sourcesChosen} />,
                  <Hex key="h" value={state.checkpoint} testId="own-checkpoint" />,
                  'own',
                ],
          ]}
        />
        <TextField
          label={t('sources.checkpoint.field')}
          value={checkpoint}
          onChange={setCheckpoint}
          mono
          lines={2}
          hint={bundledRoot === null ? t('sources.checkpoint.missing') : t('sources.checkpoint.bundled')}
          error={checkpointError}
          testId="checkpoint"
        />
        {bundledRoot !== null && checkpoint.trim() !== '' && (
          <Button
            onClick={() => {
              setCheckpoint('')
              setCheckpointError(null)
            }}
            testId="checkpoint-return"
          >
            {t('sources.checkpoint.return')}
          </Button>
        )}
      </Section>
      {bundledRoot === null && (
        <Section title={t('sources.agree')} testId="agree">
          <AskOperators
            suggested={choices.filter(({ kind, chosen }) => kind === 'beacon' && chosen).map(({ address }) => address)}
            agreed={agreed}
            onAgreed={(next) => {
              setAgreed(next)
              setCheckpoint(next?.root ?? '')
              setCheckpointError(null)
            }}
          />
        </Section>
      )}
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
        <p className="fine centered">{t('sources.count', { count: countChosen(choices) })}</p>
      </div>
    </Screen>
  )
}

/** Where a block root comes from, and whether it is the one the wallet starts from now. */
function RootName({ own, inUse }: { own: boolean; inUse: boolean }) {
  const { t } = useWords()
  const name = own ? t('sources.checkpoint.own') : t('sources.checkpoint.came')
  return <span>{inUse ? `${name} · ${t('sources.checkpoint.inUse')}` : name}</span>
}

function SourceRow(props: { source: SourceGroup; onToggle: (on: boolean) => void; onRemove: (() => void) | null }) {
  const { t } = useWords()
  const { kind, chosen, choices } = props.source
  return (
    <div className="row-with-action">
      <CheckRow
        checked={chosen}
        onChange={props.onToggle}
        testId={`source-${kind}`}
        title={t(`sources.kind.${kind}`)}
        text={
          <>
            {choices.map(({ address }) => (
              <span key={address} className="source-address mono breaks" dir="ltr">
                {address}
              </span>
            ))}
            <span className="check-text">{t(`sources.learns.${kind}`)}</span>
            {choices.some(({ address }) => mayBeAsked(address)) && (
              <span className="check-text" data-testid="local-network">
                {t('sources.localNetwork')}
              </span>
            )}
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

/** An extension and a page of the local network itself are not asked. */
function mayBeAsked(address: string): boolean {
  const host = pageHost()
  return host !== '' && needsPermission(host, address)
}
