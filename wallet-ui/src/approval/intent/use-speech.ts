import { useWallet, useWords } from '../../app/wallet-context.ts'
import { intentWords } from '../../messages/intent/words.ts'
import type { Speech } from './speech.ts'

export function useSpeech(): Speech {
  const { state } = useWallet()
  const words = useWords()
  return { words, say: intentWords(words.language), symbol: state.network.symbol, accounts: state.accounts }
}
