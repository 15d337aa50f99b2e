/**
 * `npm test`: builds, lint, types, unit and cross-package suites, size budgets, and the browser suites; ends on a line
 * that counts. `npm test -- --profile slow` and `--profile real` run the manual profiles instead.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './ensure-chromium.ts'
import {
  type PlaywrightReport,
  playwrightFailures,
  playwrightUnsteady,
  type VitestReport,
  vitestFailures,
} from './failures.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['wasm-core', 'light-client', 'wallet-core', 'wallet-ui', 'extension', 'devnet', 'test', 'e2e']

interface Count {
  passed: number
  failed: number
  skipped: number
  /** What failed, a line each: told again at the end, since half an hour of output lies between. */
  failures?: readonly string[]
  /** What passed only when run again: named too, since it is a race in the product or in its test. */
  unsteady?: readonly string[]
}

export async function runTests(args: readonly string[]): Promise<number> {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] as string[], unsteady: [] as string[] }
  const reports = mkdtempSync(join(tmpdir(), 'glowworm-test-'))
  const add = ({ passed, failed, skipped, failures = [], unsteady = [] }: Count) => {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
    total.failures.push(...failures)
    total.unsteady.push(...unsteady)
  }
  const step = async (name: string, command: string, ...rest: string[]): Promise<boolean> => {
    const ok = await timed(name, command, rest)
    add({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, failures: ok ? [] : [name] })
    return ok
  }
  try {
    const profile = args.includes('--profile') ? args[args.indexOf('--profile') + 1] : undefined
    if (!process.env.GLOWWORM_VECTORS)
      process.stdout.write('GLOWWORM_VECTORS is not set: suites on public test vectors are skipped.\n')
    if (!(await step('WASM core', 'node', 'wasm-core/build.ts'))) return finish(total)
    if (!(await step('build of the headless wallet', 'node', 'wallet-core/build.ts'))) return finish(total)
    const buildAll = async (...packages: string[]) => {
      let built = true
      for (const name of packages)
        built = (await step(`build of ${name}`, 'npm', 'run', 'build', '--silent', '-w', `@glowworm/${name}`)) && built
      return built
    }
    if (profile) {
      const suite = { GLOWWORM_SUITE: profile }
      add(await vitest(join(reports, 'vitest.json'), suite))
      if (profile === 'slow' && (await buildAll('wallet-ui', 'extension'))) {
        const chromium = await ensureChromium((text) => process.stdout.write(`${text}\n`))
        add(await playwright(join(reports, 'playwright.json'), { CHROMIUM: chromium, ...suite }))
      }
      return finish(total)
    }
    await step('lint', 'biome', 'check', '.')
    for (const name of PACKAGES) await step(`types of ${name}`, 'tsc', '-p', name)
    const chromium = await ensureChromium((text) => process.stdout.write(`${text}\n`))
    add(await vitest(join(reports, 'vitest.json'), { CHROMIUM: chromium }))
    const packed = await step('build of the light client', 'node', 'light-client/build.ts')
    if ((await buildAll('wallet-ui', 'extension')) && packed) {
      await step('size budget of the wallet', 'npm', 'run', 'size', '--silent', '-w', '@glowworm/wallet-ui')
      await step('size budget of the extension', 'npm', 'run', 'size', '--silent', '-w', '@glowworm/extension')
      add(await playwright(join(reports, 'playwright.json'), { CHROMIUM: chromium }))
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    total.failed++
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  return finish(total)
}

function finish({ passed, failed, skipped, failures = [], unsteady = [] }: Count): number {
  for (const name of unsteady) process.stdout.write(`\n~ passed only when run again: ${name}`)
  for (const failure of failures) process.stdout.write(`\n✗ ${failure}`)
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`)
  return failed === 0 && passed > 0 ? 0 : 1
}

async function vitest(report: string, env: Record<string, string>): Promise<Count> {
  const again = `${report}.unsteady`
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const ok = await timed(
    'unit and cross-package suites',
    'vitest',
    ['run', '--retry=1', ...reporters, '--reporter=./test/run/unsteady-reporter.ts'],
    { ...env, GLOWWORM_UNSTEADY: again },
  )
  const read = readReport(report) as VitestReport | null
  if (!read) return { passed: 0, failed: 1, skipped: 0, failures: ['unit and cross-package suites: no report'] }
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = read
  // A run can fail without a failing test: a file that does not load, an unhandled rejection.
  return {
    passed,
    failed: failed || (ok ? 0 : 1),
    skipped,
    failures: named(vitestFailures(read), ok),
    unsteady: (readReport(again) ?? []) as string[],
  }
}

async function playwright(report: string, env: Record<string, string>): Promise<Count> {
  const ok = await timed(
    'browser suites',
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts', '--retries=1', '--reporter=list,json'],
    {
      ...env,
      PLAYWRIGHT_JSON_OUTPUT_NAME: report,
      NODE_OPTIONS: '--conditions=source',
    },
  )
  const read = readReport(report) as PlaywrightReport | null
  if (!read) return { passed: 0, failed: 1, skipped: 0, failures: ['browser suites: no report'] }
  const { expected, unexpected, flaky, skipped } = read.stats
  return {
    passed: expected + flaky,
    failed: unexpected || (ok ? 0 : 1),
    skipped,
    failures: named(playwrightFailures(read.suites), ok),
    unsteady: playwrightUnsteady(read.suites),
  }
}

/** A runner that ends badly without a failed test is named too. */
function named(failures: readonly string[], ok: boolean): readonly string[] {
  return ok || failures.length > 0 ? failures : ['a suite ended badly without a failed test: its output says why']
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null // the runner died before it could write: counted as a failure
  }
}

async function timed(
  name: string,
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<boolean> {
  const start = performance.now()
  process.stdout.write(`\n── ${name}\n`)
  const code = await run(command, args, env)
  process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name} ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
  return code === 0
}

function run(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const path = `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, PATH: path, ...env } })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
