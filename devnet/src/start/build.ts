/** Builds what the wallet needs and what is missing or older than its sources. @module */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BuildFailed } from './errors.ts'
import type { Progress } from './progress.ts'

interface Part {
  readonly what: string
  readonly command: readonly string[]
  /** The same for a person to type. */
  readonly alone: string
  /** Folders and files it is made from. */
  readonly sources: readonly string[]
  /** Files that a complete build leaves; the oldest counts. */
  readonly results: readonly string[]
}

/** The parts in the order in which they depend on each other; paths are relative to the repository. */
export async function partsToBuild(root: string): Promise<readonly Part[]> {
  const { targets } = (await import(pathToFileURL(join(root, 'wasm-core/targets.ts')).href)) as {
    targets: readonly { name: string }[]
  }
  const kernels = targets.map(({ name }) => `wasm-core/wasm/${name}.wasm`)
  const library = ['wasm-core/src', 'light-client/src', 'wallet-core/src', 'wallet-ui', ...kernels]
  return [
    {
      what: 'WASM core',
      command: [process.execPath, 'wasm-core/build.ts'],
      alone: 'node wasm-core/build.ts',
      sources: ['wasm-core/assembly', 'wasm-core/generate', 'wasm-core/targets.ts', 'wasm-core/build.ts'],
      results: kernels,
    },
    {
      what: 'wallet',
      command: npm('run', 'build', '-w', '@glowworm/wallet-ui'),
      alone: 'npm run build -w @glowworm/wallet-ui',
      sources: library,
      results: ['wallet-ui/dist/index.html'],
    },
    {
      what: 'extension',
      command: npm('run', 'build', '-w', '@glowworm/extension'),
      alone: 'npm run build -w @glowworm/extension',
      sources: [...library, 'extension'],
      results: ['extension/dist/manifest.json'],
    },
  ]
}

/** Builds in order; prints a step only for what had to be built. @throws {BuildFailed} */
export async function buildMissing(root: string, parts: readonly Part[], progress: Progress): Promise<void> {
  for (const part of parts) if (isOutdated(root, part)) await progress.step(part.what, 'built', () => run(root, part))
}

export function isOutdated(root: string, { sources, results }: Pick<Part, 'sources' | 'results'>): boolean {
  const built = results.map((file) => join(root, file))
  if (!built.every((file) => existsSync(file))) return true
  const oldest = Math.min(...built.map((file) => statSync(file).mtimeMs))
  return sources.some((source) => newestIn(join(root, source)) > oldest)
}

const RESULTS = new Set(['node_modules', 'dist', 'build'])

/** Time of the last change below a path, 0 where there is nothing. Tests and what builds leave are no sources. */
function newestIn(path: string): number {
  if (!existsSync(path)) return 0
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  const times = readdirSync(path)
    .filter((name) => !RESULTS.has(name) && !name.startsWith('.') && !/\.test\.tsx?$/.test(name))
    .map((name) => newestIn(join(path, name)))
  return Math.max(0, ...times)
}

function run(root: string, { what, command, alone }: Part): Promise<void> {
  const [program = '', ...args] = command
  return new Promise((resolve, reject) => {
    let output = ''
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: program === 'npm.cmd' })
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const fail = () => reject(new BuildFailed(what, alone, output))
    child.on('error', fail)
    child.on('close', (code) => (code === 0 ? resolve() : fail()))
  })
}

/** npm as it was started, by the Node that runs this, or the one on the path. */
function npm(...args: string[]): readonly string[] {
  const started = process.env.npm_execpath
  if (started?.endsWith('.js')) return [process.execPath, started, ...args]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', ...args]
}
