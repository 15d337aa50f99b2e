import type { PairingCode } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCancelOnLeave } from '../../app/cancel-on-leave.ts'
import { useCommand } from '../../app/command.ts'
import { go } from '../../app/route.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { ScanCode } from '../../controls/scan-code.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Stop } from '../../controls/stop.tsx'
import { useToast } from '../../controls/toast.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { ShowCode } from '../network/pair/show-code.tsx'

/** Connects a wallet on a phone, and adds the accounts that its owner gives; or connects it again. */
export function PhoneAccounts() {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = useAccountWords()
  const toast = useToast()
  const now = useNow()
  const offering = useCommand()
  const command = useCommand()
  const [name, setName] = useState(() => say('phone.account'))
  const [offer, setOffer] = useState<PairingCode | null>(null)
  const [scans, setScans] = useState(false)
  useCancelOnLeave(offer !== null, () => facade.phoneSignerCancel())

  const begin = () =>
    offering.run(async () => {
      command.clear()
      setScans(false)
      setOffer(await facade.phoneSignerOffer())
    })
  const accept = async (code: string) => {
    const done = await command.run(async (stop) => {
      const { added } = await facade.phoneSignerAccept({ code, name: name.trim() }, stop)
      toast(added === 0 ? say('phone.again') : say('phone.added', { count: added }))
    })
    if (done) go('accounts')
  }
  const expired = offer !== null && offer.expiresAt <= now && !command.busy
  return (
    <Screen title={say('accounts.phone')} back={['accounts']} testId="phone-accounts-screen">
      <div aria-live="polite" className="section">
        {offer === null && <p>{say('phone.intro')}</p>}
        {offer !== null && !expired && !command.busy && <p>{say(scans ? 'phone.answer' : 'phone.show')}</p>}
        {command.busy && <p data-testid="phone-waiting">{say('phone.choose')}</p>}
      </div>
      <ProblemNotice problem={command.problem ?? offering.problem} />
      {offer === null && <TextField label={say('device.name')} value={name} onChange={setName} testId="account-name" />}
      {expired && (
        <Notice kind="caution" title={t('problem.PAIRING_EXPIRED')} live testId="phone-expired">
          <p>{t('problem.PAIRING_EXPIRED.next')}</p>
        </Notice>
      )}
      {offer !== null && !expired && !scans && <ShowCode code={offer} label={say('phone.qr')} />}
      {offer !== null && !expired && scans && !command.busy && (
        <ScanCode
          label={say('device.scan.label')}
          busy={command.busy}
          onCode={accept}
          paste={say('phone.paste')}
          hint={null}
          testId="phone"
        />
      )}
      <div className="screen-foot">
        <Stop command={command} />
        {(offer === null || expired || command.problem) && !command.busy && (
          <Button
            kind="primary"
            wide
            busy={offering.busy}
            disabled={name.trim() === ''}
            onClick={begin}
            testId="phone-offer"
          >
            {say(offer === null ? 'phone.begin' : 'phone.anew')}
          </Button>
        )}
        {offer !== null && !expired && !scans && (
          <Button kind="primary" wide onClick={() => setScans(true)} testId="phone-answered">
            {say('phone.answered')}
          </Button>
        )}
      </div>
    </Screen>
  )
}
