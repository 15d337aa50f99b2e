/** The packed package in applications that webpack and Next bundle. Both are big: they are installed for this run only. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveFolder } from '../pages/serve-folder.ts'
import { layPackage } from './lay-package.ts'
import { expectedOutcome, jobOn, openBrowser, type Pages } from './pages.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const run = promisify(execFile)
const NPM = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline']

let project: string
let devnet: Devnet
let pages: Pages
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'glowworm-bundlers-'))
  for (const folder of ['bundlers', 'app', 'next']) await cp(join(HERE, folder), project, { recursive: true })
  const cwd = project
  await run('npm', ['ci', ...NPM], { cwd })
  const packed = join(project, 'packed')
  await layPackage(packed)
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', project], { cwd: packed })
  await rm(packed, { recursive: true })
  const tarball = (await readdir(project)).find((name) => name.endsWith('.tgz'))!
  await run('npm', ['install', ...NPM, '--no-save', `./${tarball}`], { cwd })
  devnet = await startDevnet({ mode: 'manual' })
  pages = await openBrowser()
}, 600_000)
afterAll(async () => {
  await pages?.close()
  await devnet?.close()
  await rm(project, { recursive: true, force: true })
})

/** Proves a balance and a call in a worker of the application that lies in a folder. */
async function works(folder: string): Promise<void> {
  const job = jobOn(devnet)
  const server = await serveFolder(folder)
  try {
    const { outcome, workers } = await pages.run(server.origin, job)
    expect(outcome).toEqual({ ...(await expectedOutcome(devnet, job)), engines: 'wasm' })
    expect(workers).toHaveLength(1)
  } finally {
    await server.close()
  }
}

describe('an application bundled by', () => {
  it('webpack 5', async () => {
    const webpack = createRequire(join(project, 'main.js'))('webpack') as Webpack
    const output = join(project, 'webpack')
    const report = await new Promise<Report>((resolve, reject) =>
      webpack({ mode: 'production', context: project, entry: './main.js', output: { path: output } }, (error, stats) =>
        stats ? resolve(stats.toJson({ all: false, errors: true, warnings: true })) : reject(error),
      ),
    )
    expect(report.errors).toEqual([])
    await cp(join(HERE, 'app/index.html'), join(output, 'index.html'))
    await works(output)
  }, 300_000)

  it.each(['turbopack', 'webpack'])(
    'Next, with %s',
    async (bundler) => {
      const next = join(project, 'node_modules/next/dist/bin/next')
      const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' as const }
      await run(process.execPath, [next, 'build', `--${bundler}`], { cwd: project, env })
      await works(join(project, 'out'))
    },
    300_000,
  )
})

/** What is used of webpack, which is installed for this run only. */
type Webpack = (
  config: Record<string, unknown>,
  done: (error: Error | null, stats?: { toJson(what: Record<string, boolean>): Report }) => void,
) => void
interface Report {
  readonly errors: readonly { readonly message: string }[]
}
