import type { AssetView } from '@glowworm/wallet-core/facade/facade'
import { useCommand } from '../../app/command.ts'
import { routeHref } from '../../app/route.ts'
import { useWallet } from '../../app/wallet-context.ts'
import { Button } from '../../controls/button.tsx'
import { ShortHex } from '../../controls/hex.tsx'
import { Icon } from '../../controls/icon.tsx'
import { ProblemNotice } from '../../controls/notice.tsx'
import { Screen, Section } from '../../controls/screen.tsx'
import { useAssetWords } from '../../messages/assets/words.ts'
import { AddAsset } from './add-asset.tsx'
import { Asset } from './asset.tsx'
import { AssetRow } from './asset-row.tsx'
import { assetName } from './asset-words.ts'

/** The screens about tokens, by the parts of the route after `assets`. */
export function Assets({ route }: { route: readonly string[] }) {
  const [first, second] = route
  if (first === 'add') return <AddAsset />
  if (first !== undefined) return <Asset assetKey={first} sending={second === 'send'} />
  return <AssetList />
}

function AssetList() {
  const { state } = useWallet()
  const say = useAssetWords()
  const { assets } = state.belongings.holdings
  const by = (standing: AssetView['standing']) => assets.filter((asset) => asset.standing === standing)
  const [shown, unasked, hidden] = [by('shown'), by('unasked'), by('hidden')]
  return (
    <Screen title={say('assets.title')} back={['home']} testId="assets-screen">
      {shown.length === 0 ? (
        <div className="empty">
          <p>{say('assets.none')}</p>
          <p className="fine">{say('assets.none.text')}</p>
        </div>
      ) : (
        <ul className="rows plain-list">
          {shown.map((asset) => (
            <AssetRow key={asset.key} asset={asset} />
          ))}
        </ul>
      )}
      <div className="rows">
        <a className="row" href={routeHref('assets', 'add')} data-testid="add-asset">
          <span className="row-main">
            <span className="row-title">{say('assets.add')}</span>
            <span className="fine">{say('assets.add.text')}</span>
          </span>
          <Icon name="plus" />
        </a>
      </div>
      {unasked.length > 0 && (
        <details className="section details" data-testid="unasked">
          <summary>{say('assets.unasked', { count: unasked.length })}</summary>
          <p className="fine">{say('assets.unasked.text')}</p>
          <PutAway assets={unasked} />
        </details>
      )}
      {hidden.length > 0 && (
        <Section title={say('assets.hidden')} testId="hidden-assets">
          <PutAway assets={hidden} />
        </Section>
      )}
    </Screen>
  )
}

function PutAway({ assets }: { assets: readonly AssetView[] }) {
  const { facade } = useWallet()
  const say = useAssetWords()
  const command = useCommand()
  return (
    <>
      <ul className="rows plain-list">
        {assets.map((asset) => (
          <li key={asset.key} className="row-with-action">
            <span className="row">
              <span className="row-main">
                <span className="row-title breaks">
                  {asset.listed ?? (asset.id === null ? <ShortHex value={asset.address} /> : assetName(asset, say))}
                </span>
                {(asset.listed !== null || asset.id !== null) && <ShortHex value={asset.address} />}
              </span>
            </span>
            <Button
              kind="plain"
              busy={command.busy}
              onClick={() => command.run(() => facade.showAsset({ key: asset.key, shown: true }))}
              testId="show-asset"
            >
              {say('assets.show')}
              <span className="hidden-text"> {asset.address}</span>
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNotice problem={command.problem} />
    </>
  )
}
