import { afterEach, expect, test, vi } from 'vitest'
import { quietly } from './quietly.ts'

afterEach(() => vi.unstubAllEnvs())

test('all loggers are one that says nothing, unless DEBUG asks for more', () => {
  vi.stubEnv('DEBUG', '')
  const logger = quietly().logger!.forComponent('libp2p')
  expect(logger.newScope('stream').newScope('mss')).toBe(logger)
  expect(logger.enabled).toBe(false)
  expect(() => {
    logger('%s', 1)
    logger.error('%s', 1)
    logger.trace('%s', 1)
  }).not.toThrow()
  vi.stubEnv('DEBUG', 'libp2p*')
  expect(quietly()).toEqual({})
})
