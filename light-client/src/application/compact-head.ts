import type { Engines } from '@glowworm/wasm-core'
import { produceCompactFinalityUpdate } from '../ledgers/ethereum/compact/produce.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import type { NetworkProfile } from '../ledgers/ethereum/profile.ts'
import { committeeAt } from '../ledgers/ethereum/sync-protocol/validate.ts'
import { decodeFinalityUpdate } from '../ledgers/ethereum/wire.ts'
import type { StoredHead } from './evidence-store.ts'

/** The head of `anchor` as it is proven again where hops led: the keys of its committee are not kept, so it brings those absent. */
export function compactHead(
  head: StoredHead,
  { store }: EthereumAnchor,
  { profile, engines }: { readonly profile: NetworkProfile; readonly engines: Engines },
): StoredHead {
  if (head.kind === 'compact_finality_update') return head
  const update = decodeFinalityUpdate(head.bytes, profile, engines.hashes)
  const { pubkeys } = committeeAt(store, update.signature_slot, profile)
  if (!pubkeys) return head
  const bytes = produceCompactFinalityUpdate(update, pubkeys, profile, engines)
  return { kind: 'compact_finality_update', bytes }
}
