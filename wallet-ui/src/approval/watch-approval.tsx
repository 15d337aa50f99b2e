import type { Approval } from '@glowworm/wallet-core/facade/facade'
import { useWords } from '../app/wallet-context.ts'
import { CopyHex } from '../controls/hex.tsx'
import { Facts, Section } from '../controls/screen.tsx'
import { useAssetWords } from '../messages/assets/words.ts'
import { AssetFacts } from '../screens/assets/asset-facts.tsx'
import { OriginName } from './origin-name.tsx'

/** A site wants the wallet to look after a token. Nothing is signed; what is shown is the contract's own word, proven. */
export function WatchApproval({ approval }: { approval: Extract<Approval, { kind: 'watch-asset' }> }) {
  const { t } = useWords()
  const say = useAssetWords()
  const { asset, origin } = approval
  return (
    <>
      <Section title={t('approval.you')}>
        <p className="lead">{say('assets.watch.you')}</p>
        <AssetFacts seen={asset} />
      </Section>
      <Section title={t('approval.who')}>
        <OriginName origin={origin} />
        <Facts
          rows={[
            [
              say('assets.contract'),
              <CopyHex key="c" what={say('assets.contract')} value={asset.checksummed as `0x${string}`} />,
              'contract',
            ],
            asset.id === null ? null : [say('assets.number'), String(asset.id), 'number'],
          ]}
        />
      </Section>
      <Section title={t('approval.later')}>
        <p>{say('assets.watch.later')}</p>
      </Section>
    </>
  )
}
