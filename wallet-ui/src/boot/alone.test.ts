import { afterEach, expect, it, vi } from 'vitest'
import { OpenElsewhere, takeAlone } from './alone.ts'

afterEach(() => vi.unstubAllGlobals())

type Granted = (lock: object | null) => Promise<unknown> | undefined

/** Web Locks as far as they are used: exclusive, not waited for, held until the promise settles. */
function locksOfOneOrigin() {
  const held = new Set<string>()
  return {
    held,
    async request(name: string, { ifAvailable }: { ifAvailable: boolean }, granted: Granted) {
      expect(ifAvailable).toBe(true)
      if (held.has(name)) return granted(null)
      held.add(name)
      await granted({ name })
      held.delete(name)
    },
  }
}

it('the first takes the wallet for as long as it lives, the second is told', async () => {
  const locks = locksOfOneOrigin()
  vi.stubGlobal('navigator', { locks })
  await takeAlone('wallet')
  await expect(takeAlone('wallet')).rejects.toBeInstanceOf(OpenElsewhere)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect([...locks.held]).toEqual(['wallet'])
  await takeAlone('another wallet')
  expect(locks.held.size).toBe(2)
})
