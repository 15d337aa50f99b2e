import { expect, test } from 'vitest'
import { problemOf } from './errors.ts'

test('a device without room is named as that, wherever the writing was', () => {
  const problem = problemOf(
    new DOMException('Encountered full disk while committing transaction.', 'QuotaExceededError'),
  )
  expect(problem).toMatchObject({ code: 'STORAGE_FULL', kind: 'storage', next: expect.stringContaining('still there') })
  expect(problemOf(new DOMException('Gone.', 'InvalidStateError'))).toMatchObject({ code: 'UNEXPECTED' })
})
