import { expect, test } from 'vitest'
import { manualClock } from './test-nodes.ts'
import { timeLimits } from './time-limits.ts'

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

function setUp() {
  const clock = manualClock()
  const passed: [string, number][] = []
  const limits = timeLimits<string>(clock, (key, milliseconds) => passed.push([key, milliseconds]))
  const after = async (milliseconds: number) => {
    clock.advance(milliseconds)
    await settle()
    return passed.splice(0).map(([key]) => key)
  }
  return { clock, limits, after }
}

test('each limit passes once, at its own time', async () => {
  const { limits, after } = setUp()
  limits.start('long', 100)
  limits.start('short', 10)
  expect(await after(9)).toEqual([])
  expect(await after(1)).toEqual(['short'])
  expect(limits.has('short')).toBe(false)
  expect(await after(89)).toEqual([])
  expect(await after(1)).toEqual(['long'])
  expect(await after(1000)).toEqual([])
})

test('what is started anew or cleared does not pass at the old time', async () => {
  const { limits, after } = setUp()
  limits.start('again', 10)
  limits.start('cleared', 10)
  await after(8)
  limits.start('again', 10)
  limits.clear('cleared')
  expect(await after(2)).toEqual([])
  expect(await after(8)).toEqual(['again'])
})

test('after the end nothing passes', async () => {
  const { limits, after } = setUp()
  limits.start('one', 10)
  limits.end()
  expect(await after(100)).toEqual([])
})

test('a clock that is set back delays a limit by its own length at most', async () => {
  const { clock, limits, after } = setUp()
  limits.start('one', 100)
  clock.advance(-3_600_000)
  // the timer itself does not know of it, and wakes after 100
  expect(await after(3_600_000)).toEqual([])
  limits.start('other', 100)
  expect(await after(100)).toContain('one')
})
