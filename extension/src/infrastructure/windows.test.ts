import { afterEach, expect, test, vi } from 'vitest'
import { soleWindow } from './windows.ts'
import { onWindowClosed } from './worker-events.ts'

afterEach(() => vi.unstubAllGlobals())

/** A browser that lists windows with these ids for the page; `closed` are gone although they still stand in the list. */
function browser(listed: number[], closed: number[] = []) {
  const update = vi.fn(async (id: number) => {
    if (closed.includes(id)) throw new Error(`No window with id: ${id}.`)
    return { id }
  })
  const create = vi.fn(async () => {
    listed.push(100 + listed.length)
    return { id: listed.at(-1)! }
  })
  vi.stubGlobal('chrome', {
    runtime: {
      ContextType: { TAB: 'TAB' },
      getURL: (page: string) => `chrome-extension://it/${page}`,
      getContexts: async () => listed.map((windowId) => ({ windowId })),
    },
    windows: { update, create, WINDOW_ID_NONE: -1 },
  })
  return { update, create }
}

test('the window that is there is shown; several who ask at once get one', async () => {
  const { create } = browser([7])
  const sole = soleWindow('approval.html')
  expect(await sole.show()).toBe(7)
  expect(create).not.toHaveBeenCalled()
  browser([])
  expect(await Promise.all([sole.show(), sole.show()])).toEqual([100, 100])
})

test('where the browser has no windows it opens in a tab, and nobody waits for a window to close', async () => {
  const create = vi.fn(async () => ({}))
  vi.stubGlobal('chrome', { runtime: { getURL: (page: string) => `moz-extension://it/${page}` }, tabs: { create } })
  expect(() => onWindowClosed(() => {})).not.toThrow()
  expect(await soleWindow('approval.html').show()).toBe(-1)
  expect(create).toHaveBeenCalledWith({ url: 'moz-extension://it/approval.html' })
})

test('one that leaves, or has just been closed, shows nothing: another opens', async () => {
  const { update, create } = browser([7])
  const sole = soleWindow('approval.html')
  sole.leaves(7)
  expect(await sole.show()).toBe(101)
  expect(update).not.toHaveBeenCalled()
  expect(await sole.show()).toBe(101)
  expect(create).toHaveBeenCalledOnce()
  browser([8], [8])
  expect(await soleWindow('approval.html').show()).toBe(101)
})
