import type { Memory } from '../job.ts'

export declare function memoryOf(process: number | 'self'): Memory | null
