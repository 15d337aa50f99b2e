/** Gathers evidence for one claim until the family can prove it. @module */
import type { Engines } from '@glowworm/wasm-core'
import { GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { MissingEvidence, TooFarBack } from '../ledgers/ethereum/block-history.ts'
import type { EthereumClaim } from '../ledgers/ethereum/claims.ts'
import { type EthereumAnchor, executionOf } from '../ledgers/ethereum/consensus.ts'
import { type EvidenceRequest, type Hex, keyOf } from '../ledgers/ethereum/evidence.ts'
import { decodeExecutionHeader } from '../ledgers/ethereum/execution-header.ts'
import type { EthereumFamily, EthereumValues } from '../ledgers/ethereum/family.ts'
import { historicalRequest } from '../ledgers/ethereum/historical/verify.ts'
import { HISTORY_STORAGE_ADDRESS } from '../ledgers/ethereum/history-contract.ts'
import type { Verified } from '../ledgers/verified.ts'
import type { SourceDescription } from '../network/evidence-source.ts'
import type { EvidenceCache } from './evidence-cache.ts'
import type { SourcePool } from './source-pool.ts'

export interface ProofSources {
  readonly family: EthereumFamily
  readonly engines: Engines
  readonly pool: SourcePool
  readonly clock: Clock
  readonly cache: EvidenceCache
}

export interface ProofResult<T> {
  readonly verified: Verified<T>
  readonly milliseconds: number
  readonly bytes: number
  readonly suppliedBy: SourceDescription | null
}

/** Rounds of "what else is needed"; a walk along parents needs one for each block. */
const MAX_ROUNDS = 600

/** @throws {GlowwormError} */
export async function proveClaim<C extends EthereumClaim>(
  { family, engines, pool, clock, cache }: ProofSources,
  anchor: EthereumAnchor,
  claim: C,
  signal: AbortSignal,
): Promise<ProofResult<EthereumValues[C['type']]>> {
  const evidence = new Map<string, Uint8Array>()
  const start = clock.now()
  let bytes = 0
  let suppliedBy: SourceDescription | null = null
  const attempt = () => family.prove(anchor, claim, evidence, clock.now())

  /** Adds one piece; a lie in it surfaces at once, while it is the only piece not yet checked. */
  const obtain = async (request: EvidenceRequest) => {
    const key = keyOf(request)
    const kept = cache.get(request)
    if (kept) {
      evidence.set(key, kept)
      return
    }
    const asking = pool.ask(
      request,
      async (candidate) => {
        evidence.set(key, candidate)
        try {
          await attempt()
        } catch (cause) {
          // Only false evidence speaks against who sent it. That more is missing, or that the claim does not follow
          // from true evidence, does not.
          const stillMissing = cause instanceof MissingEvidence && cause.requests.some((one) => keyOf(one) === key)
          if (cause instanceof GlowwormError && cause.kind !== 'lie' && !stillMissing) return
          evidence.delete(key)
          throw cause
        }
      },
      signal,
    )
    const answer = await asking.catch(async (cause) => {
      if (!isHistory(request) || !(cause instanceof GlowwormError) || cause.kind !== 'unprovable') throw cause
      if (await byBeaconState()) return null
      throw isOf(anchor, request.blockHash) ? cause : new NoOldState(cause)
    })
    if (answer === null) return
    bytes += answer.bytes.length
    suppliedBy = answer.from
    cache.put(request, answer.bytes)
  }

  /** The other way to an old block: its place in the finalized beacon state. @returns whether somebody could give it */
  const byBeaconState = async (): Promise<boolean> => {
    const hash = 'blockHash' in claim ? claim.blockHash : null
    const header = hash && evidence.get(keyOf({ type: 'execution_header', blockHash: hash }))
    if (!header || !pool.offers('historical_block')) return false
    const { beacon } = anchor.store.finalized_header
    const request = historicalRequest(beacon, decodeExecutionHeader(header).number, engines)
    return obtain(request).then(
      () => true,
      (cause) => {
        if (cause instanceof GlowwormError && cause.kind !== 'closed') return false
        throw cause
      },
    )
  }

  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      return { verified: await attempt(), milliseconds: clock.now() - start, bytes, suppliedBy }
    } catch (cause) {
      if (cause instanceof TooFarBack && (await byBeaconState())) continue
      if (!(cause instanceof MissingEvidence)) throw cause
      for (const request of cause.requests) await obtain(request)
    }
  }
  throw new TooMuchEvidence(claim.type)
}

/** Whether a request is for the hashes of past blocks. */
function isHistory(request: EvidenceRequest): request is EvidenceRequest & { readonly type: 'account' } {
  return request.type === 'account' && request.address === HISTORY_STORAGE_ADDRESS
}

/** Whether a block is one of the heads, whose states everybody has. */
function isOf({ store }: EthereumAnchor, blockHash: Hex): boolean {
  return [store.finalized_header, store.optimistic_header].some(
    (header) => executionOf(header)?.blockHash === blockHash,
  )
}

/** So far back only the states of old blocks lead, and no source has kept them. */
export class NoOldState extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Application.NoOldState', code: 'TOO_FAR_BACK', kind: 'unprovable' },
      'the block lies further back than any source can prove: none has the state of old blocks',
      {
        cause,
        next: 'Add an execution node that keeps old states (an archive node), or a bridge that proves old blocks.',
      },
    )
  }
}

/** Proving would take more steps than any honest chain needs. */
export class TooMuchEvidence extends GlowwormError {
  constructor(claim: string) {
    super(
      { name: 'Application.TooMuchEvidence', code: 'TOO_MUCH_EVIDENCE', kind: 'unprovable' },
      `the proof of this ${claim} did not end after ${MAX_ROUNDS} requests`,
    )
  }
}
