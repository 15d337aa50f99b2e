import type { CredentialView } from '@glowworm/wallet-core/facade/identity'
import { routeHref } from '../app/route.ts'
import { useNow, useWallet, useWords } from '../app/wallet-context.ts'
import { LinkButton } from '../controls/button.tsx'
import { Icon } from '../controls/icon.tsx'
import { Screen, Section } from '../controls/screen.tsx'
import { AccountDocument } from './account-document.tsx'
import { StatusLine, TrustLine } from './trust-line.tsx'
import { useSay } from './words.tsx'

export function Overview() {
  const { state } = useWallet()
  const say = useSay()
  const { credentials, presentations, dids } = state.identity
  return (
    <Screen title={say('title')} testId="identity-screen">
      <Section title={say('credentials')}>
        {credentials.length === 0 && <p className="fine">{say('credentials.none')}</p>}
        {credentials.map((credential) => (
          <CredentialCard key={credential.id} credential={credential} />
        ))}
        <LinkButton href={routeHref('identity', 'scan')} kind="primary" icon="receive" testId="identity-scan">
          {say('scan')}
        </LinkButton>
      </Section>
      <div className="rows">
        <Way to="add" title={say('add')} text={null} />
        <Way to="log" title={say('log')} text={say('log.count', { count: presentations.length })} />
        <Way to="names" title={say('dids')} text={say('dids.count', { count: dids.length })} />
        <Way to="data" title={say('data')} text={null} />
      </div>
      <AccountDocument />
    </Screen>
  )
}

function Way({ to, title, text }: { to: string; title: string; text: string | null }) {
  return (
    <a className="row" href={routeHref('identity', to)} data-testid={`identity-${to}`}>
      <span className="row-main">
        <span className="row-title">{title}</span>
        {text !== null && <span className="fine">{text}</span>}
      </span>
      <Icon name="next" />
    </a>
  )
}

/** What a credential is called: by its issuer, else by its kind. */
export const titleOf = ({ name, type }: Pick<CredentialView, 'name' | 'type'>): string => name ?? type

function CredentialCard({ credential }: { credential: CredentialView }) {
  const say = useSay()
  const { number } = useWords()
  const now = useNow()
  const expired = credential.validUntil !== null && credential.validUntil < now
  return (
    <a className="document card" href={routeHref('identity', 'credential', credential.id)} data-testid="credential">
      <span className="document-head">
        <span>
          <span className="document-kind breaks">{credential.issuedBy ?? credential.issuer}</span>
          <strong className="card-title">{titleOf(credential)}</strong>
        </span>
        <Icon name="identity" />
      </span>
      <TrustLine trust={credential.trust} />
      {expired ? (
        <p className="status status-revoked">{say('credential.expired')}</p>
      ) : (
        <StatusLine status={credential.status} />
      )}
      {credential.copies > 1 && (
        <span className="fine">
          {say('credential.unseen', { unseen: number(credential.unseen), all: number(credential.copies) })}
        </span>
      )}
    </a>
  )
}
