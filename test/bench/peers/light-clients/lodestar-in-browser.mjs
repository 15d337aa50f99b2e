/** Lodestar expects a Buffer, which pages do not have. */
import { Buffer } from 'buffer/'

globalThis.Buffer = Buffer

export const start = async (job) => (await import('./lodestar.mjs')).start(job)
