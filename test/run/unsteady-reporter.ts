import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestCase } from 'vitest/node'

/** Writes the names of tests that passed only when run again, as a JSON list, to the file `GLOWWORM_UNSTEADY` names. */
export default class UnsteadyReporter implements Reporter {
  private readonly names: string[] = []

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.names.push(`${relative(process.cwd(), test.module.moduleId)} › ${test.fullName}`)
  }

  onTestRunEnd(): void {
    if (process.env.GLOWWORM_UNSTEADY) writeFileSync(process.env.GLOWWORM_UNSTEADY, JSON.stringify(this.names))
  }
}
