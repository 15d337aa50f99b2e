/**
 * Words by language. Messages are data: a text with `{placeholders}`, or plural forms of one, chosen by
 * `Intl.PluralRules` with the placeholder `{count}`. English is the source; its keys and placeholders type the rest.
 * @module
 */
import { type Signs, signsOf } from '../amount/units.ts'
import type { en } from './en.ts'
import { directionOf, isLanguage, type Language, localeOf } from './languages.ts'
import { type Say, type Spoken, type TranslationOf, tableOf } from './table.ts'

export { directionOf, isLanguage, LANGUAGES, type Language } from './languages.ts'

export type MessageKey = keyof typeof en
export type Messages = TranslationOf<typeof en>

/** What every screen needs; areas have tables of their own. */
const WALLET = tableOf<typeof en>({
  en: () => import('./en.ts').then((table) => table.en),
  de: () => import('./de.ts').then((table) => table.de),
  ar: () => import('./ar.ts').then((table) => table.ar),
})

/** Everything a screen needs to speak one language. */
export interface Words {
  readonly language: Language
  readonly signs: Signs
  readonly t: Say<typeof en>
  /** Whether there is a message with this key: codes and names of facts come from elsewhere. */
  has(key: string): key is MessageKey
  number(value: number | bigint): string
  /** An amount with its unit keeps its order among words that run from the right (UAX #9, LRI … PDI). */
  amount(text: string): string
  percent(share: number): string
  /** A moment with date and time of day. */
  moment(time: number): string
  /** How long ago, e.g. `12 min. ago`. */
  ago(time: number, now: number): string
  bytes(count: number): string
  list(items: readonly string[]): string
}

const made = new Map<Language, Words>()

/** Fetches the words of a language; afterwards `wordsOf` has them. */
export async function loadWords(language: Language): Promise<Words> {
  await WALLET.load(language)
  return wordsOf(language)
}

/** The words of a language for drawing: until they are there, what is drawn waits in its Suspense boundary. */
export function useWordsOf(language: Language): Words {
  WALLET.use(language)
  return wordsOf(language)
}

/** The words of a language that was loaded. */
export function wordsOf(language: Language): Words {
  const words = made.get(language) ?? makeWords(language, WALLET.loaded(language))
  made.set(language, words)
  return words
}

/** The first of the wished languages that exists here; English when none does. */
export function chooseLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const base = wish.toLowerCase().split('-')[0]
    if (base !== undefined && isLanguage(base)) return base
  }
  return 'en'
}

function makeWords(language: Language, spoken: Spoken<typeof en>): Words {
  const locale = localeOf(language)
  const numbers = new Intl.NumberFormat(locale)
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'auto' })
  const sizes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    language,
    signs: signsOf(locale),
    t: spoken.say,
    has: spoken.has,
    amount: directionOf(language) === 'rtl' ? (text) => `\u2066${text}\u2069` : (text) => text,
    number: (value) => numbers.format(value),
    percent: (share) => shares.format(share),
    moment: (time) => moments.format(time),
    ago: (time, now) => {
      const seconds = Math.max(0, Math.round((now - time) / 1000))
      if (seconds < 5) return relative.format(0, 'second')
      if (seconds < 60) return relative.format(-seconds, 'second')
      if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute')
      if (seconds < 86400) return relative.format(-Math.floor(seconds / 3600), 'hour')
      return relative.format(-Math.floor(seconds / 86400), 'day')
    },
    bytes: (count) => {
      if (count < 1024) return `${numbers.format(count)} B`
      if (count < 1024 * 1024) return `${sizes.format(count / 1024)} KB`
      return `${sizes.format(count / 1024 / 1024)} MB`
    },
    list: (items) => lists.format(items),
  }
}
