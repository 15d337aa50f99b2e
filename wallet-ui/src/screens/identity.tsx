import { useSelected } from '../app/selected.ts'
import { useWords } from '../app/wallet-context.ts'
import { CopyButton, CopyHex } from '../controls/hex.tsx'
import { Logo } from '../controls/icon.tsx'
import { Facts, Screen } from '../controls/screen.tsx'

/** The account as a document: names that anyone can check. */
export function Identity() {
  const { t } = useWords()
  const account = useSelected()
  if (!account) return null
  return (
    <Screen title={t('identity.title')} testId="identity-screen">
      <p>{t('identity.intro')}</p>
      <article className="document">
        <header className="document-head">
          <div>
            <p className="document-kind">{t('identity.document')}</p>
            <h2>{account.name}</h2>
          </div>
          <Logo />
        </header>
        <DidPart title={t('identity.pkh')} text={t('identity.pkh.text')} did={account.didPkh} testId="did-pkh" />
        {account.didKey !== null && (
          <DidPart title={t('identity.key')} text={t('identity.key.text')} did={account.didKey} testId="did-key" />
        )}
        <Facts
          rows={[
            [
              t('receive.address'),
              <CopyHex key="a" what={t('receive.address')} value={account.checksummed} />,
              'address',
            ],
            [
              t('identity.path'),
              <span key="p" className="mono" dir="ltr">
                {account.path ?? t('identity.path.none')}
              </span>,
              'path',
            ],
          ]}
        />
      </article>
    </Screen>
  )
}

function DidPart(props: { title: string; text: string; did: string; testId: string }) {
  return (
    <section className="did">
      <h3>{props.title}</h3>
      <span className="copy-line">
        <span className="mono breaks" dir="ltr" data-testid={props.testId}>
          {props.did}
        </span>
        <CopyButton what={props.title} text={props.did} />
      </span>
      <p className="fine">{props.text}</p>
    </section>
  )
}
