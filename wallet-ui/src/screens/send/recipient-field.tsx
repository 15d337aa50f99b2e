import { lazy, Suspense } from 'react'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { Notice } from '../../controls/notice.tsx'
import { isAddress } from './check-transfer.ts'
import { RecipientName } from './recipient-name.tsx'
import type { Recipient } from './use-recipient.ts'

const ContactChoice = lazy(() =>
  import('../safety/contact-choice.tsx').then((part) => ({ default: part.ContactChoice })),
)
const RecipientCheck = lazy(() =>
  import('../safety/recipient-check.tsx').then((part) => ({ default: part.RecipientCheck })),
)

/** Whom it goes to: an address, a name or a contact, and what this wallet knows of it. */
export function RecipientField(props: {
  to: string
  onChange: (to: string) => void
  recipient: Recipient
  /** The sending account's address. */
  own: string
  tried: boolean
}) {
  const { t } = useWords()
  const { state } = useWallet()
  const { to, recipient } = props
  const { found, known, problem } = recipient
  const toSelf = known?.to.toLowerCase() === props.own.toLowerCase()
  return (
    <>
      <TextField
        label={t('send.to')}
        value={to}
        onChange={props.onChange}
        mono
        lines={2}
        hint={isAddress(to.trim()) ? <Hex value={to.trim()} /> : t('send.to.hint')}
        error={props.tried && problem !== null ? t(problem) : null}
        testId="send-to"
      />
      <Suspense fallback={null}>
        {state.contacts.length > 0 && to.trim() === '' && <ContactChoice onChoose={props.onChange} />}
        <RecipientName typed={to} found={found} />
        {toSelf && (
          <Notice kind="caution">
            <p>{t('send.problem.to.self')}</p>
          </Notice>
        )}
        {known && !toSelf && <RecipientCheck key={known.to} address={known.to} />}
      </Suspense>
    </>
  )
}
