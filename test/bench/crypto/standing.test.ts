import { expect, it } from 'vitest'
import type { PlacedRow } from '../compare.ts'
import { goals, INSTANTIATION } from './goals.ts'
import { reportHtml } from './report-html.ts'
import { reportText } from './report-text.ts'
import { standings, tally } from './standing.ts'

const goal = goals.find(({ aim }) => aim !== undefined)!
const row = (ratio: number, where: PlacedRow['where'] = 'node', name = goal.name): PlacedRow => ({
  name,
  ours: 10,
  peer: 10 * ratio,
  peerName: goal.peerName,
  ratio,
  unit: 'us',
  where,
})
const started = (milliseconds: number, where: PlacedRow['where']): PlacedRow => ({
  name: INSTANTIATION.name,
  ours: milliseconds,
  peer: null,
  peerName: null,
  ratio: null,
  unit: 'ms',
  where,
})

it('judges a row by the goal of its name and peer, and what has none not at all', () => {
  const rows = [row(goal.aim!), row(goal.atLeast), row(goal.atLeast - 0.01), row(0.1, 'node', 'something else')]
  expect(standings(rows).map(({ verdict }) => verdict)).toEqual(['aim', 'least', 'short', undefined])
  expect(standings([{ ...row(9), peerName: 'another' }])[0]!.verdict).toBeUndefined()
})

it('judges the start of the verifier in Chromium only', () => {
  const limit = INSTANTIATION.atMostMilliseconds
  const rows = [started(limit - 1, 'chromium'), started(limit, 'chromium'), started(limit + 1, 'node')]
  expect(standings(rows).map(({ verdict }) => verdict)).toEqual(['least', 'short', undefined])
})

it('counts what reaches its least, and the goals nobody measured', () => {
  const rows = [row(goal.atLeast), row(goal.atLeast - 1, 'chromium'), started(1, 'chromium')]
  expect(tally(standings(rows))).toEqual({ reached: 2, judged: 3, notMeasured: 2 * goals.length - 2 })
})

it('flags a row that falls short, in words, in the table and in the page', () => {
  const rows = [row(goal.atLeast), row(goal.atLeast / 2, 'chromium')]
  expect(reportText(rows)).toMatch(/FALLS SHORT\n\n1 of 2 rows reach their least/)
  const page = reportHtml(rows, 'today on <this machine>')
  expect(page).toContain('— falls short')
  expect(page).toContain('today on &lt;this machine&gt;')
  expect(page).not.toMatch(/<script|https?:/)
})

it('names every goal once', () => {
  const names = goals.map(({ name, peerName }) => `${name} ${peerName}`)
  expect(new Set(names).size).toBe(names.length)
  for (const { atLeast, aim } of goals) expect(aim ?? atLeast).toBeGreaterThanOrEqual(atLeast)
})
