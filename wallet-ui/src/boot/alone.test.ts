import { afterEach, expect, it, vi } from 'vitest'
import { OpenElsewhere, takeAlone } from './alone.ts'

afterEach(() => vi.unstubAllGlobals())

/** Web Locks as far as they are used: exclusive, waited for until the signal aborts, held until the promise settles. */
function locksOfOneOrigin() {
  const held = new Map<string, Promise<unknown>>()
  const release = new Map<string, () => void>()
  return {
    held,
    release: (name: string) => release.get(name)?.(),
    async request(name: string, { signal }: { signal: AbortSignal }, granted: () => Promise<unknown>) {
      const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      aborted.catch(() => {}) // also when nobody waits any more
      while (held.has(name)) await Promise.race([held.get(name), aborted])
      const ended = new Promise<void>((resolve) => release.set(name, resolve))
      held.set(name, ended)
      await Promise.race([granted(), ended])
      held.delete(name)
    },
  }
}

it('the first takes the wallet for as long as it lives, the second is told after it has waited', async () => {
  const locks = locksOfOneOrigin()
  vi.stubGlobal('navigator', { locks })
  await takeAlone('wallet', 20)
  await expect(takeAlone('wallet', 20)).rejects.toBeInstanceOf(OpenElsewhere)
  expect([...locks.held.keys()]).toEqual(['wallet'])
  await takeAlone('another wallet', 20)
  expect(locks.held.size).toBe(2)
})

it('a page that is loaded anew gets it when its own worker has ended', async () => {
  const locks = locksOfOneOrigin()
  vi.stubGlobal('navigator', { locks })
  await takeAlone('wallet', 5_000)
  const again = takeAlone('wallet', 5_000)
  locks.release('wallet')
  await again
  expect(locks.held.size).toBe(1)
})
