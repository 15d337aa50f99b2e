import { preferredLanguages, rememberedLanguage } from '../infrastructure/page.ts'
import { chooseLanguage, isLanguage, type Language } from './language.ts'

/** The language the wallet is shown in: the one chosen here, otherwise the best the browser wishes for. */
export function languageNow(): Language {
  const remembered = rememberedLanguage()
  return remembered !== null && isLanguage(remembered) ? remembered : chooseLanguage(preferredLanguages())
}
