import type { Http } from '@glowworm/light-client/infrastructure/ports'
import type { Client, Job } from './job.ts'

export function start(job: Job, options?: { hops?: boolean; http?: Http }): Promise<Client>

export const MAX_AGE_DAYS: number
