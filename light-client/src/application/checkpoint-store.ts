/** The checkpoint that was agreed on, kept per network. It is trust, not evidence: it cannot be proven again. @module */
import type { FinalityStatement } from '../consensus/checkpoint-agreement.ts'
import { fromHex } from '../data/hex.ts'
import { GlowwormError } from '../errors.ts'
import type { ByteStore } from '../infrastructure/ports.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { networkKey } from './evidence-store.ts'

export interface KeptCheckpoint {
  readonly root: Hex
  readonly slot: number
  /** The operators who agreed. */
  readonly by: readonly string[]
}

export function createCheckpointStore(store: ByteStore, profile: NetworkProfile) {
  const key = `ethereum/${networkKey(profile)}/checkpoint`
  return {
    /** Null where none was kept. @throws {UnreadableCheckpoint} rather than trusting another one in silence */
    async read(): Promise<KeptCheckpoint | null> {
      const bytes = await store.read(key)
      if (!bytes) return null
      try {
        const { version, root, slot, by } = JSON.parse(new TextDecoder().decode(bytes)) as KeptCheckpoint & {
          version: number
        }
        fromHex(root, 'the kept checkpoint', 32)
        if (version !== 1 || !Number.isSafeInteger(slot) || !Array.isArray(by)) throw new Error('it has another form')
        return { root, slot, by }
      } catch (cause) {
        throw new UnreadableCheckpoint((cause as Error).message)
      }
    },
    async write({ root, slot }: FinalityStatement, by: readonly string[]): Promise<void> {
      await store.write(key, new TextEncoder().encode(JSON.stringify({ version: 1, root, slot, by })))
    },
  }
}

/** What was kept as a checkpoint cannot be read. */
export class UnreadableCheckpoint extends GlowwormError {
  constructor(reason: string) {
    super(
      { name: 'Application.UnreadableCheckpoint', code: 'UNREADABLE_CHECKPOINT', kind: 'stale' },
      `the kept checkpoint cannot be read: ${reason}`,
      { next: 'Ask the operators again.' },
    )
  }
}
