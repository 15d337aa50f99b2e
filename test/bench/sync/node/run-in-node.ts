import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LOW_MEMORY_FLAGS } from '../../../../light-client/bin/low-memory.mjs'
import type { ClientName, Job, Outcome } from '../job.ts'

const RUNNER = fileURLToPath(new URL('run-client.mjs', import.meta.url))

/** The job in a process of its own, without loaders, so that its memory is what a program would take. */
export function runInNode(client: ClientName, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const flags = client === 'glowworm-low-memory' ? LOW_MEMORY_FLAGS : []
    const child = spawn(process.execPath, [...flags, RUNNER, client, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Sources of the workspace would be loaded otherwise.
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    child.on('error', reject)
    child.on('close', (code) => {
      const last = stdout.trimEnd().split('\n').at(-1) ?? ''
      if (code === 0 && last.startsWith('{')) resolve(JSON.parse(last) as Outcome)
      else reject(new Error(`${client} ended with ${code}: ${stderr.slice(-2000)}`))
    })
  })
}
