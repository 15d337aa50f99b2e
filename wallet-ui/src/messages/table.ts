/**
 * Tables of messages, one for each area and language, each fetched when it is first spoken.
 * @module
 */
import { use } from 'react'
import { fetchOnce } from '../app/fetch-once.ts'
import { directionOf, type Language, localeOf } from './languages.ts'

/** Plural forms of one message; `other` always exists. */
export type Plural = { readonly [form in Intl.LDMLPluralRule]?: string } & { readonly other: string }

/** The shape every translation of a table has: the keys of English, each of the same kind. */
export type TranslationOf<E> = { readonly [K in keyof E]: E[K] extends string ? string : Plural }

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

/** One table in one language. */
export interface Spoken<E> {
  readonly say: Say<E>
  has(key: string): key is keyof E & string
}

export interface Table<E> {
  load(language: Language): Promise<Spoken<E>>
  /** For drawing: until the table is there, what is drawn waits in its Suspense boundary. */
  use(language: Language): Spoken<E>
  /** @throws when the language was not loaded */
  loaded(language: Language): Spoken<E>
}

/** @param fetchers fetch the table of one language; English is the source and the type of all */
export function tableOf<E>(fetchers: Readonly<Record<Language, () => Promise<TranslationOf<E>>>>): Table<E> {
  const there = new Map<Language, Spoken<E>>()
  const fetchSpoken = (language: Language) =>
    fetchOnce(async () => {
      const spoken = speak<E>(await fetchers[language](), language)
      there.set(language, spoken)
      return spoken
    })
  const fetches = { en: fetchSpoken('en'), de: fetchSpoken('de'), ar: fetchSpoken('ar') }
  const load = (language: Language) => fetches[language]()
  return {
    load,
    use: (language) => use(load(language)),
    loaded: (language) => {
      const spoken = there.get(language)
      if (!spoken) throw new Error(`The words of "${language}" are not loaded`)
      return spoken
    },
  }
}

/** What is filled in runs in its own direction and does not turn the words around it (UAX #9, FSI … PDI). */
const isolated = (text: string): string => (text === '' ? '' : `\u2068${text}\u2069`)

function speak<E>(messages: TranslationOf<E>, language: Language): Spoken<E> {
  const plurals = new Intl.PluralRules(language)
  const numbers = new Intl.NumberFormat(localeOf(language))
  const placed = directionOf(language) === 'rtl' ? isolated : (text: string) => text
  return {
    has: (key): key is keyof E & string => Object.hasOwn(messages, key),
    say: (key, ...parameters) => {
      const message = messages[key] as string | Plural
      const given: Readonly<Record<string, string | number>> = parameters[0] ?? {}
      const text =
        typeof message === 'string' ? message : (message[plurals.select(Number(given.count))] ?? message.other)
      return text.replace(/\{(\w+)\}/g, (_, name: string) => {
        const value = given[name]
        return placed(typeof value === 'number' ? numbers.format(value) : (value ?? ''))
      })
    },
  }
}
