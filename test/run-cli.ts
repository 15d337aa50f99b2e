import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../light-client/bin/glowworm.mjs', import.meta.url))

/**
 * Runs `glowworm` as a user does: its own process, its real exit code.
 * @param late milliseconds that its clock is ahead of the real one
 */
export function runCli(
  args: readonly string[],
  late = 0,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const clock = `const { now } = Date; Date.now = () => now() + (${late})`
    const flags = late === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(clock)}`]
    const child = spawn(process.execPath, [...flags, BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
