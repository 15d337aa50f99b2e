/** Nodes of a devnet as a bridge's upstream, and what a test makes of them. */
import type { Devnet } from '@glowworm/devnet'
import type { EvidenceSource } from '@glowworm/light-client'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { PeerRequest } from '@glowworm/light-client/ledgers/ledger-evidence'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'

export const engines = await loadEngines()

export const consensusNode = ({ profile, beaconUrl }: Devnet, http = platformHttp): EvidenceSource =>
  beaconRestSource({ url: beaconUrl, profile, hashes: engines.hashes, http })

export const executionNode = ({ executionUrl }: Pick<Devnet, 'executionUrl'>, http = platformHttp): EvidenceSource =>
  executionRpcSource({ url: executionUrl, http })

/** The node, with the types of what it was asked, and its answers changed. */
export function counted(
  source: EvidenceSource,
  change: (bytes: Uint8Array, request: PeerRequest) => Uint8Array = (bytes) => bytes,
): { readonly node: EvidenceSource; readonly asked: string[] } {
  const asked: string[] = []
  const node: EvidenceSource = {
    ...source,
    async request(request, given) {
      asked.push(request.type)
      const answer = await source.request(request, given)
      return { ...answer, bytes: change(answer.bytes, request) }
    },
  }
  return { node, asked }
}

/** With one bit of the byte at `index` the other way; from the end where that is negative. */
export function flippedAt(bytes: Uint8Array, index: number): Uint8Array {
  const changed = bytes.slice()
  changed[index < 0 ? bytes.length + index : index]! ^= 1
  return changed
}
