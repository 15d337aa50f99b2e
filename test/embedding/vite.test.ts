/** The package in an application that Vite bundles, in a real Chromium, under several content security policies. */
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { build, createServer } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveFolder } from '../pages/serve-folder.ts'
import { layProject } from './lay-package.ts'
import { expectedOutcome, type Job, jobOn, openBrowser, type Pages } from './pages.ts'

const APP = fileURLToPath(new URL('app', import.meta.url))

let project: string
let devnet: Devnet
let pages: Pages
let job: Job
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'glowworm-vite-'))
  await cp(APP, project, { recursive: true })
  await layProject(project)
  await build({ configFile: false, root: project, logLevel: 'error' })
  devnet = await startDevnet({ mode: 'manual' })
  pages = await openBrowser()
  job = jobOn(devnet)
}, 180_000)
afterAll(async () => {
  await pages?.close()
  await devnet?.close()
  await rm(project, { recursive: true, force: true })
})

async function under(policy: string, options: Partial<Job['options']> = {}) {
  const server = await serveFolder(join(project, 'dist'), { 'content-security-policy': policy })
  try {
    return await pages.run(server.origin, { ...job, options: { ...job.options, ...options } })
  } finally {
    await server.close()
  }
}

const OWN = "default-src 'self'; connect-src 'self' http://127.0.0.1:*"

/** As docs/users/pages.md says: the development server finds by itself only what a page imports, not what a worker does. */
const INCLUDED = ['evm', 'common', 'util'].map((name) => `@glowworm/light-client > @ethereumjs/${name}`)

it('works on the development server of Vite', async () => {
  const server = await createServer({
    configFile: false,
    root: project,
    logLevel: 'warn',
    optimizeDeps: { include: INCLUDED },
    // Only here: what is installed lies behind symbolic links.
    server: { host: '127.0.0.1', port: 0, fs: { strict: false } },
  })
  await server.listen()
  try {
    const { outcome, workers } = await pages.run(server.resolvedUrls!.local[0]!, job)
    expect(outcome).toEqual({ ...(await expectedOutcome(devnet, job)), engines: 'wasm' })
    expect(workers).toHaveLength(1)
  } finally {
    await server.close()
  }
})

describe('an application bundled by Vite', () => {
  it('proves a balance and a call in a worker', async () => {
    const { outcome, workers } = await under('')
    expect(outcome).toEqual({ ...(await expectedOutcome(devnet, job)), engines: 'wasm' })
    expect(workers).toHaveLength(1)
  })

  it('has each kernel once', async () => {
    const names = await readdir(join(project, 'dist/assets'))
    const kernels = names.filter((name) => name.endsWith('.wasm')).map((name) => name.split('-')[0])
    expect(kernels.sort()).toEqual(['bls12381', 'hashes', 'secp256k1'])
  })

  it('runs on noble where the policy refuses WebAssembly', async () => {
    const { outcome, workers } = await under(OWN)
    expect(outcome).toEqual({ ...(await expectedOutcome(devnet, job)), engines: 'noble' })
    expect(workers).toHaveLength(1)
  })

  it('runs on the kernels where the policy allows WebAssembly', async () => {
    const { outcome } = await under(`${OWN}; script-src 'self' 'wasm-unsafe-eval'`)
    expect(outcome.engines).toBe('wasm')
  })

  it('says that the policy forbids a worker, and runs on the calling thread when told to', async () => {
    const policy = `${OWN}; worker-src 'none'; script-src 'self' 'wasm-unsafe-eval'`
    expect((await under(policy)).outcome).toEqual({ failure: 'WORKER_UNAVAILABLE' })
    const { outcome, workers } = await under(policy, { thread: 'calling' })
    expect(outcome).toEqual({ ...(await expectedOutcome(devnet, job)), engines: 'wasm' })
    expect(workers).toEqual([])
  })
})
