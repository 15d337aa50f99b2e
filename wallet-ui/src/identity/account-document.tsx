import { useSelected } from '../app/selected.ts'
import { useWords } from '../app/wallet-context.ts'
import { CopyButton, CopyHex } from '../controls/hex.tsx'
import { Facts } from '../controls/screen.tsx'
import { useSay } from './words.tsx'

/** The account as a document: names that anyone can check. */
export function AccountDocument() {
  const { t } = useWords()
  const say = useSay()
  const account = useSelected()
  if (!account) return null
  return (
    <article className="document">
      <header className="document-head">
        <div>
          <p className="document-kind">{say('account')}</p>
          <h2>{account.name}</h2>
        </div>
      </header>
      <p className="fine">{say('account.intro')}</p>
      <DidPart title={say('account.pkh')} text={say('account.pkh.text')} did={account.didPkh} testId="did-pkh" />
      {account.didKey !== null && (
        <DidPart title={say('account.key')} text={say('account.key.text')} did={account.didKey} testId="did-key" />
      )}
      <Facts
        rows={[
          [
            t('receive.address'),
            <CopyHex key="a" what={t('receive.address')} value={account.checksummed} />,
            'address',
          ],
          [
            say('account.path'),
            <span key="p" className="mono" dir="ltr">
              {account.path ?? say('account.path.none')}
            </span>,
            'path',
          ],
        ]}
      />
    </article>
  )
}

/** @param props.heading the level below that of what it stands in */
export function DidPart(props: { title: string; text: string; did: string; testId: string; heading?: 'h2' | 'h3' }) {
  const Heading = props.heading ?? 'h3'
  return (
    <section className="did">
      <Heading>{props.title}</Heading>
      <span className="copy-line">
        <span className="mono breaks" dir="ltr" data-testid={props.testId}>
          {props.did}
        </span>
        <CopyButton what={props.title} text={props.did} />
      </span>
      {props.text !== '' && <p className="fine">{props.text}</p>}
    </section>
  )
}
