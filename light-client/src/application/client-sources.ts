/**
 * The sources of one client with what it remembers about them: liars of earlier runs, and the key by which questions
 * about addresses are split.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import type { ByteStore, Clock } from '../infrastructure/ports.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { createLieStore } from './lies.ts'
import { createAssignment, ROTATION } from './query-privacy/assignment.ts'
import { createDecoys, type Decoys } from './query-privacy/decoys.ts'
import { createSourcePool, type SourcePool, type SourceRecord } from './source-pool.ts'

export interface ClientSources {
  readonly pool: SourcePool
  readonly decoys: Decoys
  keepApart(addresses: readonly Hex[]): void
  /** Takes up what an earlier run remembered. To be awaited before anybody is asked. */
  recall(): Promise<void>
}

const KEY = 'query-assignment-key'
const KEY_BYTES = 32

export function createClientSources(options: {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly clock: Clock
  readonly random: (length: number) => Uint8Array
  readonly store: ByteStore | undefined
  readonly plausible: () => Promise<readonly Hex[]>
  readonly onLie: (record: SourceRecord) => void
}): ClientSources {
  const { clock, store, random } = options
  const lies = store ? createLieStore(store, options.profile) : null
  const key = random(KEY_BYTES)
  const assignment = createAssignment({ sha256: options.engines.hashes.sha256, key, rotation: ROTATION })
  const decoys = createDecoys({ random, now: () => clock.now(), plausible: options.plausible })
  const pool = createSourcePool(
    clock,
    (record) => {
      // Where it cannot be kept, the liar is banned until this run ends.
      lies?.keep(pool.lies).catch(() => {})
      options.onLie(record)
    },
    { assignment, decoys },
  )
  return {
    pool,
    decoys,
    keepApart: assignment.keepApart,
    async recall() {
      const [found, kept] = await Promise.all([lies?.load(clock.now()), store?.read(KEY)])
      for (const lie of found ?? []) pool.ban(lie)
      if (kept?.length === KEY_BYTES) key.set(kept)
      else await store?.write(KEY, key)
    },
  }
}
