import type { SourceView, WalletState } from '@glowworm/wallet-core/facade/facade'
import { problemWords } from '../../app/command.ts'
import type { Words } from '../../messages/language.ts'
import { stepWords } from '../../proof/reading.ts'

/** A source counts once it has delivered something that held: being named, or connected, is no evidence. */
export const hasAnswered = ({ answers, lie }: SourceView): boolean => lie === null && answers > 0

export function pulseWords(state: Pick<WalletState, 'pulse' | 'sources'>, words: Words, now: number): string {
  const { pulse } = state
  switch (pulse.state) {
    case 'idle':
      return words.t('pulse.idle')
    case 'starting':
      return `${words.t('pulse.starting')} · ${stepWords(pulse, words)}`
    case 'following': {
      return words.t('pulse.following', {
        ago: words.ago(pulse.finalizedTime, now),
        sources: words.t('pulse.sources', { count: state.sources.filter(hasAnswered).length }),
      })
    }
    case 'stalled':
      return pulse.lastTime === null
        ? words.t('pulse.stalled', { cause: problemWords(pulse.problem, words).what })
        : words.t('pulse.stalled.since', { ago: words.ago(pulse.lastTime, now) })
  }
}
