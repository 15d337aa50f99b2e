import type { PhoneAnswer, PhoneSessionView } from '@glowworm/wallet-core/facade/facade'
import { useState } from 'react'
import { useCancelOnLeave } from '../../app/cancel-on-leave.ts'
import { useCommand } from '../../app/command.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { ScanCode } from '../../controls/scan-code.tsx'
import { Screen } from '../../controls/screen.tsx'
import { usePhoneWords } from '../../messages/phone/words.ts'
import { ShowCode } from '../network/pair/show-code.tsx'
import { Sessions } from './sessions.tsx'

type Stage =
  | { readonly at: 'sessions' | 'scan' }
  /** `choose`: through the bridge, or by hand. */
  | { readonly at: 'choose' | 'posted' | 'show'; readonly answer: PhoneAnswer }
  | { readonly at: 'connected'; readonly session: PhoneSessionView }

/** Pages on other screens that use this wallet. */
export function Phone() {
  const { facade } = useWallet()
  const { t } = useWords()
  const say = usePhoneWords()
  const now = useNow()
  const command = useCommand()
  const posting = useCommand()
  const [stage, setStage] = useState<Stage>({ at: 'sessions' })
  const underWay = stage.at === 'scan' || 'answer' in stage
  useCancelOnLeave(underWay, () => facade.phoneCancel())

  const cancel = () => {
    void facade.phoneCancel()
    command.clear()
    posting.clear()
    setStage({ at: 'sessions' })
  }
  const answer = (code: string) =>
    command.run(async () => {
      const given = await facade.phoneAnswer({ code })
      setStage({ at: given.bridge === null ? 'show' : 'choose', answer: given })
      const session = await facade.phoneConnected()
      setStage({ at: 'connected', session })
    })
  const post = (given: PhoneAnswer) =>
    posting.run(async () => {
      await facade.phonePost()
      setStage((before) => (before.at === 'choose' ? { at: 'posted', answer: given } : before))
    })
  // Cancelling is no news to who cancelled.
  const problem = stage.at === 'sessions' && command.problem?.code === 'PAIRING_CANCELLED' ? null : command.problem
  const given = 'answer' in stage ? stage.answer : null
  const host = given?.bridge ?? ''
  const over = given !== null && (given.expiresAt <= now || (problem !== null && !command.busy))

  return (
    <Screen title={say('phone.title')} back={['settings']} testId="phone-screen">
      <div aria-live="polite" className="section">
        {stage.at === 'sessions' && <p>{say('phone.intro')}</p>}
        {stage.at === 'scan' && <p>{say('phone.scan.text')}</p>}
        {stage.at === 'show' && !over && <p>{say('phone.answer')}</p>}
        {stage.at === 'posted' && !over && <p data-testid="phone-posted">{say('phone.bridge.posted', { host })}</p>}
        {stage.at === 'choose' && !over && (
          <Notice kind="caution" title={say('phone.bridge', { host })} testId="phone-bridge">
            <p>{say('phone.bridge.text')}</p>
          </Notice>
        )}
        {stage.at === 'connected' && (
          <Notice kind="calm" title={say('phone.done')} testId="phone-connected">
            <p>{say('phone.done.text')}</p>
          </Notice>
        )}
      </div>
      <ProblemNotice problem={problem ?? posting.problem} />
      {given && !problem && given.expiresAt <= now && (
        <Notice kind="caution" title={t('problem.PAIRING_EXPIRED')} live testId="phone-expired">
          <p>{t('problem.PAIRING_EXPIRED.next')}</p>
        </Notice>
      )}
      {stage.at === 'scan' && (
        <ScanCode
          label={say('phone.camera')}
          busy={command.busy}
          onCode={answer}
          paste={say('phone.paste')}
          hint={say('phone.paste.hint')}
          testId="phone"
        />
      )}
      {stage.at === 'show' && !over && (
        <>
          <ShowCode code={stage.answer} label={say('phone.qr')} />
          <p className="centered">{say('phone.waiting')}</p>
        </>
      )}
      {(stage.at === 'sessions' || stage.at === 'connected') && <Sessions />}
      <div className="screen-foot">
        {(stage.at === 'sessions' || stage.at === 'connected') && (
          <Button kind="primary" wide onClick={() => setStage({ at: 'scan' })} testId="phone-scan">
            {say('phone.scan')}
          </Button>
        )}
        {stage.at === 'choose' && !over && (
          <Button kind="primary" wide busy={posting.busy} onClick={() => post(stage.answer)} testId="phone-post">
            {say('phone.bridge.post', { host })}
          </Button>
        )}
        {(stage.at === 'choose' || stage.at === 'posted') && !over && (
          <Button wide onClick={() => setStage({ at: 'show', answer: stage.answer })} testId="phone-show">
            {say('phone.show')}
          </Button>
        )}
        {underWay && (
          <Button wide onClick={cancel} testId="phone-cancel">
            {t('action.cancel')}
          </Button>
        )}
      </div>
    </Screen>
  )
}
