/** A minute of load while clients come and go: the memory of a bridge stays. `npm run bench -- p2p --only soak` is the long one. */
import { expect, test } from 'vitest'
import { growthPerMinute } from '../bench/p2p/memory-growth.ts'
import { soak } from '../bench/p2p/soak.ts'

const MEGABYTE = 1_000_000

test('memory is bounded while clients come, ask and go, and none of them is left over', async () => {
  const { samples, deserted, came, answers, failures } = await soak({
    seconds: 60,
    clients: 8,
    leaving: 2,
    requests: 16,
  })
  expect(samples.length).toBeGreaterThan(5)
  expect(came).toBeGreaterThan(8 + samples.length)
  expect(answers).toBeGreaterThan(samples.length)
  expect(failures).toBe(0)
  for (const { connections } of samples) expect(connections).toBeLessThanOrEqual(12)
  // Of each of the 20 requests and clients of a second, less than a kilobyte may stay.
  expect(growthPerMinute(samples.map(({ at, heap }) => ({ at, bytes: heap })))).toBeLessThan(1.2 * MEGABYTE)
  expect(Math.max(...samples.map(({ resident }) => resident))).toBeLessThan(400 * MEGABYTE)
  expect(deserted.connections).toBe(0)
}, 150_000)
