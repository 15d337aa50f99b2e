/** Opens a page in the user's browser. @module */
import { spawn } from 'node:child_process'

/** Asks the desktop to open `url`; where there is none, nothing happens, and the address is printed anyway. */
export function openPage(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url]
  if (!program) return
  const child = spawn(program, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
