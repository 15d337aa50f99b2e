/** Finds a Firefox for the test of its build, or installs Debian's where the system allows it. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const PLACES = ['/usr/lib/firefox-esr/firefox-esr', '/usr/bin/firefox-esr', '/usr/bin/firefox']

/** @returns the path of an executable: the environment variable FIREFOX, else the usual places. @throws {Error} */
export function findFirefox(): string {
  const named = process.env.FIREFOX
  const found = (named ? [named] : PLACES).find(isProgram)
  if (found) return found
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'firefox-esr']]) {
    const [command, ...rest] = [...asRoot, 'apt-get', ...words]
    spawnSync(command!, rest, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  }
  const installed = PLACES.find(isProgram)
  if (installed) return installed
  throw new Error('There is no Firefox. Install firefox-esr, or name one by the environment variable FIREFOX.')
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
