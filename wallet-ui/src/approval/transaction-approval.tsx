import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { lazy, Suspense } from 'react'
import { GWEI_DECIMALS, readableUnits } from '../amount/units.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { CopyButton, CopyHex } from '../controls/hex.tsx'
import { Notice } from '../controls/notice.tsx'
import { Facts, Section } from '../controls/screen.tsx'
import { Proof } from '../proof/proof.tsx'
import { knownValue } from '../proof/reading.ts'
import { RecipientWords } from '../screens/safety/recipient-check.tsx'
import { Meaning, Parties, Warnings } from './intent/meaning.tsx'
import { Later, OutcomeView } from './intent/outcome-view.tsx'
import { useSpeech, useWarningWords } from './intent/use-speech.ts'
import { OriginName } from './origin-name.tsx'
import { accountName, fullAmount } from './outcome.ts'

/** Loaded when a transaction changes a name on the ledger. */
const DidChangeWords = lazy(() => import('../identity/did-change.tsx'))
const ChangeFees = lazy(() => import('./fees/change-fees.tsx').then((part) => ({ default: part.ChangeFees })))

export function TransactionApproval({ approval }: { approval: Extract<Approval, { kind: 'send-transaction' }> }) {
  const { state } = useWallet()
  const words = useWords()
  const { t } = words
  const { symbol } = state.network
  const account = accountName(approval.accountId, state.accounts)
  const amount = (wei: bigint) => fullAmount(wei, symbol, words)
  const gwei = (wei: bigint) => `${readableUnits(wei, GWEI_DECIMALS, words.signs, GWEI_DECIMALS)} gwei`
  const count = (value: bigint) => words.number(value)
  const isCall = approval.data !== '0x'
  const { intent, outcome, before } = approval.understanding
  const { say } = useSpeech()
  const warningWords = useWarningWords()
  // A transfer to an account without code, as proven: nothing more can happen.
  const plain = intent?.action.kind === 'send-native' && intent.contract === null && !isCall
  const balance = knownValue(approval.balance)
  const didChange = state.identity.didChanges[approval.id]
  const remains = balance === null ? null : balance - approval.mostThatLeaves
  return (
    <>
      {didChange && (
        <Suspense>
          <DidChangeWords change={didChange} />
        </Suspense>
      )}
      <Section title={t('approval.you')}>
        {plain || intent === null ? (
          <p className="lead" data-testid="approval-outcome">
            {approval.value === 0n
              ? t('approval.send.nothing', { symbol, account })
              : t('approval.send.leaves', { amount: amount(approval.value), account })}
          </p>
        ) : (
          <Meaning intent={intent} />
        )}
        {!plain && intent === null && <p className="fine">{say('meaning.working')}</p>}
        {intent && <Warnings intent={intent} about="act" />}
        {outcome && (!plain || before) && <OutcomeView outcome={outcome} before={before} />}
        <Facts
          rows={[
            [t('approval.send.most'), <strong key="m">{amount(approval.mostThatLeaves)}</strong>, 'most'],
            [t('approval.send.fee'), amount(approval.mostThatLeaves - approval.value), 'fee'],
            // A forecast from a proven value is not itself proven: it carries no light.
            remains !== null && remains >= 0n
              ? [
                  t('approval.send.remains'),
                  <span key="r" data-testid="approval-remains">
                    {amount(remains)} <span className="fine">{t('approval.send.computed')}</span>
                  </span>,
                  'remains',
                ]
              : null,
          ]}
        />
        {approval.signedOnly && <p data-testid="signed-only">{t('approval.send.signedOnly')}</p>}
        {!approval.signedOnly && (
          <Suspense fallback={null}>
            <ChangeFees approval={approval} />
          </Suspense>
        )}
      </Section>
      <Section title={t('approval.who')}>
        {approval.to === null ? (
          <p>{t('approval.send.create')}</p>
        ) : (
          <CopyHex what={t('approval.send.to')} value={approval.toChecksummed ?? approval.to} testId="approval-to" />
        )}
        {approval.toName && (
          <p className="available" data-testid="approval-name">
            <Proof label={t('approval.send.to')} shown={approval.toName} format={(name) => name} size="small" />
          </p>
        )}
        {!plain && intent && <Parties intent={intent} besides={approval.to} />}
        {approval.recipient && (
          <>
            {approval.recipient.address !== approval.to && (
              <CopyHex
                what={t('approval.send.to')}
                value={approval.recipient.checksummed}
                testId="approval-recipient"
              />
            )}
            <RecipientWords recipient={approval.recipient} />
          </>
        )}
        {approval.to !== null && approval.firstTimeRecipient && (
          <Notice kind="caution" testId="first-time">
            <p>{t('approval.send.first')}</p>
          </Notice>
        )}
        {intent && <Warnings intent={intent} about="code" />}
        {approval.warnings.map((warning) => (
          <Notice key={warning.code} kind="caution" testId={`warning-${warning.code}`}>
            <p>{warningWords(warning)}</p>
          </Notice>
        ))}
        <p className="fine">{approval.origin === null ? t('approval.send.own') : t('approval.send.site')}</p>
        {approval.origin !== null && <OriginName origin={approval.origin} />}
      </Section>
      <Section title={t('approval.later')}>
        {plain || !outcome ? <p>{t('approval.send.nothingLater')}</p> : <Later outcome={outcome} />}
      </Section>
      <details className="section details" data-testid="approval-details">
        <summary>{t('approval.details')}</summary>
        <Facts
          rows={[
            [
              t('approval.send.balance'),
              <Proof key="b" label={t('approval.send.balance')} shown={approval.balance} format={amount} />,
              'balance',
            ],
            [
              t('approval.detail.gas'),
              <Proof key="g" label={t('approval.detail.gas')} shown={approval.gasLimit} format={count} />,
              'gas',
            ],
            [
              t('approval.detail.base'),
              <Proof key="f" label={t('approval.detail.base')} shown={approval.baseFeePerGas} format={gwei} />,
              'base',
            ],
            [t('approval.detail.max'), gwei(approval.maxFeePerGas), 'max'],
            [
              t('approval.detail.tip'),
              <Proof key="t" label={t('approval.detail.tip')} shown={approval.maxPriorityFeePerGas} format={gwei} />,
              'tip',
            ],
            [
              t('approval.detail.nonce'),
              <Proof key="n" label={t('approval.detail.nonce')} shown={approval.nonce} format={count} />,
              'nonce',
            ],
            [
              `${t('approval.detail.data')} (${t('approval.detail.bytes', { count: (approval.data.length - 2) / 2 })})`,
              isCall ? (
                <span key="x" className="copy-line">
                  <span className="mono breaks raw">{approval.data}</span>
                  <CopyButton what={t('approval.detail.data')} text={approval.data} />
                </span>
              ) : (
                t('approval.detail.noData')
              ),
              'data',
            ],
            isCall
              ? [
                  say('detail.calldataDigest'),
                  <CopyHex
                    key="c"
                    what={say('detail.calldataDigest')}
                    value={approval.calldataDigest}
                    testId="calldata-digest"
                  />,
                  'digest',
                ]
              : null,
          ]}
        />
      </details>
    </>
  )
}
