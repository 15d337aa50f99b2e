import { useWords } from '../../app/wallet-context.ts'
import { type Language, type Say, sayIn, type TranslationOf } from '../language.ts'
import { accountsDe } from './de.ts'
import { accountsEn } from './en.ts'

export const ACCOUNT_MESSAGES: Readonly<Record<Language, TranslationOf<typeof accountsEn>>> = {
  en: accountsEn,
  de: accountsDe,
}

const made = new Map<Language, Say<typeof accountsEn>>()

/** Says the words of the screens around accounts. Only for screens that are loaded when they are opened. */
export function useAccountWords(): Say<typeof accountsEn> {
  const { language } = useWords()
  const say = made.get(language) ?? sayIn<typeof accountsEn>(ACCOUNT_MESSAGES[language], language)
  made.set(language, say)
  return say
}
