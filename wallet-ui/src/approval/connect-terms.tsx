import { useState } from 'react'
import { ETHER_DECIMALS, parseAmount } from '../amount/units.ts'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { SelectField, TextField } from '../controls/field.tsx'
import { now } from '../infrastructure/clock.ts'

const DAY = 86_400
const ENDS = { never: null, hour: 3_600, day: DAY, month: 30 * DAY } as const
type End = keyof typeof ENDS

/** For how long, and how much it may ask for: what the person lays down while connecting. */
export interface Terms {
  readonly end: End
  /** As typed, in whole coins for a day; empty: no limit. */
  readonly perDay: string
}

export const NO_TERMS: Terms = { end: 'never', perDay: '' }

/** Null where nothing is laid down; `undefined` where the amount cannot be read. */
export function ruleOfTerms(terms: Terms, origin: string, signs: Parameters<typeof parseAmount>[2]) {
  const limit = terms.perDay.trim() === '' ? null : parseAmount(terms.perDay, ETHER_DECIMALS, signs)
  if (limit?.ok === false) return undefined
  const seconds = ENDS[terms.end]
  if (limit === null && seconds === null) return null
  return {
    origin,
    blocked: false,
    expiresAt: seconds === null ? null : now() + seconds * 1000,
    policy: limit && { version: 1, limits: [{ asset: 'native', most: String(limit.value), per: DAY }] },
  }
}

export function ConnectTerms(props: { terms: Terms; onChange: (terms: Terms) => void }) {
  const { t, signs } = useWords()
  const { symbol } = useWallet().state.network
  const [open, setOpen] = useState(false)
  const { terms } = props
  const unreadable = ruleOfTerms(terms, '', signs) === undefined
  return (
    <details className="section details" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary data-testid="connect-terms">{t('approval.terms')}</summary>
      <SelectField<End>
        label={t('approval.terms.end')}
        value={terms.end}
        options={(Object.keys(ENDS) as End[]).map((value) => ({ value, label: t(`approval.terms.end.${value}`) }))}
        onChange={(end) => props.onChange({ ...terms, end })}
        testId="connect-end"
      />
      <TextField
        label={t('approval.terms.limit', { symbol })}
        value={terms.perDay}
        inputMode="decimal"
        hint={t('approval.terms.limit.hint')}
        error={unreadable ? t('approval.terms.limit.wrong') : null}
        onChange={(perDay) => props.onChange({ ...terms, perDay })}
        testId="connect-limit"
      />
    </details>
  )
}
