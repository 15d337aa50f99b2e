/** A light client that stands still: proven up to the evidence at hand, and answering from there. @module */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../../errors.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import { platformRandom } from '../../infrastructure/random.ts'
import type { CallClaim } from '../../ledgers/ethereum/call-claims.ts'
import type { EthereumAnchor, EthereumTrust } from '../../ledgers/ethereum/consensus.ts'
import { createEthereumFamily } from '../../ledgers/ethereum/family.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { callsOf } from '../calls.ts'
import { type CatchUpOptions, catchUp } from '../catch-up.ts'
import { createChainReader } from '../chain-reader.ts'
import { isNothingNewer } from '../committee-chain.ts'
import { createEvidenceCache } from '../evidence-cache.ts'
import { newestFinality } from '../newest-finality.ts'
import { CALL_LIMITS, createCallProver } from '../prove-call.ts'
import type { RpcClient } from '../rpc/method.ts'
import type { SourcePool } from '../source-pool.ts'

export interface Standing {
  readonly profile: NetworkProfile
  readonly engines: Engines
  readonly trust: EthereumTrust
  readonly pool: SourcePool
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, of: number) => void
}

/** A receipt must not fail where a computer is slow; the bound only ends what would never end. */
const PATIENT = { ...CALL_LIMITS, milliseconds: 300_000 }

/**
 * From the checkpoint to the newest finality that the pool can prove, once.
 * @throws {GlowwormError} what `catchUp` throws
 */
export async function standingClient(options: Standing): Promise<{ client: RpcClient; anchor: EthereumAnchor }> {
  const { profile, engines, trust, pool, clock, signal } = options
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const cache = createEvidenceCache({ profile, engines, checkpoint: trust.checkpoint, maxBytes: 256 * 1024 * 1024 })
  const catchUpOptions: CatchUpOptions = {
    profile,
    engines,
    family,
    trust,
    pool,
    clock,
    store: null,
    cache,
    way: 'hops',
    signal,
    onProgress: options.onProgress ?? (() => {}),
  }
  let { anchor } = await catchUp(catchUpOptions)
  try {
    anchor = (await newestFinality(anchor, catchUpOptions)).anchor
  } catch (cause) {
    if (!isNothingNewer(cause)) throw cause
  }
  const chain = createChainReader({ profile, engines, pool, cache, clock, signal, anchor: async () => anchor })
  const hearsay = () => Promise.reject(new NoHearsay())
  // What is asked for must be the same when the receipt is made and when it is checked.
  const prover = createCallProver({ family, engines, pool, clock, cache, frugal: true, limits: PATIENT })
  const prove = async <C extends CallClaim>(claim: C) => ({
    verified: (await prover.prove(anchor, claim, signal)).verified,
    trail: [],
  })
  const client: RpcClient = {
    chain,
    network: { name: profile.name, chainId: profile.chainId },
    status: { state: 'closed' },
    subscribe: () => () => {},
    sendTransaction: hearsay,
    pendingNonce: hearsay,
    ...callsOf(prove),
  }
  return { client, anchor }
}

/** What cannot be proven cannot stand in a receipt. */
export class NoHearsay extends GlowwormError {
  constructor() {
    super(
      { name: 'Receipt.NoHearsay', code: 'NO_HEARSAY', kind: 'usage' },
      'what nobody can prove cannot be part of a proof receipt',
    )
  }
}
