import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { useCommand } from '../../app/command.ts'
import { go, routeHref } from '../../app/route.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Button, LinkButton } from '../../controls/button.tsx'
import { CopyHex } from '../../controls/hex.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Facts, Screen } from '../../controls/screen.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { Proof } from '../../proof/proof.tsx'
import { assetAmount, assetName, centsText, decimalsOf, priceText, worth } from './asset-words.ts'
import { SendAsset } from './send-asset.tsx'

export function Asset({ assetKey, sending }: { assetKey: string; sending: boolean }) {
  const { state } = useWallet()
  const say = useAssetWords()
  const asset = state.belongings.holdings.assets.find(({ key }) => key === assetKey)
  if (!asset)
    return (
      <Screen title={say('assets.missing')} back={['assets']}>
        {null}
      </Screen>
    )
  return sending ? <SendAsset asset={asset} /> : <KnownAsset asset={asset} />
}

function KnownAsset({ asset }: { asset: AssetView }) {
  const { facade } = useWallet()
  const say = useAssetWords()
  const words = useWords()
  const now = useNow()
  const command = useCommand()
  const { amount, price, token } = asset
  const value = worth(amount, decimalsOf(asset), price)
  const hide = async () => {
    if (await command.run(() => facade.showAsset({ key: asset.key, shown: false }))) go('assets')
  }
  return (
    <Screen title={assetName(asset, say)} back={['assets']} testId="asset-screen">
      <section className="balance-card" aria-label={say('assets.amount')}>
        {amount === null ? (
          <p className="fine">{say('assets.unread')}</p>
        ) : (
          <Proof
            label={say('assets.amount')}
            shown={amount}
            format={assetAmount(asset, say, words)}
            exact={assetAmount(asset, say, words, 78)}
            size="big"
            testId="asset-amount"
          />
        )}
      </section>
      <div className="home-actions">
        <LinkButton href={routeHref('assets', asset.key, 'send')} icon="send" testId="asset-send">
          {say('assets.send')}
        </LinkButton>
        <Button busy={command.busy} onClick={hide} testId="asset-hide">
          {say('assets.hide')}
        </Button>
      </div>
      <ProblemNotice problem={command.problem} />
      <Facts
        rows={[
          price
            ? [
                say('assets.price'),
                <span key="p">
                  <Proof
                    label={say('assets.price')}
                    shown={price}
                    format={(one) => priceText(one, words)}
                    size="small"
                  />{' '}
                  {price.kind === 'proven' && (
                    <span className="fine">
                      {say('assets.price.at', { ago: words.ago(price.value.updatedAt, now) })}
                    </span>
                  )}
                </span>,
                'price',
              ]
            : null,
          value ? [say('assets.worth'), centsText(value.cents, value.quote, words), 'worth'] : null,
          token
            ? [
                say('assets.symbol'),
                <Proof key="s" label={say('assets.symbol')} shown={token.symbol} format={(one) => one} size="small" />,
                'symbol',
              ]
            : null,
          asset.id === null ? null : [say('assets.number'), String(asset.id), 'number'],
          [say('assets.contract'), <CopyHex key="c" what={say('assets.contract')} value={asset.address} />, 'contract'],
        ]}
      />
      <p className="fine">{say(`assets.standard.${asset.standard}`)}</p>
      <p className="fine">
        {asset.listed === null ? say('assets.notListed') : say('assets.listed', { symbol: asset.listed })}
      </p>
    </Screen>
  )
}
