import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { saidOrigin } from '@glowworm/wallet-core/provider/claimed-site'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { CopyButton, CopyHex } from '../controls/hex.tsx'
import { Notice } from '../controls/notice.tsx'
import { Facts, Section } from '../controls/screen.tsx'
import { OriginName } from './origin-name.tsx'
import { accountName } from './outcome.ts'

export function SignApproval({ approval }: { approval: Extract<Approval, { kind: 'sign-message' }> }) {
  const { state } = useWallet()
  const { t } = useWords()
  const { signIn } = approval
  const account = accountName(approval.accountId, state.accounts)
  const hex = `0x${Array.from(approval.bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  return (
    <>
      <Section title={t('approval.you')}>
        <p className="lead">
          {signIn
            ? t('approval.signIn.you', { domain: signIn.domain, account })
            : t('approval.sign.you', { origin: saidOrigin(approval.origin), account })}
        </p>
        {signIn?.statement && (
          <blockquote className="message breaks" data-testid="sign-in-statement">
            {signIn.statement}
          </blockquote>
        )}
        {!signIn && approval.text !== null && (
          // The whole message, without a box that scrolls: what is signed is what is seen.
          <div className="message breaks" data-testid="sign-message-text">
            {approval.text}
          </div>
        )}
        {approval.text === null && (
          <Notice kind="caution">
            <p>{t('approval.sign.binary')}</p>
          </Notice>
        )}
      </Section>
      <Section title={t('approval.who')}>
        <OriginName origin={approval.origin} />
      </Section>
      <Section title={t('approval.later')}>
        <p>{t('approval.sign.later')}</p>
      </Section>
      <details className="section details">
        <summary>{t('approval.details')}</summary>
        {signIn && (
          <Facts
            rows={[
              [t('approval.signIn.domain'), signIn.domain, 'domain'],
              [t('approval.signIn.uri'), signIn.uri, 'uri'],
              [t('approval.signIn.chain'), String(signIn.chainId), 'chain'],
              [t('approval.signIn.nonce'), signIn.nonce, 'nonce'],
              [t('approval.signIn.issued'), signIn.issuedAt, 'issued'],
              [t('approval.signIn.expires'), signIn.expirationTime ?? t('approval.signIn.noExpiry'), 'expires'],
            ]}
          />
        )}
        {signIn && approval.text !== null && <div className="message breaks">{approval.text}</div>}
        <Facts
          rows={[
            [
              t('approval.detail.digest'),
              <CopyHex key="d" what={t('approval.detail.digest')} value={approval.digest} />,
              'digest',
            ],
            [
              t('approval.detail.hex'),
              <span key="h" className="copy-line">
                <span className="mono breaks raw">{hex}</span>
                <CopyButton what={t('approval.detail.hex')} text={hex} />
              </span>,
              'hex',
            ],
          ]}
        />
      </details>
    </>
  )
}
