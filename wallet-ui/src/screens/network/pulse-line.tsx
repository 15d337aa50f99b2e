import { routeHref } from '../../app/route.ts'
import { useNow, useWallet, useWords } from '../../app/wallet-context.ts'
import { pulseWords } from './pulse-words.ts'

/** The network's pulse as one quiet line. */
export function PulseLine() {
  const { state } = useWallet()
  const words = useWords()
  const now = useNow()
  return (
    <a
      className={`pulse pulse-${state.pulse.state}`}
      href={routeHref('network')}
      data-testid="pulse"
      data-pulse={state.pulse.state}
    >
      <span className="hidden-text">{words.t('home.pulse')}: </span>
      {state.network.name} · {pulseWords(state, words, now)}
    </a>
  )
}
