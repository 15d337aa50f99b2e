import type { ClientModule, Job, Memory, Outcome } from './job.ts'

export function setClock(now: number): void
export function doJob(
  job: Job,
  load: () => Promise<ClientModule>,
  memory?: () => Promise<Memory | null>,
  processor?: () => number | null,
): Promise<Outcome>
