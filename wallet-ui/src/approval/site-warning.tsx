import { readClaimedSite } from '@glowworm/wallet-core/provider/claimed-site'
import { useWallet, useWords } from '../app/wallet-context.ts'
import { Notice } from '../controls/notice.tsx'
import { useHistoryWords } from '../messages/history/words.ts'

/** For a page that no browser vouches for, and for a site on the list of phishing sites, which is compared on this device. */
export function SiteWarning({ origin }: { origin: string | null }) {
  const { state } = useWallet()
  const { t } = useWords()
  if (origin === null) return null
  const claimed = readClaimedSite(origin)
  return (
    <>
      {claimed && (
        <Notice kind="caution" testId="claimed-origin">
          <p className="breaks">{t('approval.origin.claimed', { origin: claimed.origin })}</p>
        </Notice>
      )}
      {state.belongings.lists.warnedSites.includes(claimed?.origin ?? origin) && <PhishingNotice />}
    </>
  )
}

function PhishingNotice() {
  const say = useHistoryWords()
  return (
    <Notice kind="loss" title={say('phishing.title')} live testId="phishing">
      <p>{say('phishing.text')}</p>
    </Notice>
  )
}
