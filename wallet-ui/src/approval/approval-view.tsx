import type { AccountApproval, DeviceAnswer } from '@glowworm/wallet-core/facade/facade'
import { lazy, Suspense, useEffect, useId, useRef, useState } from 'react'
import { useCommand } from '../app/command.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Button } from '../controls/button.tsx'
import { Notice, ProblemNotice } from '../controls/notice.tsx'
import { useToast } from '../controls/toast.tsx'
import { actName, titleOf } from './act.ts'
import { BlockedNotice } from './blocked-notice.tsx'
import { ConnectApproval } from './connect-approval.tsx'
import { ConnectTerms, NO_TERMS, ruleOfTerms } from './connect-terms.tsx'
import { buttonWords, titleWords } from './intent/speech.ts'
import { useSpeech } from './intent/use-speech.ts'
import { type OutcomeItem, outcomeChanges, outcomeOf, outcomeSubject } from './outcome.ts'
import { SignApproval } from './sign-approval.tsx'
import { SiteWarning } from './site-warning.tsx'
import { TransactionApproval } from './transaction-approval.tsx'
import { TypedDataApproval } from './typed-data-approval.tsx'
import { useArming } from './use-arming.ts'
import { useReading } from './use-reading.ts'
import { WatchApproval } from './watch-approval.tsx'

const DeviceSigning = lazy(() =>
  import('./device/device-signing.tsx').then((part) => ({ default: part.DeviceSigning })),
)
/**
 * One decision: first what happens to you, then with whom, then what it can do later, then the details. Used as a
 * screen of the page and in the extension's own window. Give it `key={approval.id}`: each decision starts unarmed.
 */
export default function ApprovalView(props: {
  approval: AccountApproval
  waiting: number
  onDone: (approved: boolean) => void
}) {
  const { approval } = props
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const toast = useToast()
  const command = useCommand()
  const [accounts, setAccounts] = useState<readonly string[]>(approval.kind === 'connect' ? approval.accounts : [])
  const [fresh, setFresh] = useState(false)
  /** The outcome that was shown when the device was turned to: under another one nothing is signed with it. */
  const [onDevice, setOnDevice] = useState<string | null>(null)
  const signer = !('accountId' in approval) ? undefined : state.accounts.find(({ id }) => id === approval.accountId)
  const [terms, setTerms] = useState(NO_TERMS)
  const rule = approval.kind === 'connect' ? ruleOfTerms(terms, approval.origin, words.signs) : null
  const outcome = outcomeOf(approval, { words, symbol: state.network.symbol, accounts: state.accounts })
  const subject = outcomeSubject(approval, outcome)
  // What is asked a second time has to be seen a second time.
  const still = useArming(`${subject} ${command.problem?.code ?? ''}`)
  const { read, foot } = useReading(subject)
  // The outcome of a payment stands on top and on the button. What a message says to others may stand in its last line.
  const skipped = isMessage(approval) && !read
  const armed = still && !skipped
  const first = useRef<readonly OutcomeItem[]>(outcome)
  const changes = outcomeChanges(first.current, outcome)
  const waitingId = useId()
  const speech = useSpeech()
  const understanding = 'understanding' in approval ? approval.understanding : null
  const intent = understanding?.intent ?? null
  // Nobody should decide before it is known what about, or that it cannot be known.
  const unread = understanding !== null && (intent === null || understanding.outcome?.kind === 'proving')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])

  const blocked = approval.kind === 'send-transaction' && approval.blocked !== null
  const replaces = approval.kind === 'send-transaction' && approval.replaces !== null
  const incomplete = approval.kind === 'connect' && ((accounts.length === 0 && !fresh) || rule === undefined)
  const approve = async (answer?: DeviceAnswer) => {
    // First the rule: the site is never connected without it.
    if (rule) await facade.setSiteRule(rule)
    await facade.approve({
      id: approval.id,
      // The revision on the screen: the core refuses when it is no longer that one.
      revision: approval.revision,
      ...(approval.kind === 'connect' && !fresh ? { accounts } : {}),
      ...(approval.kind === 'connect' && fresh ? { freshAccount: new URL(approval.origin).host.slice(0, 64) } : {}),
      ...(answer ? { answer } : {}),
    })
    toast(t(DONE_WORDS[approval.kind]))
    props.onDone(true)
  }
  const reject = async () => {
    if (!(await command.run(() => facade.reject({ id: approval.id })))) return
    toast(t('approval.rejected'))
    props.onDone(false)
  }

  return (
    <main className="screen approval" id="content" data-testid="approval" data-kind={approval.kind}>
      <header className="screen-head">
        <h1 ref={heading} tabIndex={-1}>
          {titleWords(approval, intent, speech) ?? titleOf(approval, state.network.symbol, words)}
        </h1>
        {props.waiting > 0 && <p className="approval-queue">{t('approval.queue', { count: props.waiting })}</p>}
      </header>
      <SiteWarning origin={approval.origin} />
      {changes.length > 0 && (
        <Notice kind="caution" title={t('approval.changed')} live testId="approval-changed">
          <ul className="plain-list">
            {changes.map((change) => (
              <li key={change.field} className="breaks">
                {t('approval.changed.from', { what: change.label, before: change.before, after: change.after })}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {approval.kind === 'send-transaction' && approval.blocked && (
        <BlockedNotice approval={approval} problem={approval.blocked} />
      )}
      {approval.kind === 'connect' && (
        <ConnectApproval
          approval={approval}
          chosen={accounts}
          onChoose={setAccounts}
          fresh={fresh}
          onFresh={setFresh}
        />
      )}
      {approval.kind === 'connect' && <ConnectTerms terms={terms} onChange={setTerms} />}
      {approval.kind === 'watch-asset' && <WatchApproval approval={approval} />}
      {approval.kind === 'sign-message' && <SignApproval approval={approval} />}
      {approval.kind === 'sign-typed-data' && <TypedDataApproval approval={approval} />}
      {approval.kind === 'send-transaction' && <TransactionApproval approval={approval} />}
      <ProblemNotice problem={command.problem} />
      {onDevice === subject && signer && (
        <Suspense fallback={null}>
          <DeviceSigning account={signer} approval={approval} onAnswer={approve} onClose={() => setOnDevice(null)} />
        </Suspense>
      )}
      <footer className="approval-foot" ref={foot}>
        <div className="approval-buttons">
          <Button onClick={reject} busy={command.busy} testId="reject">
            {t('approval.reject')}
          </Button>
          {!blocked && (
            <Button
              kind="primary"
              onClick={() => (signer?.signer === 'device' ? setOnDevice(subject) : command.run(() => approve()))}
              busy={command.busy}
              disabled={!armed || incomplete || unread}
              describedBy={armed ? undefined : waitingId}
              testId="approve"
            >
              {signer?.signer === 'device'
                ? t('approval.approve.device')
                : (intent && !replaces && buttonWords(intent, speech)) ||
                  actName(approval, state.network.symbol, words)}
            </Button>
          )}
        </div>
        {!blocked && (
          <p className={`fine approval-waiting${armed && !incomplete ? ' approval-waiting-over' : ''}`} id={waitingId}>
            {t(incomplete ? 'approval.connect.none' : skipped ? 'approval.unread' : 'approval.waiting')}
          </p>
        )}
      </footer>
    </main>
  )
}

const isMessage = ({ kind }: AccountApproval) => kind === 'sign-message' || kind === 'sign-typed-data'

const DONE_WORDS = {
  connect: 'approval.connected',
  'watch-asset': 'approval.watched',
  'sign-message': 'approval.signed',
  'sign-typed-data': 'approval.signed',
  'send-transaction': 'approval.sent',
} as const
