/** Which languages there are, and how each is written. */

export const LANGUAGES = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const
export type Language = keyof typeof LANGUAGES
export type Direction = 'ltr' | 'rtl'

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text)
}

export const directionOf = (language: Language): Direction => (language === 'ar' ? 'rtl' : 'ltr')

/** Digits are the same in every language here: addresses, amounts and what is typed have one form. */
export const localeOf = (language: Language): string => `${language}-u-nu-latn`
