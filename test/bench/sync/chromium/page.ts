/** What runs in the page: one client, loaded no earlier than it is asked for. */
import { doJob } from '../do-job.mjs'
import type { ClientModule, ClientName, Job, Outcome } from '../job.ts'

const MODULES: Record<ClientName, () => Promise<ClientModule>> = {
  glowworm: async () => {
    const { start } = await import('../glowworm.mjs')
    const { plainUpdates } = await import('./plain-updates.ts')
    return { start: async (job) => ({ ...(await start(job)), updates: () => plainUpdates(job) }) }
  },
  'glowworm-hops': async () => {
    const { start } = await import('../glowworm.mjs')
    return { start: (job) => start(job, { hops: true }) }
  },
  'glowworm-low-memory': () => Promise.reject(new TypeError('a page cannot choose how its engine works')),
  helios: () => import('../../peers/light-clients/helios.mjs'),
  colibri: () => import('../../peers/light-clients/colibri.mjs'),
  lodestar: () => import('../../peers/light-clients/lodestar-in-browser.mjs'),
}

declare global {
  interface Window {
    run(client: ClientName, job: Job): Promise<Outcome>
    /** Whoever started the browser looks at the memory of its processes now. */
    memory(): Promise<void>
  }
}

window.run = (client, job) =>
  doJob(job, MODULES[client], async () => {
    await window.memory()
    return null
  })
