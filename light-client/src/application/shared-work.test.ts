import { expect, it } from 'vitest'
import { createSharedWork } from './shared-work.ts'

const staying = () => new AbortController().signal

it('is done once for all who want it at the same time, and again later', async () => {
  const together = createSharedWork<number>(1000)
  let begun = 0
  const begin = async () => ++begun
  expect(await Promise.all([1, 2, 3].map(() => together('a', begin, staying())))).toEqual([1, 1, 1])
  expect(await together('b', begin, staying())).toBe(2)
  expect(await together('a', begin, staying())).toBe(3)
})

it('goes on while one still waits, and is given up with the last', async () => {
  const together = createSharedWork<number>(1000)
  const [one, two] = [new AbortController(), new AbortController()]
  let given: AbortSignal | undefined
  const begin = (signal: AbortSignal) => {
    given = signal
    return new Promise<number>(() => {})
  }
  const first = together('a', begin, one.signal)
  const second = together('a', begin, two.signal)
  one.abort(new Error('first has gone'))
  await expect(first).rejects.toThrow('first has gone')
  expect(given?.aborted).toBe(false)
  two.abort(new Error('second has gone'))
  await expect(second).rejects.toThrow('second has gone')
  expect(given?.aborted).toBe(true)
})

it('ends in time even where what was begun does not heed its signal, and can be begun anew', async () => {
  const together = createSharedWork<number>(20)
  await expect(together('a', () => new Promise(() => {}), staying())).rejects.toThrow('timeout')
  expect(await together('a', async () => 7, staying())).toBe(7)
})
