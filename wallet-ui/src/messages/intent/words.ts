/** The words of approvals. A table of their own, because approvals are loaded when the first one is due. @module */
import { type Language, type Say, sayIn, type TranslationOf } from '../language.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export type IntentMessages = TranslationOf<typeof en>
export type IntentSay = Say<typeof en>

const MESSAGES: Record<Language, IntentMessages> = { en, de }
const made = new Map<Language, IntentSay>()

export function intentWords(language: Language): IntentSay {
  const known = made.get(language) ?? sayIn<typeof en>(MESSAGES[language], language)
  made.set(language, known)
  return known
}
