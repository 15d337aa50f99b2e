import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { readClaimedSite } from '@glowworm/wallet-core/provider/claimed-site'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { CheckRow } from '../controls/field.tsx'
import { Hex } from '../controls/hex.tsx'
import { Section } from '../controls/screen.tsx'
import { OriginName } from './origin-name.tsx'

export function ConnectApproval(props: {
  approval: Extract<Approval, { kind: 'connect' }>
  chosen: readonly string[]
  onChoose: (accounts: readonly string[]) => void
  fresh: boolean
  onFresh: (fresh: boolean) => void
}) {
  const { state } = useWallet()
  const { t } = useWords()
  return (
    <>
      <Section title={t('approval.you')}>
        <p className="lead">{t('approval.connect.you')}</p>
        <fieldset className="rows">
          <legend className="hidden-text">{t('approval.connect.choose')}</legend>
          {/* An account for one site alone makes no sense for a page that is gone with its connection. */}
          {state.hasPhrase && readClaimedSite(props.approval.origin) === null && (
            <CheckRow
              checked={props.fresh}
              testId="connect-fresh"
              title={t('approval.connect.fresh')}
              text={t('approval.connect.fresh.text')}
              onChange={props.onFresh}
            />
          )}
          {(props.fresh ? [] : state.accounts).map((account) => (
            <CheckRow
              key={account.id}
              checked={props.chosen.includes(account.id)}
              testId={`connect-account-${account.id}`}
              title={account.name}
              text={<Hex value={account.checksummed} />}
              onChange={(checked) =>
                props.onChoose(
                  // In the wallet's order, whatever the order of clicks: sites take the first as the main one.
                  state.accounts
                    .map((candidate) => candidate.id)
                    .filter((id) => (id === account.id ? checked : props.chosen.includes(id))),
                )
              }
            />
          ))}
        </fieldset>
      </Section>
      <Section title={t('approval.who')}>
        <OriginName origin={props.approval.origin} />
      </Section>
      <Section title={t('approval.later')}>
        <p>{t('approval.connect.later')}</p>
      </Section>
    </>
  )
}
