import type { Approval, FeeOptions, Fees } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useEffect, useId, useState } from 'react'
import { GWEI_DECIMALS, parseAmount, readableUnits, typedUnits } from '../../amount/units.ts'
import { useCommand } from '../../app/command.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { TextField } from '../../controls/field.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { useAccountWords } from '../../messages/accounts/words.ts'
import { Proof } from '../../proof/proof.tsx'

const OFFERED = ['slow', 'normal', 'fast'] as const
type Choice = (typeof OFFERED)[number] | 'own'

/** Three offers around the proven base fee, or figures of one's own. */
export function FeeEditor(props: { approval: Extract<Approval, { kind: 'send-transaction' }>; onClose: () => void }) {
  const { id } = props.approval
  const { facade } = useWallet()
  const { signs } = useWords()
  const say = useAccountWords()
  const command = useCommand()
  const { run } = command
  const group = useId()
  const [options, setOptions] = useState<FeeOptions | null>(null)
  const [choice, setChoice] = useState<Choice>('normal')
  const [limit, setLimit] = useState('')
  const [tip, setTip] = useState('')
  const { maxFeePerGas } = props.approval
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it is opened
  useEffect(() => {
    void run(async () => {
      const found = await facade.feeOptions({ id })
      setOptions(found)
      setLimit(typedUnits(maxFeePerGas, GWEI_DECIMALS, signs))
      setTip(typedUnits(found.normal.maxPriorityFeePerGas, GWEI_DECIMALS, signs))
    })
  }, [id])
  const gwei = (wei: bigint) => readableUnits(wei, GWEI_DECIMALS, signs, 3)
  const typed = (text: string) => {
    const parsed = parseAmount(text, GWEI_DECIMALS, signs)
    return parsed.ok ? parsed.value : null
  }
  const own: Partial<Fees> = {
    maxFeePerGas: typed(limit) ?? undefined,
    maxPriorityFeePerGas: typed(tip) ?? undefined,
  } as Partial<Fees>
  const fees = choice === 'own' ? complete(own) : (options?.[choice] ?? null)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (fees && (await command.run(() => facade.setFees({ id, ...fees })))) props.onClose()
  }
  return (
    <Dialog title={say('fees.title')} onClose={props.onClose} testId="fee-editor">
      <form className="stack" onSubmit={submit} noValidate>
        {options && (
          <>
            <p className="fine">
              {say('fees.history', { count: options.history.kind === 'proven' ? options.history.value.blocks : 1 })}{' '}
              <Proof
                label={say('fees.title')}
                shown={options.history}
                format={({ lowest, highest }) => say('fees.range', { lowest: gwei(lowest), highest: gwei(highest) })}
                size="small"
              />
            </p>
            <fieldset className="rows">
              <legend className="hidden-text">{say('fees.title')}</legend>
              {[...OFFERED, 'own' as const].map((name) => (
                <label key={name} className="check-row">
                  <input
                    type="radio"
                    name={group}
                    checked={choice === name}
                    onChange={() => setChoice(name)}
                    data-testid={`fees-${name}`}
                  />
                  <span>
                    <span className="check-title">{say(`fees.${name}`)}</span>
                    {name !== 'own' && (
                      <span className="check-text">
                        {say(`fees.${name}.text`)} {say('fees.most', { limit: gwei(options[name].maxFeePerGas) })}
                      </span>
                    )}
                  </span>
                </label>
              ))}
            </fieldset>
            {choice === 'own' && (
              <>
                <TextField
                  label={say('fees.limit')}
                  hint={say('fees.limit.hint')}
                  value={limit}
                  onChange={setLimit}
                  inputMode="decimal"
                  error={typed(limit) === null ? say('fees.notANumber') : null}
                  testId="fees-limit"
                />
                <TextField
                  label={say('fees.tip')}
                  hint={say('fees.tip.hint')}
                  value={tip}
                  onChange={setTip}
                  inputMode="decimal"
                  error={typed(tip) === null ? say('fees.notANumber') : null}
                  testId="fees-tip"
                />
              </>
            )}
            {options.least && (
              <p className="fine">
                {say('fees.least', {
                  limit: gwei(options.least.maxFeePerGas),
                  tip: gwei(options.least.maxPriorityFeePerGas),
                })}
              </p>
            )}
          </>
        )}
        <ProblemNotice problem={command.problem} />
        <Button type="submit" kind="primary" wide busy={command.busy} disabled={fees === null} testId="fees-apply">
          {say('fees.apply')}
        </Button>
      </form>
    </Dialog>
  )
}

function complete({ maxFeePerGas, maxPriorityFeePerGas }: Partial<Fees>): Fees | null {
  return maxFeePerGas === undefined || maxPriorityFeePerGas === undefined
    ? null
    : { maxFeePerGas, maxPriorityFeePerGas }
}
