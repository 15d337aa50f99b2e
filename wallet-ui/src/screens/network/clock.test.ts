import type { Pulse } from '@glowworm/wallet-core/facade/facade'
import { expect, test } from 'vitest'
import { provenAhead } from './clock.ts'

const NOW = 1_700_000_000_000
const DAY = 86_400_000
const problem = { code: 'FUTURE_UPDATE', kind: 'unprovable', message: '', next: null }
const stalled = (lastTime: number | null): Pulse => ({ state: 'stalled', problem, lastHeight: null, lastTime })
const following = (headTime: number): Pulse => ({
  state: 'following',
  finalizedHeight: 1n,
  finalizedTime: headTime - 12_000,
  headHeight: 2n,
  headTime,
  participation: 1,
})

test('a proven block of tomorrow says that the clock is behind, whether or not the chain is followed', () => {
  expect(provenAhead(stalled(NOW + DAY), NOW)).toBe(NOW + DAY)
  expect(provenAhead(following(NOW + DAY), NOW)).toBe(NOW + DAY)
})

test('clocks may differ a little, and what is old says nothing', () => {
  for (const pulse of [following(NOW + 60_000), following(NOW), stalled(NOW - DAY), stalled(null)])
    expect(provenAhead(pulse, NOW)).toBeNull()
  expect(provenAhead({ state: 'idle' }, NOW)).toBeNull()
  expect(provenAhead({ state: 'starting', step: 'sources', done: 0, of: 1 }, NOW)).toBeNull()
})
