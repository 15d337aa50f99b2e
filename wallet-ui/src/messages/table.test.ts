import { createElement, Suspense } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { beforeEach, expect, it, vi } from 'vitest'
import { tableOf } from './table.ts'

const asked = vi.hoisted(() => [] as unknown[])
vi.mock(import('react'), async (original) => {
  const react = await original()
  return {
    ...react,
    use: (usable) => {
      asked.push(usable)
      return react.use(usable)
    },
  }
})

const EN = { hello: 'Hello' }
const table = () => tableOf<typeof EN>({ en: async () => EN, de: async () => EN, ar: async () => EN })
const drawn = (of: ReturnType<typeof table>) => {
  const Hello = () => of.use('en').say('hello')
  return renderToStaticMarkup(createElement(Suspense, { fallback: 'waits' }, createElement(Hello)))
}

beforeEach(() => {
  asked.length = 0
})

it('what is there is drawn at once, what is not yet waits', async () => {
  const words = table()
  expect(drawn(words)).toContain('waits')
  await words.load('en')
  expect(drawn(words)).toBe('Hello')
})

it('React is asked with the same promise whether the words are there or not', async () => {
  const words = table()
  drawn(words)
  await words.load('en')
  const before = asked.length
  drawn(words)
  expect(asked.length).toBeGreaterThan(before)
  expect(asked.every((promise) => promise === words.load('en'))).toBe(true)
})

it('words that could not be fetched are fetched again', async () => {
  let offline = true
  const words = tableOf<typeof EN>({
    en: async () => {
      if (offline) throw new Error('offline')
      return EN
    },
    de: async () => EN,
    ar: async () => EN,
  })
  await expect(words.load('en')).rejects.toThrow('offline')
  offline = false
  await words.load('en')
  expect(drawn(words)).toBe('Hello')
})
