/** What occupies a thread, for whoever watches it from outside. For Node. @module */

const CALL = 0
const CHANGES = 1

/** Memory that two threads see. */
export type ThreadGauge = Int32Array<SharedArrayBuffer>

export const createGauge = (): ThreadGauge => new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))

/** @param call id of the call that begins to occupy the thread; 0: none does any more */
export function setOccupant(gauge: ThreadGauge, call: number): void {
  Atomics.store(gauge, CALL, call)
  Atomics.add(gauge, CHANGES, 1)
}

/** Two readings with the same `changes` saw the same call, without a break. */
export function readOccupant(gauge: ThreadGauge): { readonly call: number; readonly changes: number } {
  return { call: Atomics.load(gauge, CALL), changes: Atomics.load(gauge, CHANGES) }
}
