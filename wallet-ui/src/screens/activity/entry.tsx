import type { ActivityEntry } from '@glowworm/wallet-core/facade/facade'
import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { lazy, Suspense } from 'react'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { accountName } from '../../approval/outcome.ts'
import { Button } from '../../controls/button.tsx'
import { CopyHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Facts, Screen, Section } from '../../controls/screen.tsx'
import { useToast } from '../../controls/toast.tsx'
import { Proof } from '../../proof/proof.tsx'
import { mapShown } from '../../proof/reading.ts'
import { signedAmount } from './activity-rows.tsx'
import { entrySteps } from './entry-steps.ts'
import { moveWords } from './move-words.ts'

const SaveReceipt = lazy(() => import('../history/save-receipt.tsx').then((part) => ({ default: part.SaveReceipt })))
const Pending = lazy(() => import('./pending.tsx').then((part) => ({ default: part.Pending })))

export function Entry({ id }: { id: string }) {
  const { state } = useWallet()
  const { t } = useWords()
  const entry = state.activity.find((candidate) => candidate.id === id)
  if (!entry)
    return (
      <Screen title={t('entry.missing')} back={['activity']}>
        {null}
      </Screen>
    )
  return <KnownEntry entry={entry} />
}

function KnownEntry({ entry }: { entry: ActivityEntry }) {
  const { state } = useWallet()
  const words = useWords()
  const { t } = words
  const amounts = useAmounts()
  const account = accountName(entry.accountId, state.accounts)
  const moved = moveWords(entry, state.belongings.holdings.assets, words)
  const to = entry.moves?.recipient ?? entry.to
  return (
    <Screen
      title={entry.kind === 'faucet' ? t('entry.title.faucet') : t('entry.title')}
      back={['activity']}
      testId="entry-screen"
    >
      <p className="entry-amount" data-state={entry.state} data-testid="entry-state">
        <span className="proof-value">
          {moved ? `−${moved}` : (signedAmount(entry, amounts.full) ?? t('amount.unknown'))}
        </span>
        <span className={`entry-state entry-state-${entry.state}`}>{t(`activity.state.${entry.state}`)}</span>
      </p>
      {entry.state === 'failed' && (
        <Notice kind="loss" title={t('entry.failed')}>
          <p>{t('entry.failed.text')}</p>
        </Notice>
      )}
      {(entry.state === 'unsent' || (entry.state === 'signed' && entry.problem !== null)) && <Unsent entry={entry} />}
      {!['unsent', 'signed', 'final', 'replaced'].includes(entry.state) && <ProblemNotice problem={entry.problem} />}
      {entry.state === 'sent' && entry.kind === 'send' && (
        <Suspense fallback={null}>
          <Pending entry={entry} />
        </Suspense>
      )}
      <Section title={t('entry.progress')}>
        <ol className="steps">
          {entrySteps(entry).map((step) => (
            <li key={step.name} className={step.done ? 'step-done' : 'step-open'}>
              <span className="step-mark">{step.done && <Icon name="check" />}</span>
              <span>
                {t(`entry.step.${step.name}`)}
                <span className="hidden-text">: {step.done ? t('entry.step.done') : t('entry.step.open')}</span>
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <Section title={t('entry.receipt')}>
        {entry.receipt?.kind !== 'proven' && entry.state === 'final' ? (
          <p className="fine" data-testid="proven-earlier">
            {earlierWords(entry, t)}
          </p>
        ) : entry.receipt === null ? (
          <p className="fine">{t('entry.receipt.none')}</p>
        ) : (
          <>
            <Proof
              label={t('entry.receipt')}
              shown={entry.receipt}
              format={(receipt) =>
                receipt.success
                  ? t('entry.receipt.success', { height: words.number(receipt.blockNumber) })
                  : t('entry.receipt.failure', { height: words.number(receipt.blockNumber) })
              }
              lasting
              testId="receipt-proof"
            />
            <p className="fine entry-gas">
              {t('entry.receipt.gas')}{' '}
              <Proof
                label={t('entry.receipt.gas')}
                shown={mapShown(entry.receipt, (receipt) => receipt.gasUsed)}
                format={words.number}
                size="small"
                lasting
                wordless
              />
            </p>
          </>
        )}
        {entry.receipt?.kind === 'proven' && (
          <Suspense fallback={null}>
            <SaveReceipt id={entry.id} />
          </Suspense>
        )}
      </Section>
      <Facts
        rows={[
          entry.kind === 'faucet' ? [t('entry.to'), account, 'account'] : [t('entry.from'), account, 'account'],
          entry.kind === 'send' && to !== null
            ? [t('entry.to'), <CopyHex key="to" what={t('entry.to')} value={to} />, 'to']
            : null,
          [t('entry.when'), words.moment(entry.at), 'when'],
          entry.nonce === null ? null : [t('approval.detail.nonce'), words.number(entry.nonce), 'nonce'],
          entry.takenBy === null ? null : [t('entry.takenBy'), entry.takenBy, 'takenBy'],
          entry.replacedBy === null
            ? null
            : [
                t('activity.state.replaced'),
                <a key="by" className="text-link" href={routeHref('activity', entry.replacedBy)}>
                  {t('entry.replacedBy')}
                </a>,
                'replacedBy',
              ],
          entry.origin === null ? null : [t('entry.origin'), saidOrigin(entry.origin), 'origin'],
          entry.hash === null
            ? null
            : [
                t('entry.hash'),
                <CopyHex key="hash" what={t('entry.hash')} value={entry.hash} testId="transaction-hash" />,
                'hash',
              ],
        ]}
      />
    </Screen>
  )
}

/** What stands in place of the receipt of a final entry: that was proven once, and needs no proof again. */
export function earlierWords({ receipt }: Pick<ActivityEntry, 'receipt'>, t: ReturnType<typeof useWords>['t']): string {
  return receipt?.kind === 'unproven' && receipt.problem.code === 'TOO_FAR_BACK'
    ? t('entry.receipt.tooFarBack')
    : t('entry.receipt.earlier')
}

function Unsent({ entry }: { entry: ActivityEntry }) {
  const { facade } = useWallet()
  const { t } = useWords()
  const toast = useToast()
  const command = useCommand()
  return (
    <>
      <Notice kind="caution" title={t('entry.unsent')} testId="entry-unsent">
        <p>{t('entry.unsent.text')}</p>
        {entry.problem && <p className="fine breaks">{entry.problem.message}</p>}
        <Button
          icon="again"
          busy={command.busy}
          testId="resend"
          onClick={async () => {
            if (await command.run(() => facade.resend({ id: entry.id }))) toast(t('entry.resent'))
          }}
        >
          {t('entry.resend')}
        </Button>
      </Notice>
      <ProblemNotice problem={command.problem} />
    </>
  )
}
