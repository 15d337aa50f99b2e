import { useWords } from '../../app/wallet-context.ts'
import { type Say, tableOf } from '../table.ts'
import type { phoneEn } from './en.ts'

export const PHONE_TABLE = tableOf<typeof phoneEn>({
  en: () => import('./en.ts').then((table) => table.phoneEn),
  de: () => import('./de.ts').then((table) => table.phoneDe),
  ar: () => import('./ar.ts').then((table) => table.phoneAr),
})

/** Only for screens that are loaded when they are opened. */
export function usePhoneWords(): Say<typeof phoneEn> {
  return PHONE_TABLE.use(useWords().language).say
}
