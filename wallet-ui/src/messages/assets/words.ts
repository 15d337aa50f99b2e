import { useWords } from '../../app/wallet-context.ts'
import { type Say, tableOf } from '../table.ts'
import type { assetsEn } from './en.ts'

const ASSETS_TABLE = tableOf<typeof assetsEn>({
  en: () => import('./en.ts').then((table) => table.assetsEn),
  de: () => import('./de.ts').then((table) => table.assetsDe),
  ar: () => import('./ar.ts').then((table) => table.assetsAr),
})

/** Only for screens that are loaded when they are opened. */
export function useAssetWords(): Say<typeof assetsEn> {
  return ASSETS_TABLE.use(useWords().language).say
}
