import type { PairingCode } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCancelOnLeave } from '../../../app/cancel-on-leave.ts'
import { useCommand } from '../../../app/command.ts'
import { routeHref } from '../../../app/route.ts'
import { useNow, useWallet, useWords } from '../../../app/wallet-context.ts'
import { Button, LinkButton } from '../../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../../controls/notice.tsx'
import { ScanCode } from '../../../controls/scan-code.tsx'
import { Screen } from '../../../controls/screen.tsx'
import { ShowCode } from './show-code.tsx'

/** One device goes through `offer` and `scan-answer`, the other through `scan-offer` and `answer`. */
type Stage =
  | { readonly at: 'choose' | 'scan-offer' | 'connected' }
  | { readonly at: 'offer' | 'scan-answer' | 'answer'; readonly code: PairingCode }

/** Pairs this device with one nearby: no server is asked, people carry the codes. */
export function Pair() {
  const { facade } = useWallet()
  const { t } = useWords()
  const now = useNow()
  const command = useCommand()
  const [stage, setStage] = useState<Stage>({ at: 'choose' })
  const open = stage.at !== 'choose' && stage.at !== 'connected'
  useCancelOnLeave(open, () => facade.pairCancel())

  const show = (at: 'offer' | 'answer', make: () => Promise<PairingCode>) =>
    command.run(async () => setStage({ at, code: await make() }))
  const begin = () => show('offer', () => facade.pairOffer())
  const cancel = () => {
    void facade.pairCancel()
    command.clear()
    setStage({ at: 'choose' })
  }
  const answer = async (code: string) => {
    if (!(await show('answer', () => facade.pairAnswer({ code })))) return
    await command.run(async () => {
      await facade.pairConnected()
      setStage({ at: 'connected' })
    })
  }
  const accept = (code: string) =>
    command.run(async () => {
      await facade.pairAccept({ code })
      setStage({ at: 'connected' })
    })
  // Cancelling is no news to who cancelled.
  const problem = stage.at === 'choose' && command.problem?.code === 'PAIRING_CANCELLED' ? null : command.problem
  const expired = 'code' in stage && stage.code.expiresAt <= now

  return (
    <Screen title={t('pair.title')} back={['network']} testId="pair-screen">
      <div aria-live="polite" className="section">
        {stage.at === 'choose' && <p>{t('pair.intro')}</p>}
        {stage.at === 'offer' && <p>{t('pair.offer')}</p>}
        {stage.at === 'scan-answer' && <p>{command.busy ? t('pair.connecting') : t('pair.scanAnswer')}</p>}
        {stage.at === 'scan-offer' && <p>{t('pair.scanOffer')}</p>}
        {stage.at === 'answer' && <p>{t('pair.answer')}</p>}
        {stage.at === 'connected' && (
          <Notice kind="calm" title={t('pair.connected')} testId="pair-connected">
            <p>{t('pair.connected.text')}</p>
          </Notice>
        )}
      </div>
      <ProblemNotice problem={problem} />
      {expired ? (
        <Notice kind="caution" title={t('problem.PAIRING_EXPIRED')} live testId="pair-expired">
          <p>{t('problem.PAIRING_EXPIRED.next')}</p>
        </Notice>
      ) : (
        <>
          {(stage.at === 'offer' || stage.at === 'answer') && (
            <ShowCode code={stage.code} label={t(stage.at === 'offer' ? 'pair.qr.offer' : 'pair.qr.answer')} />
          )}
          {stage.at === 'answer' && command.busy && (
            <p className="centered" data-testid="pair-waiting">
              {t('pair.waiting')}
            </p>
          )}
          {stage.at === 'scan-offer' && <ScanCode label={t('pair.camera')} busy={command.busy} onCode={answer} />}
          {stage.at === 'scan-answer' && <ScanCode label={t('pair.camera')} busy={command.busy} onCode={accept} />}
        </>
      )}
      <div className="screen-foot">
        {stage.at === 'choose' && (
          <>
            <Button kind="primary" wide onClick={begin} busy={command.busy} testId="pair-show">
              {t('pair.show')}
            </Button>
            <Button wide onClick={() => setStage({ at: 'scan-offer' })} testId="pair-scan">
              {t('pair.scan')}
            </Button>
          </>
        )}
        {stage.at === 'offer' && !expired && (
          <Button
            kind="primary"
            wide
            onClick={() => setStage({ at: 'scan-answer', code: stage.code })}
            testId="pair-next"
          >
            {t('pair.next')}
          </Button>
        )}
        {expired && (
          <Button kind="primary" wide onClick={cancel} testId="pair-again">
            {t('pair.again')}
          </Button>
        )}
        {open && !expired && (
          <Button wide onClick={cancel} testId="pair-cancel">
            {t('action.cancel')}
          </Button>
        )}
        {stage.at === 'connected' && (
          <LinkButton href={routeHref('network')} kind="primary" testId="pair-done">
            {t('pair.done')}
          </LinkButton>
        )}
      </div>
    </Screen>
  )
}
