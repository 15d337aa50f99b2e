/** A reader whose heads are given by the test: what it hands out below them is proven as ever. */
import type { EvidenceSource, Hex } from '@glowworm/light-client'
import { type ChainReader, createChainReader } from '@glowworm/light-client/application/chain-reader'
import { createEvidenceCache } from '@glowworm/light-client/application/evidence-cache'
import { createCallProver } from '@glowworm/light-client/application/prove-call'
import type { RpcClient } from '@glowworm/light-client/application/rpc/method'
import { createSourcePool, type SourcePool } from '@glowworm/light-client/application/source-pool'
import { fromHex } from '@glowworm/light-client/data/hex'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import type { CallClaim } from '@glowworm/light-client/ledgers/ethereum/call-claims'
import type { EthereumAnchor } from '@glowworm/light-client/ledgers/ethereum/consensus'
import type { BeaconBlockHeader, LightClientHeader } from '@glowworm/light-client/ledgers/ethereum/data'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import type { NetworkProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import type { Engines } from '@glowworm/wasm-core'

export interface ReaderOver {
  readonly chain: ChainReader
  readonly pool: SourcePool
  readonly client: RpcClient
  /** Moves the heads; whoever subscribed is told. */
  setHeads(heads: { finalized: Hex; optimistic: Hex }): void
}

const ZERO = new Uint8Array(32)
const NO_ROOT: Hex = `0x${'00'.repeat(32)}`
const beacon = { slot: 1, proposer_index: 0n, parent_root: ZERO, state_root: ZERO, body_root: ZERO }
const headerOf = (hash: Hex, own: BeaconBlockHeader = beacon): LightClientHeader => ({
  beacon: own,
  execution_block_hash: fromHex(hash, 'hash', 32),
})

export function readerOver(
  sources: readonly EvidenceSource[],
  heads: { finalized: Hex; optimistic: Hex; finalizedBeacon?: BeaconBlockHeader },
  profile: NetworkProfile,
  engines: Engines,
): ReaderOver {
  const pool = createSourcePool(platformClock)
  for (const source of sources) pool.add(source)
  let current = heads
  const listeners = new Set<() => void>()
  const anchor = () =>
    ({
      checkpoint: NO_ROOT,
      store: {
        finalized_header: headerOf(current.finalized, heads.finalizedBeacon),
        optimistic_header: headerOf(current.optimistic),
      },
    }) as EthereumAnchor
  const cache = createEvidenceCache({ profile, engines, checkpoint: NO_ROOT, maxBytes: 32 * 1024 * 1024 })
  const { signal } = new AbortController()
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const calls = createCallProver({ family, engines, pool, clock: platformClock, cache })
  const answer = async <C extends CallClaim>(claim: C) => {
    const { verified } = await calls.prove(anchor(), claim, signal)
    return { verified, trail: [] }
  }
  const chain = createChainReader({
    profile,
    engines,
    pool,
    cache,
    clock: platformClock,
    signal,
    anchor: async () => anchor(),
  })
  const status = { state: 'following', head: null as never } as const
  return {
    chain,
    pool,
    client: {
      chain,
      network: { name: profile.name, chainId: profile.chainId },
      status,
      sendTransaction: async () => {
        throw new Error('nothing is sent in this test')
      },
      pendingNonce: async () => {
        throw new Error('nothing is pending in this test')
      },
      call: (call, options) => answer({ type: 'call', at: 'finalized', ...options, call }),
      estimateGas: (call, options) => answer({ type: 'gas_estimate', at: 'finalized', ...options, call }),
      createAccessList: (call, options) => answer({ type: 'access_list', at: 'finalized', ...options, call }),
      simulate: (blocks, { at = 'finalized', traceTransfers = false, validation = false } = {}) =>
        answer({ type: 'simulation', at, blocks, traceTransfers, validation }),
      subscribe(listener) {
        const tell = () => listener(status)
        listeners.add(tell)
        return () => listeners.delete(tell)
      },
    },
    setHeads(next) {
      current = next
      for (const listener of listeners) listener()
    },
  }
}
