import type { SyncJob } from './job.ts'

/** Somebody who catches up. Peers join the contest by one more of these. */
export interface Contestant {
  readonly name: string
  /** Does the whole job, from nothing but the job's address and checkpoint. @returns slot of the newest finality it proved */
  run(job: SyncJob): Promise<number>
}
