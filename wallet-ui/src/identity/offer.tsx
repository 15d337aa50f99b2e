import type { OfferView } from '@glowworm/wallet-core/facade/identity'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { Screen } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { leaveFor, returnAddress } from '../infrastructure/page.ts'
import { titleOf } from './overview.tsx'
import { IdentityProblem, useSay } from './words.tsx'

export function Offer({ offer, onDrop }: { offer: OfferView; onDrop: () => void }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [code, setCode] = useState('')
  const { host } = new URL(offer.issuer.url)
  const accept = async (event: FormEvent) => {
    event.preventDefault()
    await command.run(async () => {
      const request = { id: offer.id, code: offer.code === null ? null : code.trim(), returnTo: returnAddress() }
      const got = await facade.acceptOffer(request)
      if ('url' in got) return leaveFor(got.url)
      toast(say('offer.done'))
      go('identity')
    })
  }
  const length = offer.code?.length ?? null
  return (
    <Screen title={say('offer.title')} back={onDrop} testId="offer-screen">
      <p className="lead">{say('offer.by', { host })}</p>
      {offer.issuer.name !== null && <p className="fine">{say('offer.calls', { name: offer.issuer.name })}</p>}
      {offer.credentials.map((one) => (
        <article className="document" key={one.id}>
          <h2>{titleOf(one)}</h2>
          <p className="fine breaks">{one.type}</p>
        </article>
      ))}
      <p className="fine">{say('offer.keys')}</p>
      {offer.redirects && <p>{say('offer.page')}</p>}
      <form className="stack" onSubmit={accept} noValidate>
        {offer.code && (
          <TextField
            label={say('offer.code')}
            hint={
              offer.code.text ?? (length === null ? say('offer.code.any') : say('offer.code.hint', { count: length }))
            }
            value={code}
            onChange={setCode}
            inputMode={offer.code.numeric ? 'decimal' : 'text'}
            testId="offer-code"
          />
        )}
        <IdentityProblem problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={offer.code !== null && code.trim() === ''}
          testId="offer-accept"
        >
          {say(offer.redirects ? 'offer.leave' : 'offer.accept')}
        </Button>
        <Button wide onClick={onDrop} testId="offer-drop">
          {t('action.cancel')}
        </Button>
      </form>
    </Screen>
  )
}
