import type { Limit } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { ETHER_DECIMALS, parseAmount } from '../../amount/units.ts'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { SelectField, TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useSafetyWords } from '../../messages/safety/words.ts'
import { withBytes } from '../secret-text.ts'

const SPANS = { transaction: 'transaction', day: 86_400, week: 604_800 } as const
type Span = keyof typeof SPANS

export function Limits() {
  const { facade, state } = useWallet()
  const words = useWords()
  const say = useSafetyWords()
  const amounts = useAmounts()
  const command = useCommand()
  const [amount, setAmount] = useState('')
  const [span, setSpan] = useState<Span>('day')
  const [password, setPassword] = useState('')
  const parsed = parseAmount(amount, ETHER_DECIMALS, words.signs)
  const limits = state.spendingLimits
  const save = async (next: readonly Limit[]) => {
    const set = () => withBytes(password, (bytes) => facade.setSpendingLimits({ limits: next, password: bytes }))
    if (await command.run(set)) {
      setAmount('')
      setPassword('')
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!parsed.ok) return
    const per = SPANS[span]
    const others = limits.filter((limit) => limit.asset !== 'native' || limit.per !== per)
    void save([...others, { asset: 'native', most: parsed.value, per }])
  }
  const spanWords = (per: Limit['per']): string => {
    const known = (Object.keys(SPANS) as Span[]).find((name) => SPANS[name] === per)
    return known ? say(`limits.per.${known}`) : `${words.number(Number(per))} s`
  }
  return (
    <Screen title={say('limits.title')} back={['safety']} testId="limits-screen">
      <p>{say('limits.intro')}</p>
      {limits.length === 0 ? (
        <p className="fine">{say('limits.none')}</p>
      ) : (
        <ul className="rows plain-list">
          {limits.map((limit) => (
            <li key={`${limit.asset} ${limit.per}`} className="row" data-testid="limit">
              <span className="row-main">{spanWords(limit.per)}</span>
              <span className="row-amount">
                {limit.asset === 'native'
                  ? amounts.full(limit.most)
                  : `${words.number(limit.most)} ${say('limits.token', { token: limit.asset })}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={say('limits.amount', { symbol: state.network.symbol })}
          value={amount}
          onChange={setAmount}
          inputMode="decimal"
          hint={say('limits.fees')}
          error={
            amount !== '' && !parsed.ok
              ? words.t(`send.problem.amount.${parsed.problem}`, { symbol: state.network.symbol })
              : null
          }
          testId="limit-amount"
        />
        <SelectField<Span>
          label={say('limits.per')}
          value={span}
          options={(Object.keys(SPANS) as Span[]).map((value) => ({ value, label: say(`limits.per.${value}`) }))}
          onChange={setSpan}
          testId="limit-span"
        />
        <TextField
          label={say('limits.password')}
          value={password}
          onChange={setPassword}
          secret
          autoComplete="current-password"
          testId="limit-password"
        />
        <ProblemNotice problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={!parsed.ok || password === ''}
          testId="limit-set"
        >
          {say('limits.set')}
        </Button>
        {limits.length > 0 && (
          <Button wide busy={command.busy} disabled={password === ''} onClick={() => save([])} testId="limits-remove">
            {say('limits.remove')}
          </Button>
        )}
      </form>
    </Screen>
  )
}
