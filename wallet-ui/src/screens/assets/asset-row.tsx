import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { routeHref } from '../../app/route.ts'
import { useWords } from '../../app/wallet-context.ts'
import { ShortHex } from '../../controls/hex.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { assetAmount, assetName, centsText, decimalsOf, worth } from './asset-words.ts'

export function AssetRow({ asset }: { asset: AssetView }) {
  const say = useAssetWords()
  const words = useWords()
  const value = worth(asset.amount, decimalsOf(asset), asset.price)
  return (
    <li>
      <a className="row" href={routeHref('assets', asset.key)} data-testid="asset" data-key={asset.key}>
        <span className="row-main">
          <span className="row-title breaks">{assetName(asset, say)}</span>
          <ShortHex value={asset.address} />
        </span>
        <span className="row-side">
          {asset.amount === null ? (
            <span className="fine">{say('assets.unread')}</span>
          ) : (
            <Proof
              label={say('assets.amount')}
              shown={asset.amount}
              format={assetAmount(asset, say, words)}
              size="small"
              still
              wordless
            />
          )}
          {value && <span className="fine">{centsText(value.cents, value.quote, words)}</span>}
        </span>
      </a>
    </li>
  )
}
