import { type FormEvent, useState } from 'react'
import { ETHER_DECIMALS, typedUnits } from '../../amount/units.ts'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/field.tsx'
import { Hex } from '../../controls/hex.tsx'
import { Notice, ProblemNotice } from '../../controls/notice.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Proof } from '../../proof/proof.tsx'
import { knownValue } from '../../proof/reading.ts'
import { checkAmount, checkRecipient, isAddress, looksLikeName } from './check-transfer.ts'
import type { TransferDraft } from './draft.ts'
import { RecipientName, recipientOf } from './recipient-name.tsx'
import { useName } from './use-name.ts'

export function Send({ draft, onDraft }: { draft: TransferDraft; onDraft: (draft: TransferDraft) => void }) {
  const { facade, state } = useWallet()
  const words = useWords()
  const { t } = words
  const amounts = useAmounts()
  const command = useCommand()
  const account = useSelected()
  const { to, amount } = draft
  const setAmount = (text: string) => onDraft({ ...draft, amount: text })
  const [tried, setTried] = useState(false)
  const found = useName(to)
  if (!account) return null
  const { symbol } = state.network
  const available = knownValue(account.balance)
  const recipient = recipientOf(to, found)
  const toProblem = recipient ? null : looksLikeName(to) ? 'send.problem.to.name' : checkRecipient(to)
  const checked = checkAmount(amount, words.signs, available)
  const toSelf = recipient?.to.toLowerCase() === account.address.toLowerCase()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const { value } = checked
    if (recipient === null || value === null) return
    await command.run(async () => {
      await facade.prepareSend({ accountId: account.id, ...recipient, value })
    })
  }
  return (
    <Screen title={t('send.title')} back={['home']} testId="send-screen">
      <form className="stack" onSubmit={submit} noValidate>
        <TextField
          label={t('send.to')}
          value={to}
          onChange={(text) => onDraft({ ...draft, to: text })}
          mono
          lines={2}
          hint={isAddress(to.trim()) ? <Hex value={to.trim()} /> : t('send.to.hint')}
          error={tried && toProblem !== null ? t(toProblem) : null}
          testId="send-to"
        />
        <RecipientName typed={to} found={found} />
        {toSelf && (
          <Notice kind="caution">
            <p>{t('send.problem.to.self')}</p>
          </Notice>
        )}
        <TextField
          label={`${t('send.amount')} (${symbol})`}
          value={amount}
          onChange={setAmount}
          inputMode="decimal"
          hint={
            checked.value !== null && (
              <>
                = {amounts.full(checked.value)}
                {checked.value === available && ` · ${t('send.maxNote')}`}
              </>
            )
          }
          error={
            tried && checked.problem !== null
              ? (t as (key: typeof checked.problem, given: { symbol: string }) => string)(checked.problem, { symbol })
              : null
          }
          testId="send-amount"
          trailing={
            <button
              type="button"
              className="field-button"
              disabled={available === null}
              onClick={() => available !== null && setAmount(typedUnits(available, ETHER_DECIMALS, words.signs))}
              data-testid="send-max"
            >
              {t('send.max')}
            </button>
          }
        />
        <p className="available">
          <span>{t('send.available')}</span>
          <Proof
            label={t('send.available')}
            shown={account.balance}
            format={amounts.short}
            exact={amounts.full}
            size="small"
          />
        </p>
        {available === null && <p className="hint">{t('send.unknownBalance')}</p>}
        {account.signer === 'nobody' && (
          <Notice kind="caution" title={t('problem.WATCH_ONLY')} testId="watch-only">
            <p>{t('problem.WATCH_ONLY.next')}</p>
          </Notice>
        )}
        <ProblemNotice problem={command.problem} />
        <Button
          kind="primary"
          wide
          type="submit"
          busy={command.busy}
          disabled={account.signer === 'nobody'}
          testId="review"
        >
          {command.busy ? t('send.reviewing') : t('send.review')}
        </Button>
      </form>
    </Screen>
  )
}
