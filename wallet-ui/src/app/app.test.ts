import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FakeProblem } from '../dev/fake-facade.ts'
import { loadWords } from '../messages/language.ts'
import { problemOf, problemWords } from './command.ts'
import { parseRoute, routeHref } from './route.ts'

describe('routes', () => {
  it('survive the way into the hash and back', () => {
    for (const parts of [['home'], ['activity', 'a/b c#?'], ['activity', '%']])
      expect(parseRoute(routeHref(...parts))).toEqual(parts)
  })

  it('lead home when there is nothing, and never throw', () => {
    for (const hash of ['', '#', '#/', '#//']) expect(parseRoute(hash)).toEqual(['home'])
    expect(parseRoute('#/activity/%E0%A4')).toEqual(['activity', '%E0%A4'])
  })
})

const words = await loadWords('en')

describe('problems', () => {
  it('are taken from the façade and translated where the code is known', () => {
    const problem = problemOf(new FakeProblem('WRONG_PASSWORD', 'The vault does not open.'))
    expect(problemWords(problem, words)).toEqual({
      what: 'This is not the password.',
      next: 'Try again. Capital letters matter.',
      detail: 'The vault does not open.',
    })
  })

  it('speak for themselves otherwise', () => {
    const problem = { code: 'toString', kind: 'usage', message: 'Odd.', next: null }
    expect(problemWords(problem, words)).toEqual({ what: 'Odd.', next: null, detail: null })
    expect(problemOf(new RangeError('far'))).toMatchObject({ code: 'UNEXPECTED', message: 'RangeError: far' })
    expect(problemOf({ problem: 'none' })).toMatchObject({ code: 'UNEXPECTED' })
  })
})

it('nothing but the fake entry and tests import what is made up', () => {
  const folder = new URL('../', import.meta.url)
  const importers = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.startsWith('dev'))
    .filter((name) => /from '[./]+dev\//.test(readFileSync(new URL(name, folder), 'utf8')))
  expect(importers).toEqual([])
})
