import type { AssetPreview } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../../app/wallet-context.ts'
import { Hex } from '../../controls/hex.tsx'
import { Notice } from '../../controls/notice.tsx'
import { Facts } from '../../controls/screen.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { assetAmount } from './asset-words.ts'

/** What is proven of a contract before it is looked after, and whether anybody vouches for its name. */
export function AssetFacts({ seen }: { seen: AssetPreview }) {
  const say = useAssetWords()
  const words = useWords()
  const { token } = seen
  return (
    <>
      {seen.imitates !== null && (
        <Notice kind="loss" title={say('assets.imitates')} testId="asset-imitates">
          <p>{say('assets.imitates.known')}</p>
          <Hex value={seen.imitates} />
        </Notice>
      )}
      <Facts
        rows={[
          [
            say('assets.symbol'),
            <Proof
              key="s"
              label={say('assets.symbol')}
              shown={token.symbol}
              format={(symbol) => symbol}
              size="small"
            />,
            'symbol',
          ],
          seen.standard === 'erc20'
            ? [
                say('assets.decimals'),
                <Proof key="d" label={say('assets.decimals')} shown={token.decimals} format={String} size="small" />,
                'decimals',
              ]
            : null,
          [
            say('assets.amount'),
            <Proof
              key="a"
              label={say('assets.amount')}
              shown={seen.amount}
              format={assetAmount({ standard: seen.standard, token }, say, words, 78)}
              size="small"
            />,
            'amount',
          ],
        ]}
      />
      <p className="fine">
        {seen.listed === null ? say('assets.notListed') : say('assets.listed', { symbol: seen.listed })}
      </p>
    </>
  )
}
