import { useWallet, useWords } from '../../app/wallet-context.ts'
import { INTENT_TABLE } from '../../messages/intent/words.ts'
import type { Speech } from './speech.ts'

export function useSpeech(): Speech {
  const { state } = useWallet()
  const words = useWords()
  return { words, say: INTENT_TABLE.use(words.language).say, symbol: state.network.symbol, accounts: state.accounts }
}

/** The core names its warnings by code; one that is not known here speaks for itself. */
export function useWarningWords(): (warning: { readonly code: string; readonly message: string }) => string {
  const { has, say } = INTENT_TABLE.use(useWords().language)
  return ({ code, message }) => {
    const key = `warning.${code}`
    return has(key) ? (say as (key: string) => string)(key) : message
  }
}
