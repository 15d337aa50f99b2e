/** The committee chain on disk: evidence, not conclusions. It is proven again each time it is loaded. @module */
import type { ByteStore } from '../infrastructure/ports.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import type { Instant } from '../ledgers/verified.ts'

export interface StoredChain {
  readonly bootstrap: Uint8Array
  /** Committee updates in order of their periods. */
  readonly updates: readonly Uint8Array[]
  /** When the newest of it was verified; the checkpoint's age was judged then. */
  readonly provenAt: Instant
}

export interface EvidenceStore {
  load(): Promise<StoredChain | null>
  start(bootstrap: Uint8Array, provenAt: Instant): Promise<void>
  append(update: Uint8Array, provenAt: Instant): Promise<void>
  /** The contradiction that ended trust in this checkpoint, as `writeContradiction` gives it. */
  contradiction(): Promise<string | null>
  keepContradiction(text: string): Promise<void>
}

/** Keeps networks apart by what they are, not by what they are called. */
export const networkKey = (profile: NetworkProfile): string =>
  `${profile.chainId}-${profile.genesis.validatorsRoot.slice(2, 10)}`

/** One chain of evidence per network and checkpoint, so that networks never mix. */
export function createEvidenceStore(store: ByteStore, profile: NetworkProfile, checkpoint: Hex): EvidenceStore {
  const key = (part: string) => `ethereum/${networkKey(profile)}/${checkpoint}/${part}`
  let count = 0
  const writeState = (provenAt: Instant) =>
    store.write(key('state'), new TextEncoder().encode(JSON.stringify({ version: 1, updates: count, provenAt })))
  return {
    async load() {
      const state = await store.read(key('state'))
      const bootstrap = await store.read(key('bootstrap'))
      if (!state || !bootstrap) return null
      const parsed: unknown = JSON.parse(new TextDecoder().decode(state))
      const { version, updates: expected, provenAt } = parsed as { version: number; updates: number; provenAt: number }
      if (version !== 1) return null // written by another version: start again from the checkpoint
      const updates: Uint8Array[] = []
      for (let i = 0; i < expected; i++) {
        const update = await store.read(key(`update-${i}`))
        if (!update) break // a hole: what comes before it still holds
        updates.push(update)
      }
      count = updates.length
      return { bootstrap, updates, provenAt }
    },
    async start(bootstrap, provenAt) {
      count = 0
      await store.write(key('bootstrap'), bootstrap)
      await writeState(provenAt)
    },
    async append(update, provenAt) {
      await store.write(key(`update-${count}`), update)
      count++
      await writeState(provenAt)
    },
    async contradiction() {
      const bytes = await store.read(key('contradiction'))
      return bytes && new TextDecoder().decode(bytes)
    },
    keepContradiction: (text) => store.write(key('contradiction'), new TextEncoder().encode(text)),
  }
}
