import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { type FormEvent, useState } from 'react'
import { type ParsedAmount, parseAmount, typedUnits } from '../../amount/units.ts'
import { useCommand } from '../../app/command.ts'
import { useSelected } from '../../app/selected.ts'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { TextField } from '../../controls/field.tsx'
import { MaxButton } from '../../controls/max-button.tsx'
import { Screen } from '../../controls/screen.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { knownValue } from '../../proof/reading.ts'
import { RecipientField } from '../send/recipient-field.tsx'
import { ReviewTransfer } from '../send/review-transfer.tsx'
import { useRecipient } from '../send/use-recipient.ts'
import { assetAmount, assetName, decimalsOf } from './asset-words.ts'

export function SendAsset({ asset }: { asset: AssetView }) {
  const { facade } = useWallet()
  const words = useWords()
  const { t } = words
  const say = useAssetWords()
  const command = useCommand()
  const account = useSelected()
  const [to, setTo] = useState('')
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const recipient = useRecipient(to)
  if (!account) return null
  const whole = asset.standard === 'erc721'
  // Without proven decimals the amount is entered in the smallest unit, and the label says so.
  const decimals = decimalsOf(asset)
  const available = asset.amount === null ? null : knownValue(asset.amount)
  const checked = whole ? { value: 1n, problem: null } : checkTokenAmount(typed, decimals ?? 0, words.signs, available)
  const name = assetName(asset, say)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const { value } = checked
    if (recipient.known === null || value === null) return
    const request = { accountId: account.id, key: asset.key, amount: value, ...recipient.known }
    await command.run(async (stop) => void (await facade.prepareAssetSend(request, stop)))
  }
  return (
    <Screen title={say('assets.send.title', { what: name })} back={['assets', asset.key]} testId="send-asset-screen">
      <form className="stack" onSubmit={submit} noValidate>
        <RecipientField to={to} onChange={setTo} recipient={recipient} own={account.address} tried={tried} />
        {whole ? (
          <p>{say('assets.send.item')}</p>
        ) : (
          <TextField
            label={`${t('send.amount')} (${decimals === null ? say('assets.smallest', { amount: '' }).trim() : name})`}
            value={typed}
            onChange={setTyped}
            inputMode="decimal"
            error={
              tried && checked.problem !== null
                ? checked.problem === 'too-fine'
                  ? say('assets.send.tooFine')
                  : t(`send.problem.amount.${checked.problem}`)
                : null
            }
            testId="asset-send-amount"
            trailing={
              <MaxButton
                most={available}
                onMost={(most) => setTyped(typedUnits(most, decimals ?? 0, words.signs))}
                testId="asset-send-max"
              />
            }
          />
        )}
        {asset.amount && (
          <p className="available">
            <span>{t('send.available')}</span>
            <Proof
              label={t('send.available')}
              shown={asset.amount}
              format={assetAmount(asset, say, words)}
              exact={assetAmount(asset, say, words, 78)}
              size="small"
            />
          </p>
        )}
        <ReviewTransfer account={account} command={command} testId="asset-review" />
      </form>
    </Screen>
  )
}

type Problem = Extract<ParsedAmount, { ok: false }>['problem'] | 'zero' | 'above'

function checkTokenAmount(
  text: string,
  decimals: number,
  signs: Parameters<typeof parseAmount>[2],
  available: bigint | null,
): { readonly value: bigint; readonly problem: null } | { readonly value: null; readonly problem: Problem } {
  const parsed = parseAmount(text, decimals, signs)
  if (!parsed.ok) return { value: null, problem: parsed.problem }
  if (parsed.value === 0n) return { value: null, problem: 'zero' }
  if (available !== null && parsed.value > available) return { value: null, problem: 'above' }
  return { value: parsed.value, problem: null }
}
