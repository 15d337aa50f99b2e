import { afterEach, expect, test, vi } from 'vitest'
import { ask } from './own-page.ts'

afterEach(() => vi.unstubAllGlobals())

/** A worker that meets each question as told: it dies over it silently, dies with an error, or answers. */
function workers(...lives: ('silent' | 'error' | 'answers')[]) {
  const sendMessage = vi.fn(async () => {
    const life = lives.shift()
    if (life === 'error') throw new Error('the message channel closed before a response was received')
    return life === 'answers' ? { name: 'sepolia' } : undefined
  })
  vi.stubGlobal('chrome', { runtime: { sendMessage } })
  return sendMessage
}

test('a question outlives the worker it was put to', async () => {
  const sendMessage = workers('silent', 'error', 'answers')
  expect(await ask({ ask: 'network' })).toEqual({ name: 'sepolia' })
  expect(sendMessage).toHaveBeenCalledTimes(3)
})

test('where no worker ever answers, the page learns so', async () => {
  workers()
  await expect(ask({ ask: 'network' })).rejects.toThrow('does not answer')
})
