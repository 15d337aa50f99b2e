/** A bridge on Ethereum's own consensus network: what it takes from there, and what it gives. @module */
import type { Hashes } from '@glowworm/wasm-core'
import type { ByteStore, Clock } from '../../infrastructure/ports.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import type { ConsensusNode, ConsensusNodeOptions } from '../../network/beacon-p2p/consensus-node.ts'
import { NotAvailable } from '../../network/evidence-source.ts'
import type { LightClient } from '../light-client.ts'

export type ConsensusChoice = Pick<ConsensusNodeOptions, 'peers' | 'listen' | 'times' | 'pollInterval'>

export interface JoinConsensusOptions {
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  readonly store?: ByteStore
  readonly report?: (message: string) => void
}

/**
 * The node is there before the client, because its peers are sources of the client. It serves and passes on what the
 * client has verified; until there is one, nothing.
 * @throws {InvalidInput | ConsensusNodeCannotListen}
 */
export async function joinConsensus(
  choice: ConsensusChoice,
  options: JoinConsensusOptions,
  client: () => LightClient | null,
): Promise<ConsensusNode> {
  const { createConsensusNode } = await import('../../network/beacon-p2p/consensus-node.ts')
  const description = { id: 'bridge', carrier: 'file', words: 'this bridge' } as const
  return createConsensusNode({
    ...choice,
    ...options,
    verified: {
      description,
      serves: (type) => client()?.served.serves(type) ?? false,
      async request(request, signal) {
        const served = client()?.served
        if (!served) throw new NotAvailable(description.words, request.type)
        return served.request(request, signal)
      },
      close: async () => {},
    },
    validate: async (kind, bytes) => (await client()?.offer(kind, bytes)) ?? 'ignore',
  })
}
