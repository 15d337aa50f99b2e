import type { Approval, SignedLine } from '@glowworm/wallet-core/facade/facade'
import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { CopyHex } from '../controls/hex.tsx'
import { Notice } from '../controls/notice.tsx'
import { Facts, Section } from '../controls/screen.tsx'
import { Meaning, Parties, Warnings } from './intent/meaning.tsx'
import { useSpeech } from './intent/use-speech.ts'
import { OriginName } from './origin-name.tsx'
import { accountName } from './outcome.ts'
import { atomText, isLargest } from './signed-value.ts'

/** Typed data (EIP-712): every line that is signed, in order, and none that is not. */
export function TypedDataApproval({ approval }: { approval: Extract<Approval, { kind: 'sign-typed-data' }> }) {
  const { state } = useWallet()
  const { t } = useWords()
  const { intent } = approval.understanding
  const { say } = useSpeech()
  const contract = approval.domain.find(({ name }) => name === 'verifyingContract')?.value
  return (
    <>
      <Section title={t('approval.you')}>
        <p className="lead">
          {t('approval.typed.you', {
            origin: saidOrigin(approval.origin),
            account: accountName(approval.accountId, state.accounts),
            type: approval.primaryType,
          })}
        </p>
        {intent === null ? <p className="fine">{say('meaning.working')}</p> : <Meaning intent={intent} />}
        {intent && <Warnings intent={intent} about="act" />}
        <SignedLines lines={approval.message} label={t('approval.typed.message')} testId="typed-message" />
        <Notice kind="caution">
          <p>{t('approval.typed.caution')}</p>
        </Notice>
      </Section>
      <Section title={t('approval.who')}>
        <OriginName origin={approval.origin} />
        {intent && <Parties intent={intent} besides={typeof contract === 'string' ? contract : null} />}
        {intent && <Warnings intent={intent} about="code" />}
        {typeof contract === 'string' && (
          <Facts
            rows={[
              [
                t('approval.typed.contract'),
                <CopyHex key="c" what={t('approval.typed.contract')} value={contract as `0x${string}`} />,
                'contract',
              ],
            ]}
          />
        )}
      </Section>
      <Section title={t('approval.later')}>
        <p>{t('approval.sign.later')}</p>
      </Section>
      <details className="section details">
        <summary>{t('approval.details')}</summary>
        <SignedLines lines={approval.domain} label={t('approval.typed.domain')} testId="typed-domain" />
        <Facts
          rows={(
            [
              ['approval.detail.digest', approval.digest],
              ['approval.typed.domainHash', approval.domainHash],
              ['approval.typed.messageHash', approval.messageHash],
            ] as const
          ).map(([what, value]) => [t(what), <CopyHex key={what} what={t(what)} value={value} />, what])}
        />
      </details>
    </>
  )
}

function SignedLines({ lines, label, testId }: { lines: readonly SignedLine[]; label: string; testId: string }) {
  const { t } = useWords()
  return (
    <ul className="signed-lines" aria-label={label} data-testid={testId}>
      {lines.map((line) => (
        <li key={line.path} style={{ '--depth': line.depth } as React.CSSProperties}>
          <span className="signed-name" title={line.type}>
            {line.name}
          </span>
          {line.value !== null && (
            <span className="signed-value breaks">
              {atomText(line.value)}
              {isLargest(line) && <span className="fine"> {t('approval.typed.largest')}</span>}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
