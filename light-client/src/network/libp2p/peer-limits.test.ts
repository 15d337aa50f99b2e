import { expect, test } from 'vitest'
import { DEFAULT_PEER_LIMITS, peerLimits } from './peer-limits.ts'
import { manualClock } from './test-nodes.ts'

const OPTIONS = { pendingPerPeer: 2, pendingTotal: 3, perSecond: 10, burst: 5, peersRemembered: 3 }

test('pending requests are limited per peer and in total', () => {
  const limits = peerLimits(manualClock(), OPTIONS)
  const leave = limits.enter('a')
  expect(leave).toBeTypeOf('function')
  expect(limits.enter('a')).toBeTypeOf('function')
  expect(limits.enter('a')).toMatch(/2 requests at a time/)
  expect(limits.enter('b')).toBeTypeOf('function')
  expect(limits.enter('c')).toMatch(/others/)
  if (typeof leave === 'function') {
    leave()
    leave()
  }
  expect(limits.enter('c')).toBeTypeOf('function')
  expect(limits.enter('d')).toMatch(/others/)
})

test('peers of one group get half of all places, however many names they bear, and leave the rest to others', () => {
  const limits = peerLimits(manualClock(), DEFAULT_PEER_LIMITS)
  const names = Array.from({ length: 20 }, (_, i) => `name ${i}`)
  const taken = names.flatMap((name) => Array.from({ length: 16 }, () => limits.enter(name, 'ip4:203.0.113.0/24')))
  const places = taken.filter((leave) => typeof leave === 'function')
  expect(places.length).toBe(128)
  expect(taken.at(-1)).toMatch(/others/)
  const elsewhere = Array.from({ length: 8 }, (_, i) =>
    Array.from({ length: 16 }, () => limits.enter(`elsewhere ${i}`, `ip4:198.51.${i}.0/24`)),
  ).flat()
  expect(elsewhere.every((leave) => typeof leave === 'function')).toBe(true)
  expect(limits.enter('late', 'ip4:192.0.2.0/24')).toMatch(/others/)
  places[0]!()
  places[0]!()
  expect(limits.enter('name 19', 'ip4:203.0.113.0/24')).toBeTypeOf('function')
  expect(limits.enter('name 19', 'ip4:203.0.113.0/24')).toMatch(/others/)
})

test('a peer has a burst and then a rate, and refused requests cost too', () => {
  const clock = manualClock()
  const limits = peerLimits(clock, OPTIONS)
  const once = () => {
    const leave = limits.enter('a')
    if (typeof leave === 'function') leave()
    return typeof leave
  }
  expect([once(), once(), once(), once(), once(), once()]).toEqual([...Array(5).fill('function'), 'string'])
  clock.advance(100)
  expect([once(), once()]).toEqual(['function', 'string'])
  clock.advance(3_600_000)
  expect([once(), once(), once(), once(), once(), once()]).toEqual([...Array(5).fill('function'), 'string'])
})

test('a stranger cannot make it forget a peer that is busy', () => {
  const limits = peerLimits(manualClock(), { ...OPTIONS, pendingTotal: 100 })
  limits.enter('busy')
  limits.enter('busy')
  for (let i = 0; i < 50; i++) {
    const leave = limits.enter(`stranger ${i}`)
    if (typeof leave === 'function') leave()
  }
  expect(limits.enter('busy')).toMatch(/2 requests at a time/)
})
