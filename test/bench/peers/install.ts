import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
/** A copy of the lockfile that was installed: another one means that it has to be done again. */
const STAMP = join(FOLDER, 'node_modules', '.installed-lock.json')

/** Installs the peers into their own folder unless they are there. @throws {Error} when npm fails. */
export async function installPeers(say: (text: string) => void): Promise<void> {
  const lock = await readFile(join(FOLDER, 'package-lock.json'), 'utf8')
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === lock) return
  say('installing the peers, this once')
  // With the prefix in words: started by `npm run`, npm would otherwise look at the environment of the outer one.
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--prefix', FOLDER],
    {
      cwd: FOLDER,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`npm ci in ${FOLDER} failed${error ? `: ${error.message}` : ` with ${status}`}`)
  await writeFile(STAMP, lock)
}
