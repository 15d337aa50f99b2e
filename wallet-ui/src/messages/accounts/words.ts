import { useWords } from '../../app/wallet-context.ts'
import { type Say, tableOf } from '../table.ts'
import type { accountsEn } from './en.ts'

export const ACCOUNTS_TABLE = tableOf<typeof accountsEn>({
  en: () => import('./en.ts').then((table) => table.accountsEn),
  de: () => import('./de.ts').then((table) => table.accountsDe),
  ar: () => import('./ar.ts').then((table) => table.accountsAr),
})

/** Says the words of the screens around accounts. Only for screens that are loaded when they are opened. */
export function useAccountWords(): Say<typeof accountsEn> {
  return ACCOUNTS_TABLE.use(useWords().language).say
}
