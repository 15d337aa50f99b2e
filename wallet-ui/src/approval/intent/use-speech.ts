import { useWallet, useWords } from '../../app/wallet-context.ts'
import { INTENT_TABLE } from '../../messages/intent/words.ts'
import type { Speech } from './speech.ts'

export function useSpeech(): Speech {
  const { state } = useWallet()
  const words = useWords()
  return { words, say: INTENT_TABLE.use(words.language).say, symbol: state.network.symbol, accounts: state.accounts }
}
