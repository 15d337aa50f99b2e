/** The package as `npm pack` has it, laid into a folder of its own: tests that build at the same time stay apart. */
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

export async function layPackage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const name of ['package.json', 'bin'])
    await cp(join(ROOT, 'light-client', name), join(folder, name), { recursive: true })
  await run(process.execPath, ['light-client/build.ts', '--out', join(folder, 'dist')], { cwd: ROOT })
}

/** A project that has the package, and beside it whatever is installed here already. */
export async function layProject(folder: string): Promise<void> {
  await layPackage(join(folder, 'node_modules/@glowworm/light-client'))
  for (const name of await readdir(join(ROOT, 'node_modules')))
    if (name !== '@glowworm' && name !== '.bin')
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
}
