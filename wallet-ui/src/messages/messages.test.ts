import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { de as identityDe } from '../identity/messages/de.ts'
import { en as identityEn } from '../identity/messages/en.ts'
import { accountsEn } from './accounts/en.ts'
import { ACCOUNT_MESSAGES } from './accounts/words.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { de as intentGerman } from './intent/de.ts'
import { en as intent } from './intent/en.ts'
import { chooseLanguage, LANGUAGES, type Plural, wordsOf } from './language.ts'

type Table = Record<string, string | Plural>
const TABLES: { of: string; source: Table; translations: Record<string, Table> }[] = [
  { of: 'the wallet', source: en, translations: { en, de } },
  { of: 'approvals', source: intent, translations: { en: intent, de: intentGerman } },
  { of: 'accounts', source: accountsEn, translations: ACCOUNT_MESSAGES },
  { of: 'identity', source: identityEn, translations: { en: identityEn, de: identityDe } },
]
const forms = (message: string | Plural): string[] => (typeof message === 'string' ? [message] : Object.values(message))
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

const tables = TABLES.flatMap(({ of, source, translations }) =>
  Object.keys(LANGUAGES).map((language) => [language, of, source, translations] as const),
)
describe.each(tables)('messages in %s for %s', (language, _, source, translations) => {
  const messages = translations[language]

  it('have the keys of English, none empty', () => {
    expect(Object.keys(messages ?? {}).sort()).toEqual(Object.keys(source).sort())
    for (const [key, message] of Object.entries(messages ?? {}))
      for (const form of forms(message)) expect(form.trim(), key).not.toBe('')
  })

  it('have the placeholders of English in every form', () => {
    for (const [key, message] of Object.entries(messages ?? {})) {
      const original = source[key]!
      const wanted = placeholders(typeof original === 'string' ? original : original.other)
      expect(placeholders(typeof message === 'string' ? message : message.other), key).toEqual(wanted)
      for (const form of forms(message)) for (const name of placeholders(form)) expect(wanted, key).toContain(name)
    }
  })

  it('have a form for every plural category of the language', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, message] of Object.entries(messages ?? {}))
      if (typeof message !== 'string') expect(Object.keys(message), key).toEqual(expect.arrayContaining(categories))
  })

  it('blame nobody and shout at nobody', () => {
    for (const [key, message] of Object.entries(messages ?? {}))
      for (const form of forms(message)) expect(form, key).not.toMatch(/!|trustless|oops/i)
  })
})

it('every message is used', () => {
  const folder = new URL('../', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(
      (name) => /\.tsx?$/.test(name) && !/test\.tsx?$/.test(name) && !/messages[\\/](\w+[\\/])?(en|de)\.ts$/.test(name),
    )
    .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
    .join('\n')
  const literal = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key))
  const built = [...sources.matchAll(/`([a-z]+(?:\.[\w-]+)*\.)\$\{/g)].flatMap(([, prefix]) => (prefix ? [prefix] : []))
  const unused = TABLES.flatMap(({ source }) => Object.keys(source)).filter(
    (key) => !literal.has(key) && !built.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})

describe('words', () => {
  const english = wordsOf('en')
  const german = wordsOf('de')

  it('fill placeholders and choose plural forms', () => {
    expect(english.t('pulse.sources', { count: 1 })).toBe('1 source')
    expect(english.t('pulse.sources', { count: 1234 })).toBe('1,234 sources')
    expect(german.t('pulse.sources', { count: 1 })).toBe('1 Quelle')
    expect(german.t('proof.final', { finality: 'endgültig', height: german.number(24_784_163n) })).toBe(
      'endgültig · Block 24.784.163',
    )
  })

  it('do not read placeholders out of what is filled in', () => {
    expect(english.t('proof.said', { by: '{height}' })).toBe('{height} says')
  })

  it('tell ages in the largest fitting unit, and never a future', () => {
    expect(english.ago(0, 12 * 60_000)).toMatch(/^12 min/)
    expect(english.ago(0, 3 * 3600_000)).toMatch(/^3 h/)
    expect(german.ago(0, 2 * 86_400_000)).toMatch(/Tag|vorgestern/)
    expect(english.ago(10_000, 0)).toBe('now')
  })

  it('print sizes', () => {
    expect(english.bytes(1023)).toBe('1,023 B')
    expect(english.bytes(1536)).toBe('1.5 KB')
    expect(german.bytes(1_733_120)).toBe('1,7 MB')
  })

  it('follow the wishes of the browser', () => {
    expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de')
    expect(chooseLanguage(['fr', 'toString'])).toBe('en')
    expect(chooseLanguage([])).toBe('en')
  })
})
