/** What a bridge makes of the recorded updates: hops, and what goes with them. @module */
import { compactEvidence, isCompact } from '@glowworm/light-client/application/compact-evidence'
import type { EthereumRequest, EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { withDigest } from '@glowworm/light-client/ledgers/ethereum/forks'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { decodeUpdate, joinUpdates, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { NotAvailable } from '@glowworm/light-client/network/evidence-source'
import { loadEngines } from '@glowworm/wasm-core'
import { PERIODS, type RecordedNetwork } from './recorded-network.ts'

export interface CompactAnswers {
  /** Made before anything is measured. Null: there is none. */
  answer(request: EthereumRequest): Uint8Array | null
  /** Compact bootstrap, all hops, and a compact finality update. */
  readonly bytes: number
}

export async function compactAnswers(network: RecordedNetwork): Promise<CompactAnswers> {
  const profile = PROFILES.mainnet!
  const engines = await loadEngines()
  const updates = splitUpdates(Buffer.concat(network.updates.map(({ ssz }) => ssz)))
  const last = decodeUpdate(updates.at(-1)!, profile, engines.hashes)
  const plain = async (request: EvidenceRequest): Promise<Uint8Array> => {
    if (request.type === 'bootstrap')
      return withDigest(profile, network.bootstrapSlot, network.bootstrap.ssz, engines.hashes)
    if (request.type === 'finality_update')
      return withDigest(profile, last.attested_header.beacon.slot, network.finalityUpdate.ssz, engines.hashes)
    if (request.type !== 'updates') throw new NotAvailable('the recording', request.type)
    const some = updates.slice(Math.max(0, request.startPeriod - network.firstPeriod)).slice(0, request.count)
    if (request.startPeriod < network.firstPeriod || some.length === 0)
      throw new NotAvailable('the recording', 'updates')
    return joinUpdates(some)
  }
  const make = compactEvidence({ profile, engines, plain, checkpoints: [network.checkpoint as `0x${string}`] })
  const root = network.checkpoint as `0x${string}`
  const { signal } = new AbortController()
  const bootstrap = await make.answer({ type: 'compact_bootstrap', root }, signal)
  const hops = await make.answer({ type: 'hops', startPeriod: network.firstPeriod, count: PERIODS }, signal)
  const finality = await make.answer({ type: 'compact_finality_update' }, signal)
  return {
    bytes: bootstrap.length + hops.length + finality.length,
    answer(request) {
      if (request.type === 'committee') return last.next_sync_committee.pubkeys
      if (!isCompact(request)) return null
      if (request.type === 'compact_bootstrap') return bootstrap
      if (request.type === 'compact_finality_update') return finality
      return request.startPeriod === network.firstPeriod ? hops : null
    },
  }
}
