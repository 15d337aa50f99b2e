import type { ActivityEntry } from '@glowworm/wallet-core/facade/facade'
import { useAmounts } from '../../amount/use-amounts.ts'
import { routeHref } from '../../app/route.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { Proof } from '../../proof/proof.tsx'
import { moveWords } from './move-words.ts'

export function ActivityRows({ entries }: { entries: readonly ActivityEntry[] }) {
  const words = useWords()
  const { t } = words
  const now = useNow()
  const amounts = useAmounts()
  const { assets } = useWallet().state.belongings.holdings
  const moved = (entry: ActivityEntry) => {
    const what = moveWords(entry, assets, words)
    return what && `−${what}`
  }
  if (entries.length === 0)
    return (
      <div className="empty" data-testid="activity-empty">
        <p>{t('activity.empty')}</p>
        <p className="fine">{t('activity.empty.text')}</p>
      </div>
    )
  return (
    <ul className="rows plain-list">
      {entries.map((entry) => (
        <li key={entry.id}>
          <a
            className="row"
            href={routeHref('activity', entry.id)}
            data-testid="activity-entry"
            data-state={entry.state}
            data-kind={entry.kind}
          >
            <span className={`row-icon row-icon-${entry.state}`}>
              <Icon name={entry.kind === 'faucet' ? 'receive' : 'send'} />
            </span>
            <span className="row-main">
              <span className="entry-line">
                <span className="row-title">{entryTitle(entry, t)}</span>
                <span className="row-amount">
                  {moved(entry) ?? signedAmount(entry, amounts.short) ?? t('amount.unknown')}
                </span>
              </span>
              <span className="entry-line fine">
                {entry.kind === 'send' && entry.to !== null && <ShortHex value={entry.moves?.recipient ?? entry.to} />}
                <span>{words.ago(entry.at, now)}</span>
              </span>
              <span className={`entry-state entry-state-${entry.state}`}>
                {entry.receipt && (
                  <Proof
                    label={t('entry.receipt')}
                    shown={entry.receipt}
                    format={() => ''}
                    size="small"
                    lasting
                    still
                    wordless
                  />
                )}
                {t(`activity.state.${entry.state}`)}
              </span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The amount with its sign as seen from the account; null while it is unknown. */
export function signedAmount(
  entry: Pick<ActivityEntry, 'kind' | 'value'>,
  print: (wei: bigint) => string,
): string | null {
  return entry.value === null ? null : `${entry.kind === 'faucet' ? '+' : '−'}${print(entry.value)}`
}

export function entryTitle(
  entry: Pick<ActivityEntry, 'kind' | 'to' | 'state'>,
  t: ReturnType<typeof useWords>['t'],
): string {
  if (entry.kind === 'faucet') return t('activity.kind.faucet')
  if (entry.to === null) return t('activity.kind.deploy')
  switch (entry.state) {
    case 'signed':
    case 'sent':
      return t('activity.kind.send.pending')
    case 'included':
    case 'final':
      return t('activity.kind.send')
    case 'failed':
    case 'unsent':
    case 'replaced':
      return t('activity.kind.send.not')
  }
}
