import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { Notice } from '../../controls/notice.tsx'
import { provenAhead } from './clock.ts'

/** When what is proven shows that the clock of this device is behind. */
export function ClockNotice() {
  const { state } = useWallet()
  const words = useWords()
  const now = useNow()
  const ahead = provenAhead(state.pulse, now)
  if (ahead === null) return null
  return (
    <Notice kind="caution" title={words.t('clock.behind.title')} testId="clock-behind">
      <p>{words.t('clock.behind.text', { proven: words.moment(ahead), here: words.moment(now) })}</p>
    </Notice>
  )
}

/** When nothing can be proven: what this device takes for the time, for nobody can prove it to be wrong. */
export function ClockQuestion() {
  const words = useWords()
  const now = useNow()
  return (
    <p className="fine" data-testid="clock-question">
      {words.t('clock.ask', { here: words.moment(now) })}
    </p>
  )
}
