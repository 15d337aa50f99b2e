import type { PresentationView } from '@glowworm/wallet-core/facade/identity'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Screen } from '../controls/screen.tsx'
import { StatusLine, TrustLine } from './trust-line.tsx'
import { IdentityProblem, useSay } from './words.tsx'

/** What was shown to whom, with what was proven at that moment. */
export function Log() {
  const { facade, state } = useWallet()
  const say = useSay()
  const command = useCommand()
  const { presentations } = state.identity
  const remove = (id: string | null) => command.run(() => facade.removePresentations({ id }))
  return (
    <Screen title={say('log')} back={['identity']} testId="log-screen">
      <p className="fine">{say('log.intro')}</p>
      <IdentityProblem problem={command.problem} />
      {presentations.length === 0 && <p>{say('log.none')}</p>}
      {presentations.map((entry) => (
        <Entry key={entry.id} entry={entry} onRemove={() => remove(entry.id)} busy={command.busy} />
      ))}
      {presentations.length > 1 && (
        <Button kind="danger" wide onClick={() => remove(null)} busy={command.busy} testId="log-clear">
          {say('log.clear')}
        </Button>
      )}
    </Screen>
  )
}

function Entry({ entry, onRemove, busy }: { entry: PresentationView; onRemove: () => void; busy: boolean }) {
  const words = useWords()
  const say = useSay()
  return (
    <article className="document" data-testid="log-entry">
      <header className="document-head">
        <div>
          <p className="document-kind">{words.moment(entry.at)}</p>
          <h2 className="breaks">{entry.host}</h2>
        </div>
      </header>
      {entry.verifierTrust && <TrustLine trust={entry.verifierTrust} still />}
      {entry.purpose !== null && <p>{say('consent.purpose', { purpose: entry.purpose })}</p>}
      {entry.shown.map((shown) => (
        <section key={shown.credentialId} className="did">
          <h3 className="breaks">{shown.type}</h3>
          <p className="breaks">
            {say('log.claims')}: {shown.claims.length === 0 ? '–' : words.list(shown.claims)}
          </p>
          <p className="fine">{say('log.then')}</p>
          <TrustLine trust={shown.issuerTrust} still />
          <StatusLine status={shown.status} />
        </section>
      ))}
      <Button onClick={onRemove} busy={busy} testId="log-remove">
        {say('log.remove')}
      </Button>
    </article>
  )
}
