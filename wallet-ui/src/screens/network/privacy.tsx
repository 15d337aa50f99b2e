import type { SourceView } from '@glowworm/wallet-core/facade/facade'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { CheckRow } from '../../controls/field.tsx'
import { ShortHex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Section } from '../../controls/screen.tsx'

/** Whom this device talks to, and what each of them has learned by being asked. */
export function Privacy() {
  const { facade, state } = useWallet()
  const { t } = useWords()
  const command = useCommand()
  return (
    <Section title={t('network.learned')} testId="learned">
      <p className="fine">{t('network.learned.text')}</p>
      {state.sources.length > 0 && (
        <ul className="rows plain-list">
          {state.sources.map((source) => (
            <li key={`${source.carrier} ${source.id}`} className="row" data-testid="learned-by">
              <LearnedBy source={source} />
            </li>
          ))}
        </ul>
      )}
      <div className="rows">
        <CheckRow
          checked={state.padding !== 'off'}
          onChange={(on) => command.run(() => facade.setPadding({ on }))}
          title={t('network.padding')}
          text={state.padding === 'waiting' ? t('network.padding.waiting') : t('network.padding.text')}
          testId="padding"
        />
      </div>
      <ProblemNotice problem={command.problem} />
    </Section>
  )
}

function LearnedBy({ source }: { source: SourceView }) {
  const { t } = useWords()
  const { addresses, olderAddresses, decoys, transactions, sent } = source.learned
  const count = addresses.length + olderAddresses
  const facts = [
    t('network.learned.internet'),
    count > 0 ? t('network.learned.addresses', { count }) : null,
    decoys > 0 ? t('network.learned.decoys', { count: decoys }) : null,
    transactions > 0 ? t('network.learned.transactions', { count: transactions }) : null,
    sent > 0 ? t('network.learned.sent', { count: sent }) : null,
  ].filter((fact) => fact !== null)
  return (
    <div className="row-main">
      <span className="row-title breaks">{source.words}</span>
      <span className="fine">{facts.join(' · ')}</span>
      {addresses.length > 0 && (
        <details className="fine">
          <summary>
            {t('network.learned.show')}
            <span className="hidden-text">: {source.words}</span>
          </summary>
          <ul className="plain-list learned-list">
            {[...addresses].reverse().map((address) => (
              <li key={address}>
                <AddressName address={address} />
              </li>
            ))}
            {olderAddresses > 0 && <li>{t('network.learned.older', { count: olderAddresses })}</li>}
          </ul>
        </details>
      )}
    </div>
  )
}

function AddressName({ address }: { address: string }) {
  const { state } = useWallet()
  const own = state.accounts.find((account) => account.address === address)
  return (
    <>
      <ShortHex value={own?.checksummed ?? address} /> {own && <strong>{own.name}</strong>}
    </>
  )
}
