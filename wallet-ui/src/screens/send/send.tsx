import { type FormEvent, useState } from 'react'
import { ETHER_DECIMALS, typedUnits } from '../../amount/units.ts'
import { useAmounts } from '../../amount/use-amounts.ts'
import { useCommand } from '../../app/command.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { TextField } from '../../controls/field.tsx'
import { MaxButton } from '../../controls/max-button.tsx'
import { Screen } from '../../controls/screen.tsx'
import { Proof } from '../../proof/proof.tsx'
import { knownValue } from '../../proof/reading.ts'
import { checkAmount } from './check-transfer.ts'
import type { TransferDraft } from './draft.ts'
import { RecipientField } from './recipient-field.tsx'
import { ReviewTransfer } from './review-transfer.tsx'
import { useRecipient } from './use-recipient.ts'

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
  const recipient = useRecipient(to)
  if (!account) return null
  const { symbol } = state.network
  const available = knownValue(account.balance)
  const checked = checkAmount(amount, words.signs, available)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const { value } = checked
    const { known } = recipient
    if (known === null || value === null) return
    await command.run(async (stop) => {
      await facade.prepareSend({ accountId: account.id, ...known, value }, stop)
    })
  }
  return (
    <Screen title={t('send.title')} back={['home']} testId="send-screen">
      <form className="stack" onSubmit={submit} noValidate>
        <RecipientField
          to={to}
          onChange={(text) => onDraft({ ...draft, to: text })}
          recipient={recipient}
          own={account.address}
          tried={tried}
        />
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
            <MaxButton
              most={available}
              onMost={(most) => setAmount(typedUnits(most, ETHER_DECIMALS, words.signs))}
              testId="send-max"
            />
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
        <ReviewTransfer account={account} command={command} testId="review" />
      </form>
    </Screen>
  )
}
