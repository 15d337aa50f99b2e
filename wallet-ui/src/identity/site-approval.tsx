import type { IdentityApproval } from '@glowworm/wallet-core/facade/facade'
import type { RequestView } from '@glowworm/wallet-core/facade/identity'
import { useEffect, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { OriginName } from '../approval/origin-name.tsx'
import { useArming } from '../approval/use-arming.ts'
import { Button } from '../controls/button.tsx'
import { Screen, Section } from '../controls/screen.tsx'
import { useToast } from '../controls/toast.tsx'
import { Consent } from './consent.tsx'
import { IdentityProblem, useSay } from './words.tsx'
import './identity.css'

/** What a site asks of the person: to come back under a name, or to show credentials. */
export default function SiteApproval({ approval, waiting }: { approval: IdentityApproval; waiting: number }) {
  const { t } = useWords()
  return (
    <div data-testid="approval" data-kind={approval.kind}>
      {waiting > 0 && <p className="approval-queue">{t('approval.queue', { count: waiting })}</p>}
      {approval.kind === 'present' ? <SiteQuestion approval={approval} /> : <Authenticate approval={approval} />}
    </div>
  )
}

function SiteQuestion({ approval }: { approval: Extract<IdentityApproval, { kind: 'present' }> }) {
  const { facade } = useWallet()
  const say = useSay()
  const command = useCommand()
  const [request, setRequest] = useState<RequestView | null>(null)
  const armed = useArming(`${approval.id} ${request === null} ${command.problem?.code ?? ''}`)
  const { run } = command
  // biome-ignore lint/correctness/useExhaustiveDependencies: `run` is made anew with each drawing
  useEffect(() => {
    void run(async () => setRequest(await facade.readSiteQuestion({ approvalId: approval.id })))
  }, [facade, approval.id])
  const reject = () => void command.run(() => facade.reject({ id: approval.id }))
  if (request) return <Consent request={request} onDrop={reject} onShown={() => undefined} armed={armed} />
  return (
    <Screen title={say('consent.title', { name: new URL(approval.origin).host })} testId="site-question">
      <p aria-live="polite">{say('scan.reading')}</p>
      <IdentityProblem problem={command.problem} />
      <div className="screen-foot">
        <Button wide onClick={reject} testId="consent-no">
          {say('consent.no')}
        </Button>
      </div>
    </Screen>
  )
}

function Authenticate({ approval }: { approval: Extract<IdentityApproval, { kind: 'authenticate' }> }) {
  const { facade } = useWallet()
  const say = useSay()
  const toast = useToast()
  const command = useCommand()
  const { id, revision, origin, statement } = approval
  const armed = useArming(`${id} ${command.problem?.code ?? ''}`)
  const approve = async () => {
    if (await command.run(() => facade.approve({ id, revision }))) toast(say('auth.done'))
  }
  return (
    <Screen title={say('auth.title')} testId="auth-screen">
      <Section title={say('consent.who')}>
        <OriginName origin={origin} />
        {statement !== null && <p data-testid="auth-statement">{say('auth.says', { statement })}</p>}
      </Section>
      <Section title={say('consent.learn')}>
        <p>{say('auth.text')}</p>
      </Section>
      <IdentityProblem problem={command.problem} />
      <div className="screen-foot">
        <Button kind="primary" wide onClick={approve} busy={command.busy} disabled={!armed} testId="approve">
          {say('auth.yes', { host: new URL(origin).host })}
        </Button>
        <Button wide onClick={() => void command.run(() => facade.reject({ id }))} testId="reject">
          {say('auth.no')}
        </Button>
      </div>
    </Screen>
  )
}
