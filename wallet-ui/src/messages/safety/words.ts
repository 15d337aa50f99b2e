import { useWords } from '../../app/wallet-context.ts'
import { type Say, tableOf } from '../table.ts'
import type { safetyEn } from './en.ts'

export const SAFETY_TABLE = tableOf<typeof safetyEn>({
  en: () => import('./en.ts').then((table) => table.safetyEn),
  de: () => import('./de.ts').then((table) => table.safetyDe),
  ar: () => import('./ar.ts').then((table) => table.safetyAr),
})

/** Only for screens that are loaded when they are opened. */
export function useSafetyWords(): Say<typeof safetyEn> {
  return SAFETY_TABLE.use(useWords().language).say
}
