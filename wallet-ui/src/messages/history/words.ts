import { useWords } from '../../app/wallet-context.ts'
import { type Say, tableOf } from '../table.ts'
import type { historyEn } from './en.ts'

const HISTORY_TABLE = tableOf<typeof historyEn>({
  en: () => import('./en.ts').then((table) => table.historyEn),
  de: () => import('./de.ts').then((table) => table.historyDe),
  ar: () => import('./ar.ts').then((table) => table.historyAr),
})

/** Only for screens that are loaded when they are opened. */
export function useHistoryWords(): Say<typeof historyEn> {
  return HISTORY_TABLE.use(useWords().language).say
}
