import type { ChoiceView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet } from '../app/wallet-context.ts'
import { OriginName } from '../approval/origin-name.tsx'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/field.tsx'
import { Notice } from '../controls/notice.tsx'
import { Screen, Section } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { Claims, claimName } from './claims.tsx'
import { titleOf } from './overview.tsx'
import { TrustLine } from './trust-line.tsx'
import { IdentityProblem, useSay } from './words.tsx'

/** Who asks, why, exactly what leaves, and what stays. Nothing is sent before the person says so. */
export function Consent(props: {
  request: RequestView
  onDrop: () => void
  /** By default the log is shown. */
  onShown?: () => void
  /** False: a press would not count yet. */
  armed?: boolean
}) {
  const { request, onDrop, onShown = () => go('identity', 'log'), armed = true } = props
  const { facade } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const [redirect, setRedirect] = useState<string | null>(null)
  const { verifier, wants } = request
  const choiceFor = (want: RequestView['wants'][number]): ChoiceView | undefined =>
    want.choices.find(({ credentialId }) => credentialId === chosen[want.id]) ?? want.choices[0]
  const show = async () => {
    const choices = wants.map((want) => ({ want: want.id, credentialId: choiceFor(want)?.credentialId ?? '' }))
    await command.run(async () => {
      const answer = await facade.present({ id: request.id, choices })
      toast(say('consent.done'))
      if (answer.redirect === null) onShown()
      else setRedirect(answer.redirect)
    })
  }
  if (redirect !== null)
    return (
      <Screen title={say('consent.done')} back={['identity']} testId="consent-done">
        <a className="button button-primary" href={redirect} rel="noreferrer noopener" target="_blank">
          <span>{say('consent.go', { host: new URL(redirect).host })}</span>
        </a>
      </Screen>
    )
  return (
    <Screen title={say('consent.title', { name: verifier.host })} back={onDrop} testId="consent-screen">
      <Section title={say('consent.who')}>
        {verifier.trust ? (
          <>
            <TrustLine trust={verifier.trust} />
            <p className="mono breaks fine" dir="ltr">
              {verifier.id.replace(/^decentralized_identifier:/, '')}
            </p>
          </>
        ) : verifier.site ? (
          <OriginName origin={verifier.id.replace(/^origin:/, '')} />
        ) : (
          <Notice kind="caution" testId="consent-unsigned">
            <p>{say('consent.unsigned', { host: verifier.host })}</p>
          </Notice>
        )}
        {verifier.name !== null && <p>{say('consent.calls', { name: verifier.name })}</p>}
        <p>{say('consent.host', { host: verifier.host })}</p>
        <p data-testid="consent-purpose">
          {request.purpose === null
            ? say('consent.purpose.none')
            : say('consent.purpose', { purpose: request.purpose })}
        </p>
      </Section>
      {wants.map((want) => {
        const choice = choiceFor(want)
        return (
          <Section key={want.id} title={choice ? titleOf(choice) : want.id}>
            {want.choices.length > 1 && (
              <SelectField
                label={say('consent.choose')}
                value={choice?.credentialId ?? ''}
                options={want.choices.map((one) => ({ value: one.credentialId, label: titleOf(one) }))}
                onChange={(value) => setChosen({ ...chosen, [want.id]: value })}
                testId="consent-choice"
              />
            )}
            {choice && <SideBySide choice={choice} />}
          </Section>
        )
      })}
      <IdentityProblem problem={request.blocked ?? command.problem} />
      <div className="screen-foot">
        {!request.blocked && (
          <Button kind="primary" wide onClick={show} busy={command.busy} disabled={!armed} testId="consent-yes">
            {say('consent.yes')}
          </Button>
        )}
        <Button wide onClick={onDrop} testId="consent-no">
          {say('consent.no')}
        </Button>
      </div>
    </Screen>
  )
}

function SideBySide({ choice }: { choice: ChoiceView }) {
  const say = useSay()
  return (
    <>
      <div className="sides">
        <section className="side side-learn" data-testid="consent-learn">
          <h3>{say('consent.learn')}</h3>
          {choice.learns.length === 0 ? (
            <p className="fine">{say('consent.nothing')}</p>
          ) : (
            <Claims claims={choice.learns} />
          )}
        </section>
        <section className="side side-hide" data-testid="consent-hide">
          <h3>{say('consent.hide')}</h3>
          {choice.hidden.length === 0 ? (
            <p className="fine">{say('consent.hide.none')}</p>
          ) : (
            <ul className="plain-list">
              {choice.hidden.map((path) => (
                <li key={claimName(path)}>{claimName(path)}</li>
              ))}
            </ul>
          )}
        </section>
      </div>
      {choice.bearer && (
        <Notice kind="caution" testId="consent-bearer">
          <p>{say('consent.bearer')}</p>
        </Notice>
      )}
      {choice.linkable && (
        <Notice kind="caution" testId="consent-linkable">
          <p>{say('consent.linkable')}</p>
        </Notice>
      )}
      <details open={choice.learns.length === 0}>
        <summary>{say('consent.always')}</summary>
        <Claims claims={choice.always} />
      </details>
    </>
  )
}
