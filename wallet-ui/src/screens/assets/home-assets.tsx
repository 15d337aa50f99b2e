import { ETHER_DECIMALS } from '../../amount/units.ts'
import { routeHref } from '../../app/route.ts'
import { useSelected } from '../../app/selected.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Section } from '../../controls/screen.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { AssetRow } from './asset-row.tsx'
import { centsText, decimalsOf, priceText, total, worth } from './asset-words.ts'

const MOST = 6

/** What the selected account has besides its coin, and what it is worth where that is proven. */
export function HomeAssets() {
  const { state } = useWallet()
  const say = useAssetWords()
  const words = useWords()
  const now = useNow()
  const account = useSelected()
  const { assets, price } = state.belongings.holdings
  if (!account) return null
  const shown = assets.filter(({ standing }) => standing === 'shown')
  const coin = { amount: account.balance, decimals: ETHER_DECIMALS, price }
  const value = worth(account.balance, ETHER_DECIMALS, price)
  const sum = total([coin, ...shown.map((asset) => ({ ...asset, decimals: decimalsOf(asset) }))])
  const priced = shown.some((asset) => asset.price !== null)
  return (
    <Section
      title={say('assets.title')}
      testId="home-assets"
      trailing={
        <a className="text-link" href={routeHref('assets')} data-testid="all-assets">
          {say('assets.all')}
        </a>
      }
    >
      {price && (
        <p className="available" data-testid="coin-price">
          <span>1 {state.network.symbol}</span>
          <Proof
            label={say('assets.price')}
            shown={price}
            format={(one) => priceText(one, words)}
            size="small"
            wordless
          />
          {price.kind === 'proven' && (
            <span className="fine">{say('assets.price.at', { ago: words.ago(price.value.updatedAt, now) })}</span>
          )}
        </p>
      )}
      {value && (
        <p className="available" data-testid="coin-worth">
          <span>{say('assets.worth')}</span>
          <strong className="row-amount">{centsText(value.cents, value.quote, words)}</strong>
        </p>
      )}
      {sum && priced && (
        <p className="available" data-testid="assets-total">
          <span>{say('assets.total')}</span>
          <strong className="row-amount">{centsText(sum.cents, sum.quote, words)}</strong>
          <span className="fine">{say('assets.price.at', { ago: words.ago(sum.updatedAt, now) })}</span>
        </p>
      )}
      {shown.length === 0 ? (
        <p className="fine">{say('assets.none')}</p>
      ) : (
        <ul className="rows plain-list">
          {shown.slice(0, MOST).map((asset) => (
            <AssetRow key={asset.key} asset={asset} />
          ))}
        </ul>
      )}
    </Section>
  )
}
