import { afterEach, expect, it, vi } from 'vitest'
import { keepWhile, offscreenChannel } from './offscreen-document.ts'

afterEach(() => vi.unstubAllGlobals())

type Listener = (message: unknown, sender: object, answer: (said: unknown) => void) => void

/** A browser with the document open, and whoever listens in it. */
function setUp() {
  const listeners: Listener[] = []
  const world = { open: true }
  vi.stubGlobal('chrome', {
    runtime: {
      id: 'own',
      ContextType: { OFFSCREEN_DOCUMENT: 'OFFSCREEN_DOCUMENT' },
      getContexts: async () => (world.open ? [{}] : []),
      onMessage: { addListener: (listener: Listener) => listeners.push(listener) },
      sendMessage: (message: unknown, sender: object = { id: 'own' }) =>
        listeners.length === 0
          ? Promise.reject(new Error('Receiving end does not exist.'))
          : new Promise((resolve) => {
              for (const listener of listeners) listener(message, sender, resolve)
              // As the browser does when nobody answers.
              queueMicrotask(() => resolve(undefined))
            }),
    },
    offscreen: {
      closeDocument: async () => {
        world.open = false
      },
    },
  })
  return { world, listeners }
}

it('the document is closed, but not while a phone is connected to it', async () => {
  const { world } = setUp()
  let phone = true
  keepWhile(() => phone)
  const channel = offscreenChannel()
  await channel.close()
  expect(world.open).toBe(true)
  phone = false
  await channel.close()
  expect(world.open).toBe(false)
})

it('one that does not answer is closed', async () => {
  const { world } = setUp()
  await offscreenChannel().close()
  expect(world.open).toBe(false)
})

it('only this extension is told, and only of that', () => {
  const { listeners } = setUp()
  keepWhile(() => true)
  const told = vi.fn()
  for (const [message, sender] of [
    [{ ask: 'stay' }, { id: 'another' }],
    [{ ask: 'stay' }, { id: 'own', tab: {} }],
    [{ ask: 'carry' }, { id: 'own' }],
    [null, { id: 'own' }],
  ] as const)
    listeners[0]!(message, sender, told)
  expect(told).not.toHaveBeenCalled()
})
