import { preferredLanguages, rememberedLanguage } from '@glowworm/wallet-ui/infrastructure/page'
import { chooseLanguage, isLanguage } from '@glowworm/wallet-ui/messages/language'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type MessageKey } from './en.ts'

const MESSAGES = { en, de, ar }

/** The language the wallet itself is shown in. */
export function languageNow(): keyof typeof MESSAGES {
  const remembered = rememberedLanguage()
  return remembered !== null && isLanguage(remembered) ? remembered : chooseLanguage(preferredLanguages())
}

export function say(key: MessageKey, values: Readonly<Record<string, string>> = {}): string {
  return MESSAGES[languageNow()][key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
