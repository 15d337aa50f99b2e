import type { CredentialDetail } from '@glowworm/wallet-core/facade/identity'
import { useEffect, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Facts, Screen, Section } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { Claims } from './claims.tsx'
import { titleOf } from './overview.tsx'
import { StatusLine, TrustLine } from './trust-line.tsx'
import { IdentityProblem, useSay } from './words.tsx'

const BACK = ['identity'] as const

export function Credential({ id }: { id: string }) {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [detail, setDetail] = useState<CredentialDetail | null>(null)
  const [sure, setSure] = useState(false)
  const { run } = command
  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` is made anew with each drawing
  useEffect(() => {
    void run(async () => setDetail(await facade.credential({ id })))
  }, [facade, id])
  const credential = state.identity.credentials.find((one) => one.id === id)
  if (!credential)
    return (
      <Screen title={say('credentials')} back={BACK}>
        <p>{say('credential.gone')}</p>
      </Screen>
    )
  const remove = async () => {
    if (!sure) return setSure(true)
    if (await command.run(() => facade.removeCredential({ id }))) go(...BACK)
  }
  const check = async () => {
    if (await command.run(() => facade.checkCredential({ id }))) toast(say('credential.checked'))
  }
  const { validUntil } = credential
  return (
    <Screen title={titleOf(credential)} back={BACK} testId="credential-screen">
      <article className="document">
        <TrustLine trust={credential.trust} />
        <StatusLine status={credential.status} />
        <Facts
          rows={[
            [say('credential.issuer'), <Name key="i" text={credential.issuer} />, 'issuer'],
            [say('credential.type'), <Name key="t" text={credential.type} />, 'type'],
            [say('credential.received'), words.moment(credential.addedAt), 'received'],
            [
              say('credential.until'),
              validUntil === null ? say('credential.until.open') : words.moment(validUntil),
              'until',
            ],
            [
              say('credential.copies'),
              say('credential.unseen', { unseen: credential.unseen, all: credential.copies }),
              'copies',
            ],
          ]}
        />
      </article>
      <IdentityProblem problem={command.problem} />
      {detail && detail.selectable.length > 0 && (
        <Section title={say('credential.content')}>
          <p className="fine">{say('credential.choosable')}</p>
          <Claims claims={detail.selectable} testId="claims-selectable" />
        </Section>
      )}
      {detail && (
        <details className="section">
          <summary>{say('credential.always')}</summary>
          <Claims claims={detail.always} testId="claims-always" />
        </details>
      )}
      <Section title={say('credential.check')}>
        <p className="fine">{say('credential.check.text')}</p>
        <Button wide onClick={check} busy={command.busy} testId="credential-check">
          {say('credential.check')}
        </Button>
        <Button kind="danger" wide onClick={remove} busy={command.busy} testId="credential-remove">
          {say(sure ? 'credential.remove.sure' : 'credential.remove')}
        </Button>
      </Section>
    </Screen>
  )
}

function Name({ text }: { text: string }) {
  return (
    <span className="mono breaks" dir="ltr">
      {text}
    </span>
  )
}
