import { useWords } from '../../app/wallet-context.ts'
import { Hex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Proof } from '../../proof/proof.tsx'
import { isAddress } from './check-transfer.ts'
import type { FoundName } from './use-name.ts'

/** Where the name leads, with its proof; or the proven name of the address that was written. */
export function RecipientName({ typed, found }: { typed: string; found: FoundName | null }) {
  const { t } = useWords()
  const text = typed.trim()
  if (found === null) return null
  // An address needs no name: only one that is proven is worth a line.
  if (isAddress(text)) {
    if (found.state !== 'found' || found.shown.kind !== 'proven' || found.shown.value.name === null) return null
    const { name } = found.shown.value
    return (
      <p className="available" data-testid="recipient-name">
        <span>{t('send.name')}</span>
        <Proof label={t('send.name')} shown={{ ...found.shown, value: name }} format={(value) => value} size="small" />
      </p>
    )
  }
  if (found.state === 'failed') return <ProblemNotice problem={found.problem} testId="name-problem" />
  if (found.state === 'found' && found.shown.kind === 'unproven')
    return <ProblemNotice problem={found.shown.problem} testId="name-problem" />
  if (found.state === 'looking' || found.shown.kind !== 'proven')
    return (
      <p className="hint" aria-live="polite">
        {t('send.name.looking', { name: text })}
      </p>
    )
  return (
    <div className="stack" data-testid="name-address" aria-live="polite">
      <p className="available">
        <span className="breaks">{t('send.name.leads', { name: found.shown.value.name ?? text })}</span>
        <Proof
          label={t('send.to')}
          shown={found.shown}
          format={() => ''}
          exact={(view) => view.checksummed}
          size="small"
        />
      </p>
      <Hex value={found.shown.value.checksummed} testId="name-hex" />
    </div>
  )
}

/** The address a transfer would go to, as far as it is known: what was written, or where the name leads. */
export function recipientOf(typed: string, found: FoundName | null): { to: string; name?: string } | null {
  const text = typed.trim()
  if (isAddress(text)) return { to: text }
  if (found?.state !== 'found' || found.shown.kind !== 'proven' || found.shown.value.name === null) return null
  return { to: found.shown.value.checksummed, name: found.shown.value.name }
}
