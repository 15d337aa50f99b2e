import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Installs peers into the folder that has their lockfile, unless they are there.
 * @throws {Error} when npm fails.
 */
export async function installPeers(say: (text: string) => void, at = new URL('.', import.meta.url)): Promise<void> {
  const folder = fileURLToPath(at)
  // A copy of the lockfile that was installed: another one means that it has to be done again.
  const stamp = join(folder, 'node_modules', '.installed-lock.json')
  const lock = await readFile(join(folder, 'package-lock.json'), 'utf8')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === lock) return
  say('installing the peers, this once')
  // With the prefix in words: started by `npm run`, npm would otherwise look at the environment of the outer one.
  const { status, error } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--prefix', folder],
    {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (status !== 0) throw new Error(`npm ci in ${folder} failed${error ? `: ${error.message}` : ` with ${status}`}`)
  await writeFile(stamp, lock)
}
