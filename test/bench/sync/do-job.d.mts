import type { ClientModule, Job, Outcome } from './job.ts'

export function setClock(now: number): void
export function doJob(
  job: Job,
  load: () => Promise<ClientModule>,
  memory?: () => Promise<number | null>,
  processor?: () => number | null,
): Promise<Outcome>
