/** A page that shows a proven balance as soon as it can: what a visitor's first load is. */
import { start } from '../glowworm.mjs'
import type { Job } from '../job.ts'

declare global {
  interface Window {
    /** Set before the page loads: the job, and whether there is a bridge to have hops from. */
    readonly visit: { readonly job: Job; readonly hops: boolean }
    shown?: { readonly balance: string; readonly milliseconds: number }
  }
}

const { job, hops } = window.visit
const client = await start(job, { hops })
await client.sync(job)
const balance = await client.balance!(job.address!)
document.body.append(balance)
window.shown = { balance, milliseconds: performance.now() }
