/** The words of approvals. A table of their own, because approvals are loaded when the first one is due. @module */
import { type Say, type TranslationOf, tableOf } from '../table.ts'
import type { en } from './en.ts'

export type IntentMessages = TranslationOf<typeof en>
export type IntentSay = Say<typeof en>

export const INTENT_TABLE = tableOf<typeof en>({
  en: () => import('./en.ts').then((table) => table.en),
  de: () => import('./de.ts').then((table) => table.de),
  ar: () => import('./ar.ts').then((table) => table.ar),
})
