import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { playwrightFailures, vitestFailures } from './failures.ts'

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

it('names failed browser tests at any depth', () => {
  const spec = (title: string, ok: boolean) => ({ title, ok, file: 'x.spec.ts', line: 7 })
  expect(
    playwrightFailures([
      { title: 'x', specs: [spec('one', true)], suites: [{ title: 'inner', specs: [spec('two', false)] }] },
    ]),
  ).toEqual(['x.spec.ts:7 › two'])
})
