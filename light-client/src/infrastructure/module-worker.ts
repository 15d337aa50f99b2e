/**
 * A worker of this package, with what went wrong while it was loading. The address stands literally inside the call:
 * that is the form in which bundlers recognise a worker and bundle it.
 */
export function openModuleWorker(onFailure: (reason: string) => void): Worker {
  const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' })
  // A policy that forbids the worker is told by an event without a message.
  worker.addEventListener('error', (event) => onFailure(event.message || 'it could not be loaded'), { once: true })
  return worker
}
