import type { ResolvedDidView } from '@glowworm/wallet-core/facade/identity'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { Notice } from '../controls/notice.tsx'
import { Screen, Section } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { DidPart } from './account-document.tsx'
import { LedgerName } from './ledger-name.tsx'
import { TrustLine } from './trust-line.tsx'
import { IdentityProblem, useSay } from './words.tsx'

/** Names made for one party each, and the documents of others'. */
export function Names() {
  const { facade, state } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [party, setParty] = useState('')
  const make = async (event: FormEvent) => {
    event.preventDefault()
    const done = await command.run(async () => {
      await facade.createDid({ method: 'key', party })
    })
    if (!done) return
    setParty('')
    toast(say('dids.made'))
  }
  return (
    <Screen title={say('dids')} back={['identity']} testId="names-screen">
      <p>{say('dids.intro')}</p>
      {state.identity.dids.map(({ did, party: whose }) => (
        <article className="document" key={did} data-testid="name">
          <DidPart title={whose} text="" did={did} testId="name-did" heading="h2" />
          <Button onClick={() => command.run(() => facade.removeDid({ did }))} busy={command.busy}>
            {say('dids.remove', { party: whose })}
          </Button>
        </article>
      ))}
      <form className="stack" onSubmit={make} noValidate>
        <TextField
          label={say('dids.party')}
          hint={say('dids.party.hint')}
          value={party}
          onChange={setParty}
          testId="name-party"
        />
        <IdentityProblem problem={command.problem} />
        <Button type="submit" wide busy={command.busy} disabled={party.trim() === ''} testId="name-make">
          {say('dids.make')}
        </Button>
      </form>
      <LedgerName />
      <LookUp />
    </Screen>
  )
}

function LookUp() {
  const { facade } = useWallet()
  const say = useSay()
  const command = useCommand()
  const [did, setDid] = useState('')
  const [found, setFound] = useState<ResolvedDidView | null>(null)
  const look = async (event: FormEvent) => {
    event.preventDefault()
    setFound(null)
    await command.run(async () => setFound(await facade.resolveDid({ did })))
  }
  return (
    <Section title={say('resolve')}>
      <form className="stack" onSubmit={look} noValidate>
        <TextField label={say('resolve.did')} value={did} onChange={setDid} mono lines={2} testId="resolve-did" />
        <IdentityProblem problem={command.problem} />
        <Button type="submit" wide busy={command.busy} disabled={did.trim() === ''} testId="resolve-look">
          {say('resolve.look')}
        </Button>
      </form>
      {found && (
        <article className="document" data-testid="resolved">
          <TrustLine trust={found.trust} />
          {found.deactivated && (
            <Notice kind="caution">
              <p>{say('resolve.gone')}</p>
            </Notice>
          )}
          <details>
            <summary>{say('resolve.document')}</summary>
            <pre className="mono breaks" dir="ltr">
              {found.document}
            </pre>
          </details>
        </article>
      )}
    </Section>
  )
}
