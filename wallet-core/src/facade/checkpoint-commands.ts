/** What a person can do when the start has become too old. @module */
import { WalletError } from '../errors.ts'
import type { Core } from './core.ts'
import type { WalletFacade } from './facade.ts'
import { unlessStopped } from './stopped.ts'

export function createCheckpointCommands(core: Core): Pick<WalletFacade, 'askForCheckpoint' | 'goOnFromOld'> {
  return {
    async askForCheckpoint({ operators }, stop) {
      const urls = Array.isArray(operators) ? operators.filter((url) => typeof url === 'string') : []
      const { askOperators } = core.ports
      if (!askOperators) throw new CannotAskOperators()
      return unlessStopped(askOperators(urls, stop), stop)
    },
    async goOnFromOld({ words }) {
      const { pulse } = core.connection
      const stale = pulse.state === 'stalled' ? pulse.staleStart : undefined
      if (!stale) throw new StartNotStale()
      if (words !== stale.words) throw new WrongWords(stale.words)
      // For this one start: what it proves is new, and the next one has nothing to ask.
      await core.follow(Math.floor(stale.ageDays) + 1)
    },
  }
}

/** The shell reaches no operators. */
export class CannotAskOperators extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.CannotAskOperators', code: 'CANNOT_ASK_OPERATORS', kind: 'unreachable' },
      'This wallet cannot ask operators for a block here.',
      { next: 'Enter a block root that you have from a place you trust.' },
    )
  }
}

export class StartNotStale extends WalletError {
  constructor() {
    super(
      { name: 'Wallet.StartNotStale', code: 'START_NOT_STALE', kind: 'usage' },
      'What this wallet starts from is not too old, so there is nothing to go on from in spite of that.',
    )
  }
}

export class WrongWords extends WalletError {
  constructor(words: string) {
    super(
      { name: 'Wallet.WrongWords', code: 'WRONG_WORDS', kind: 'usage' },
      `A start that is too old is gone on from only when that is said: expected “${words}”.`,
      { next: 'Take a newer block root instead, or say the words.' },
    )
  }
}
