import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { playwrightFailures, playwrightUnsteady, vitestFailures } from './failures.ts'

it('names failed tests, and files that failed without one', () => {
  const file = (name: string, message: string, ...tests: [string, string, string[]][]) => ({
    name: resolve(name),
    status: message || tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
    message,
    assertionResults: tests.map(([fullName, status, failureMessages]) => ({ fullName, status, failureMessages })),
  })
  expect(
    vitestFailures({
      numPassedTests: 1,
      numFailedTests: 1,
      numPendingTests: 0,
      testResults: [
        file(
          'a.test.ts',
          '',
          ['adds', 'passed', []],
          ['subtracts', 'failed', ['Error: 3 is not 4\n    at a.test.ts:9']],
        ),
        file('b.test.ts', 'Cannot find package\nmore'),
        file('c.test.ts', '', ['holds', 'passed', []]),
      ],
    }),
  ).toEqual(['a.test.ts › subtracts: Error: 3 is not 4', 'b.test.ts: Cannot find package'])
})

it('names browser tests that failed, and those that failed once, at any depth', () => {
  const spec = (title: string, status: 'expected' | 'unexpected' | 'flaky') => ({
    ...{ title, ok: status !== 'unexpected', file: 'x.spec.ts', line: 7 },
    tests: [{ status }],
  })
  const inner = { title: 'inner', specs: [spec('two', 'unexpected'), spec('three', 'flaky')] }
  const suites = [{ title: 'x', specs: [spec('one', 'expected')], suites: [inner] }]
  expect(playwrightFailures(suites)).toEqual(['x.spec.ts:7 › two'])
  expect(playwrightUnsteady(suites)).toEqual(['x.spec.ts:7 › three'])
})
