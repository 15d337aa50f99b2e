import type { Client, Job } from '../../sync/job.ts'

export function start(job: Job): Promise<Client>
