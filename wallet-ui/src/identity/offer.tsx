import type { OfferView } from '@glowworm/wallet-core/facade/identity'
import { type FormEvent, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go, routeHref } from '../app/route.ts'
import { type IssuerPage, useApp, useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/field.tsx'
import { Screen } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { leaveFor, returnAddress } from '../infrastructure/page.ts'
import { titleOf } from './overview.tsx'
import { IdentityProblem, useSay } from './words.tsx'

const IN_THIS_PAGE: IssuerPage = {
  returnTo: returnAddress,
  stays: async () => true,
  async visit(url) {
    leaveFor(url)
    return null
  },
}

/** @param link that the offer was read from */
export function Offer({ offer, link, onDrop }: { offer: OfferView; link: string; onDrop: () => void }) {
  const { facade } = useWallet()
  const issuerPage = useApp().issuerPage ?? IN_THIS_PAGE
  const { t } = useWords()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const [code, setCode] = useState('')
  const { host } = new URL(offer.issuer.url)
  const accept = async (event: FormEvent) => {
    event.preventDefault()
    await command.run(async () => {
      if (offer.redirects && !(await issuerPage.stays(routeHref('identity', 'open', link)))) return
      const entered = offer.code === null ? null : code.trim()
      const got = await facade.acceptOffer({ id: offer.id, code: entered, returnTo: issuerPage.returnTo() })
      if ('url' in got) {
        const back = await issuerPage.visit(got.url).catch(closed)
        if (back === null) return
        await facade.resumeOffer({ url: back })
      }
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

/** The person closed the issuer's page, or it was never shown: the offer was given to it, and is spent. */
function closed(cause: unknown): never {
  const message = cause instanceof Error ? cause.message : String(cause)
  throw Object.assign(new Error(message), { problem: { code: 'EXCHANGE_GONE', kind: 'usage', message, next: null } })
}
