import { readClaimedSite } from '@glowworm/wallet-core/provider/claimed-site'
import { useWallet } from '../app/wallet-context.ts'
import { Notice } from '../controls/notice.tsx'
import { useHistoryWords } from '../messages/history/words.ts'
import { usePhoneWords } from '../messages/phone/words.ts'

/** For a page that no browser vouches for, and for a site on the list of phishing sites, which is compared on this device. */
export function SiteWarning({ origin }: { origin: string | null }) {
  const { state } = useWallet()
  if (origin === null) return null
  const claimed = readClaimedSite(origin)
  return (
    <>
      {claimed && <ClaimNotice origin={claimed.origin} />}
      {state.belongings.lists.warnedSites.includes(claimed?.origin ?? origin) && <PhishingNotice />}
    </>
  )
}

function ClaimNotice({ origin }: { origin: string }) {
  const say = usePhoneWords()
  return (
    <Notice kind="caution" testId="claimed-origin">
      <p className="breaks">{say('phone.claimed', { origin })}</p>
    </Notice>
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
