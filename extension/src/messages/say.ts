import { languageNow } from '@glowworm/wallet-ui/messages/language-now'
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en, type MessageKey } from './en.ts'

const MESSAGES = { en, de, ar }

export function say(key: MessageKey, values: Readonly<Record<string, string>> = {}): string {
  return MESSAGES[languageNow()][key].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
