import { expect, test } from 'vitest'
import { manualClock } from '../libp2p/test-nodes.ts'
import { peerStanding } from './peer-standing.ts'

const HOUR = 3_600_000

test('a proven lie bars for good', () => {
  const clock = manualClock()
  const standing = peerStanding(clock)
  standing.ban('liar')
  clock.advance(1000 * HOUR)
  expect(standing.isBarred('liar')).toBe(true)
  expect(standing.isBarred('other')).toBe(false)
})

test('faults add up to an hour, and are forgiven with time', () => {
  const clock = manualClock()
  const standing = peerStanding(clock)
  for (let i = 0; i < 3; i++) expect(standing.report('clumsy', 'malformed')).toBe(false)
  expect(standing.report('clumsy', 'malformed')).toBe(true)
  clock.advance(HOUR - 1)
  expect(standing.isBarred('clumsy')).toBe(true)
  clock.advance(1)
  expect(standing.isBarred('clumsy')).toBe(false)

  for (let i = 0; i < 3; i++) standing.report('slow', 'malformed')
  clock.advance(20 * 60_000)
  expect(standing.report('slow', 'malformed')).toBe(false)
})

test('strangers cannot make it forget a liar', () => {
  const standing = peerStanding(manualClock())
  standing.ban('liar')
  for (let i = 0; i < 3000; i++) standing.report(`stranger ${i}`, 'silent')
  expect(standing.isBarred('liar')).toBe(true)
})
