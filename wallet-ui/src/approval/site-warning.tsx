import { useWallet } from '../app/wallet-context.ts'
import { Notice } from '../controls/notice.tsx'
import { useHistoryWords } from '../messages/history/words.ts'

/** For a site on the list of phishing sites. Compared here, on this device: nobody is asked about it. */
export function SiteWarning({ origin }: { origin: string | null }) {
  const { state } = useWallet()
  if (origin === null || !state.belongings.lists.warnedSites.includes(origin)) return null
  return <PhishingNotice />
}

function PhishingNotice() {
  const say = useHistoryWords()
  return (
    <Notice kind="loss" title={say('phishing.title')} live testId="phishing">
      <p>{say('phishing.text')}</p>
    </Notice>
  )
}
