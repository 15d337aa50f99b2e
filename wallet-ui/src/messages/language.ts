/**
 * Words by language. Messages are data: a text with `{placeholders}`, or plural forms of one, chosen by
 * `Intl.PluralRules` with the placeholder `{count}`. English is the source; its keys and placeholders type the rest.
 * @module
 */
import { type Signs, signsOf } from '../amount/units.ts'
import { de } from './de.ts'
import { en } from './en.ts'

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

/** Plural forms of one message; `other` always exists. */
export type Plural = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string }

export type MessageKey = keyof typeof en
/** The shape every translation of a table has: the keys of English, each of the same kind. */
export type TranslationOf<E> = { readonly [K in keyof E]: E[K] extends string ? string : Plural }
export type Messages = TranslationOf<typeof en>

type Placeholders<S extends string> = S extends `${string}{${infer P}}${infer Rest}` ? P | Placeholders<Rest> : never
type ParametersOf<M> = M extends string
  ? Placeholders<M>
  : M extends { readonly other: infer O extends string }
    ? Placeholders<O>
    : never
type Arguments<M> = [ParametersOf<M>] extends [never]
  ? []
  : [parameters: { readonly [P in ParametersOf<M>]: string | number }]

/** Says the messages of one table. */
export type Say<E> = <K extends keyof E & string>(key: K, ...parameters: Arguments<E[K]>) => string

const MESSAGES: Record<Language, Messages> = { en, de }

/** Everything a screen needs to speak one language. */
export interface Words {
  readonly language: Language
  readonly signs: Signs
  readonly t: Say<typeof en>
  number(value: number | bigint): string
  percent(share: number): string
  /** A moment with date and time of day. */
  moment(time: number): string
  /** How long ago, e.g. `12 min. ago`. */
  ago(time: number, now: number): string
  bytes(count: number): string
  list(items: readonly string[]): string
}

const made = new Map<Language, Words>()

export function wordsOf(language: Language): Words {
  let words = made.get(language)
  if (!words) {
    words = makeWords(language)
    made.set(language, words)
  }
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

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text)
}

/** For tables that are loaded with the screens they belong to. */
export function sayIn<E>(messages: TranslationOf<E>, language: Language): Say<E> {
  const plurals = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(language)
  return (key, ...parameters) => {
    const message = messages[key] as string | Plural
    const given: Readonly<Record<string, string | number>> = parameters[0] ?? {}
    const text = typeof message === 'string' ? message : (message[plurals.select(Number(given.count))] ?? message.other)
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = given[name]
      return typeof value === 'number' ? numbers.format(value) : (value ?? '')
    })
  }
}

function makeWords(language: Language): Words {
  const numbers = new Intl.NumberFormat(language)
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'auto' })
  const sizes = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const lists = new Intl.ListFormat(language, { type: 'conjunction' })
  return {
    language,
    signs: signsOf(language),
    t: sayIn<typeof en>(MESSAGES[language], language),
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
