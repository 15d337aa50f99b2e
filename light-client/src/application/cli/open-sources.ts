import type { Hashes } from '@glowworm/wasm-core'
import { platformHttp } from '../../infrastructure/http.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { EvidenceSource } from '../../network/evidence-source.ts'
import { beaconRestSource } from '../../network/http/beacon-rest.ts'
import { executionRpcSource } from '../../network/http/execution-rpc.ts'

/** HTTP nodes as sources of evidence. @throws {InvalidInput} for a malformed URL */
export function openHttpSources(
  { profile, beacon, execution }: { profile: NetworkProfile; beacon: readonly string[]; execution: readonly string[] },
  hashes: Hashes,
): EvidenceSource[] {
  return [
    ...beacon.map((url) => beaconRestSource({ url, profile, hashes, http: platformHttp })),
    ...execution.map((url) => executionRpcSource({ url, http: platformHttp })),
  ]
}
