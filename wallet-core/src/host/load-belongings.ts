/** Loads what reads tokens when it is first needed. For shells that can load modules later. */
import type { LoadBelongings } from '../facade/belongings.ts'

export const loadBelongings: LoadBelongings = async (core) =>
  (await import('../assets/belongings.ts')).createBelongings(core)
