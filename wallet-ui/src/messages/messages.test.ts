import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chooseLanguage, LANGUAGES, loadWords } from './language.ts'
import type { Plural } from './table.ts'

type Table = Record<string, string | Plural>
const languages = Object.keys(LANGUAGES)
/** Folders with one file for each language. */
const AREAS = ['.', './accounts', './assets', './history', './intent', './phone', './safety', '../identity/messages']

async function tablesOf(area: string) {
  const tables = await Promise.all(
    languages.map(async (language) => {
      const exported: Record<string, Table> = await import(`${area}/${language}.ts`)
      return [language, Object.values(exported)[0]!] as const
    }),
  )
  return { area, source: new Map(tables).get('en')!, tables }
}
const TABLES = await Promise.all(AREAS.map(tablesOf))
const forms = (message: string | Plural): string[] => (typeof message === 'string' ? [message] : Object.values(message))
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()

const tables = TABLES.flatMap(({ area, source, tables }) =>
  tables.map(([language, messages]) => ({ language, area, source, messages })),
)
describe.each(tables)('messages in $language for $area', ({ language, source, messages }) => {
  it('have the keys of English, none empty', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(source).sort())
    for (const [key, message] of Object.entries(messages))
      for (const form of forms(message)) expect(form.trim(), key).not.toBe('')
  })

  it('have the placeholders of English in every form', () => {
    for (const [key, message] of Object.entries(messages)) {
      const original = source[key]!
      const wanted = placeholders(typeof original === 'string' ? original : original.other)
      expect(placeholders(typeof message === 'string' ? message : message.other), key).toEqual(wanted)
      for (const form of forms(message)) for (const name of placeholders(form)) expect(wanted, key).toContain(name)
    }
  })

  it('have a form for every plural category of the language', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, message] of Object.entries(messages))
      if (typeof message !== 'string') expect(Object.keys(message), key).toEqual(expect.arrayContaining(categories))
  })

  it('blame nobody and shout at nobody', () => {
    for (const [key, message] of Object.entries(messages))
      for (const form of forms(message)) expect(form, key).not.toMatch(/!|trustless|oops/i)
  })
})

it('no folder of tables is forgotten', () => {
  const folder = new URL('../', import.meta.url)
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'))
  const found = names.filter((name) => /messages\/(\w+\/)?en\.ts$/.test(name))
  expect(found.sort()).toEqual(
    AREAS.map((area) => new URL(`${area}/en.ts`, import.meta.url).href.slice(folder.href.length)).sort(),
  )
})

const isTable = (name: string) => new RegExp(`messages[\\\\/](\\w+[\\\\/])?(${languages.join('|')})\\.ts$`).test(name)

it('every message is used', () => {
  const folder = new URL('../', import.meta.url)
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/test\.tsx?$/.test(name) && !isTable(name))
    .map((name) => readFileSync(new URL(name.replaceAll('\\', '/'), folder), 'utf8'))
    .join('\n')
  const literal = new Set([...sources.matchAll(/'([\w.-]+)'/g)].map(([, key]) => key))
  const built = [...sources.matchAll(/`([a-z]+(?:\.[\w-]+)*\.)\$\{/g)].flatMap(([, prefix]) => (prefix ? [prefix] : []))
  const unused = TABLES.flatMap(({ source }) => Object.keys(source)).filter(
    (key) => !literal.has(key) && !built.some((prefix) => key.startsWith(prefix)),
  )
  expect(unused).toEqual([])
})

const WORDS = [await loadWords('en'), await loadWords('de')] as const

describe('words', () => {
  const [english, german] = WORDS

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

  it('let what is filled in run in its own direction where lines run from the right', async () => {
    const arabic = await loadWords('ar')
    expect(arabic.t('proof.said', { by: 'node.example' })).toBe('حسب قول \u2068node.example\u2069')
    expect(english.t('proof.said', { by: 'node.example' })).toBe('node.example says')
    // One form of digits everywhere: an amount that is read can be typed.
    expect(arabic.number(1234.5)).toBe('1,234.5')
    expect(arabic.t('pulse.sources', { count: 3 })).toBe('\u20683\u2069 مصادر')
    expect(arabic.t('pulse.sources', { count: 2 })).toBe('مصدران')
  })

  it('follow the wishes of the browser', () => {
    expect(chooseLanguage(['fr-FR', 'de-AT', 'en'])).toBe('de')
    expect(chooseLanguage(['ar-EG', 'en'])).toBe('ar')
    expect(chooseLanguage(['fr', 'toString'])).toBe('en')
    expect(chooseLanguage([])).toBe('en')
  })
})
