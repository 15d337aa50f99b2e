import { afterEach, expect, it, vi } from 'vitest'
import { whenBack } from './page.ts'

afterEach(() => vi.unstubAllGlobals())

it('is back when it is seen again, online again, or on another network; not when it is hidden', () => {
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  const window = new EventTarget()
  const connection = new EventTarget()
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', window)
  vi.stubGlobal('navigator', { connection })
  let times = 0
  whenBack(() => times++)
  page.dispatchEvent(new Event('visibilitychange'))
  window.dispatchEvent(new Event('online'))
  connection.dispatchEvent(new Event('change'))
  expect(times).toBe(3)
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(times).toBe(3)
})

it('does without news of the network where the browser has none', () => {
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('navigator', {})
  expect(() => whenBack(() => {})).not.toThrow()
})
