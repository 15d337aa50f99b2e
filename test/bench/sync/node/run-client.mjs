/** One client in a process of its own: `node run-client.mjs CLIENT JOB`. Prints the outcome as the last line. */

import { doJob } from '../do-job.mjs'
import { memoryOf } from './memory-of.mjs'

const MODULES = {
  glowworm: () => glowworm(false),
  'glowworm-hops': () => glowworm(true),
  'glowworm-low-memory': () => glowworm(true),
  helios: () => import('../../peers/light-clients/helios.mjs'),
  colibri: () => import('../../peers/light-clients/colibri.mjs'),
  lodestar: () => import('../../peers/light-clients/lodestar.mjs'),
}

/** As the command line has it. */
async function glowworm(hops) {
  const { start } = await import('../glowworm.mjs')
  const { nodeHttp } = await import('@glowworm/light-client/node')
  return { start: (job) => start(job, { hops, http: nodeHttp }) }
}

const [name, job] = process.argv.slice(2)
const outcome = await doJob(
  JSON.parse(job),
  MODULES[name],
  async () => memoryOf('self'),
  () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
)
process.stdout.write(`\n${JSON.stringify(outcome)}\n`)
// Helios leaves timers behind.
process.exit(0)
