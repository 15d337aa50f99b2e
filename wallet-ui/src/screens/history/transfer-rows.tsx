import type { TransferView } from '@glowworm/wallet-core/facade/facade'
import { useWallet, useWords } from '../../app/wallet-context.ts'
import { Hex, ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { useHistoryWords } from '../../messages/history/words.ts'
import { assetAmount, assetName } from '../assets/asset-words.ts'

export function TransferRows({ transfers, account }: { transfers: readonly TransferView[]; account: string }) {
  const { state } = useWallet()
  const words = useWords()
  const say = useHistoryWords()
  const sayAsset = useAssetWords()
  const known = new Map(state.belongings.holdings.assets.map((asset) => [asset.address, asset]))
  const what = ({ contract, id, amount }: TransferView): string => {
    const asset = known.get(contract)
    const named = { id, token: asset?.token ?? null }
    if (id !== null) return `${words.number(amount)} × ${assetName(named, sayAsset)}`
    return asset?.token
      ? assetAmount(asset, sayAsset, words)(amount)
      : say('history.units', { amount: words.number(amount) })
  }
  return (
    <ul className="rows plain-list">
      {transfers.map((transfer) => {
        const incoming = transfer.to === account
        const other = incoming ? transfer.from : transfer.to
        return (
          <li key={transfer.key} className="row" data-testid="transfer" data-bait={transfer.bait ?? undefined}>
            <span className="row-icon">
              <Icon name={incoming ? 'receive' : 'send'} />
            </span>
            <span className="row-main">
              <span className="entry-line">
                <span className="row-title">{incoming ? say('history.in') : say('history.out')}</span>
                <span className="row-amount">
                  {incoming ? '+' : '−'}
                  {what(transfer)}
                </span>
              </span>
              {/* An address that is there to be copied by mistake is shown whole, and cannot be copied from here. */}
              {transfer.bait === null ? <ShortHex value={other} /> : <Hex value={other} />}
              <span className="entry-line fine">
                <ShortHex value={transfer.contract} />
                <span>{words.moment(transfer.time)}</span>
              </span>
              {transfer.bait && <span className="fine caution">{say(`history.bait.${transfer.bait}`)}</span>}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
