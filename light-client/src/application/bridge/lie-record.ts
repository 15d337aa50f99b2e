/** What nodes upstream were caught with, for whoever runs the bridge to show them. @module */
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { createLieStore, type Lie, writeLies } from '../lies.ts'

export interface LieRecord {
  add(lie: Lie): void
  export(): string
}

const MOST = 64

/** Taken up from the store where there is one; where it cannot be written, what is new is kept until the end of the run. */
export async function lieRecord(
  profile: NetworkProfile,
  store: ByteStore | undefined,
  clock: Clock,
): Promise<LieRecord> {
  const stored = store && createLieStore(store, profile, 'carried-lies')
  const lies = [...((await stored?.load(clock.now())) ?? [])]
  let writing: Promise<void> | null = null
  let again = false

  /** One at a time, and the newest last, whatever the store makes of the order. */
  async function write(): Promise<void> {
    do {
      again = false
      await stored?.keep(lies).catch(() => {})
    } while (again)
    writing = null
  }

  return {
    add(lie) {
      lies.push(lie)
      lies.splice(0, Math.max(0, lies.length - MOST))
      if (writing) again = true
      else writing = write()
    },
    export: () => writeLies(lies),
  }
}
