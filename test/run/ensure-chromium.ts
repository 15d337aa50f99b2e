/** Finds a Chromium for the browser suites, or installs one where the system allows it. */
import { spawnSync } from 'node:child_process'
import { findChromium } from '../browser/chromium.ts'

/** @returns the path of an executable. @throws {Error} that says what to do */
export async function ensureChromium(say: (text: string) => void): Promise<string> {
  const found = await findChromium().catch(() => null)
  if (found) return found
  say('No Chromium found; trying to install one.')
  const attempts: [string, string, string[]][] = [["Playwright's download", 'playwright', ['install', 'chromium']]]
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args: string[]): [string, string, string[]] => {
    const [command = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...args]
    return ['apt-get', command, rest]
  }
  attempts.push(apt('update'), apt('install', '-y', '--no-install-recommends', 'chromium'))
  for (const [what, command, args] of attempts) {
    say(`  ${what}: ${command} ${args.join(' ')}`)
    spawnSync(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    const installed = await findChromium().catch(() => null)
    if (installed) return installed
  }
  return findChromium() // its error says what to do
}
