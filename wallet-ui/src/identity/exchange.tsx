import type { OfferView, RequestView } from '@glowworm/wallet-core/facade/identity'
import { useEffect, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { go } from '../app/route.ts'
import { useWallet } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { ScanCode } from '../controls/scan-code.tsx'
import { Screen } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { takeAddress } from '../infrastructure/page.ts'
import { Consent } from './consent.tsx'
import { Offer } from './offer.tsx'
import { IdentityProblem, useSay } from './words.tsx'

/** From a code or link to what it is about: an offer, or a question. @param link that opened the wallet, if one did */
export function Exchange({ link }: { link: string | null }) {
  const { facade } = useWallet()
  const say = useSay()
  const command = useCommand()
  const [open, setOpen] = useState<OfferView | RequestView | null>(null)
  const [from, setFrom] = useState(link ?? '')
  const read = (text: string) =>
    command.run(async () => {
      setFrom(text)
      setOpen(await facade.readExchange({ text }))
    })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a link is read once
  useEffect(() => {
    if (link !== null) void read(link)
  }, [link])
  const drop = () => {
    if (open) void facade.dropExchange({ id: open.id })
    go('identity')
  }
  if (open?.kind === 'offer') return <Offer offer={open} link={from} onDrop={drop} />
  if (open) return <Consent request={open} onDrop={drop} />
  return (
    <Screen title={say('scan.title')} back={['identity']} testId="scan-screen">
      <p aria-live="polite">{say(command.busy ? 'scan.reading' : 'scan.intro')}</p>
      <IdentityProblem problem={command.problem} />
      <ScanCode
        {...{ label: say('scan.camera'), busy: command.busy, onCode: read, testId: 'scan' }}
        {...{ paste: say('scan.paste'), hint: say('scan.hint'), take: say('scan.take') }}
      />
    </Screen>
  )
}

/** The issuer's page has led back here. */
export function Returned() {
  const { facade } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const take = async () => {
    const url = takeAddress()
    const done = await command.run(async () => {
      await facade.resumeOffer({ url })
    })
    if (!done) return
    toast(say('offer.done'))
    go('identity')
  }
  return (
    <Screen title={say('return.title')} back={['identity']} testId="return-screen">
      <p>{say('return.text')}</p>
      <IdentityProblem problem={command.problem} />
      {command.problem === null && (
        <Button kind="primary" wide onClick={take} busy={command.busy} testId="return-take">
          {say('return.take')}
        </Button>
      )}
    </Screen>
  )
}
