/** The names of what failed, out of the reports the two runners write (Vitest `--reporter=json`, Playwright `json`). */
import { relative } from 'node:path'

export interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  testResults: readonly {
    name: string
    status: string
    message: string
    assertionResults: readonly { fullName: string; status: string; failureMessages: readonly string[] }[]
  }[]
}

export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  suites: readonly PlaywrightSuite[]
}

interface PlaywrightSuite {
  title: string
  specs?: readonly PlaywrightSpec[]
  suites?: readonly PlaywrightSuite[]
}

interface PlaywrightSpec {
  title: string
  ok: boolean
  file: string
  line: number
  tests: readonly { status: 'expected' | 'unexpected' | 'flaky' | 'skipped' }[]
}

/** @returns a line for each failed test, and for each file that failed without one, with the error's first line */
export function vitestFailures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(process.cwd(), name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
    return failed.map((test) => `${file} › ${test.fullName}: ${firstLine(test.failureMessages[0] ?? '')}`)
  })
}

/** @returns a line for each test that failed in its last attempt */
export function playwrightFailures(suites: readonly PlaywrightSuite[]): string[] {
  return specsOf(suites).flatMap((spec) => (spec.ok ? [] : [placeOf(spec)]))
}

/** @returns a line for each test that passed in its second attempt */
export function playwrightUnsteady(suites: readonly PlaywrightSuite[]): string[] {
  return specsOf(suites).flatMap((spec) => (spec.tests.some(({ status }) => status === 'flaky') ? [placeOf(spec)] : []))
}

function specsOf(suites: readonly PlaywrightSuite[]): readonly PlaywrightSpec[] {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [...specs, ...specsOf(inner)])
}

const placeOf = ({ file, line, title }: PlaywrightSpec) => `${file}:${line} › ${title}`

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').slice(0, 200)
}
