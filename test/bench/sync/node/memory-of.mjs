import { readFileSync } from 'node:fs'

/**
 * Bytes that a process takes, as the kernel of Linux counts them (`proc_pid_status(5)`): all that is resident, and what of
 * it is mapped from no file. Null where the system does not tell.
 */
export function memoryOf(process) {
  let status
  try {
    status = readFileSync(`/proc/${process}/status`, 'utf8')
  } catch {
    return null
  }
  const bytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
  return { resident: bytes('VmRSS'), own: bytes('RssAnon') + bytes('VmSwap') }
}
