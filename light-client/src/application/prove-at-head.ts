/** Claims proven against the heads of the followed chain, each with the way it was proven. @module */
import { GlowwormError } from '../errors.ts'
import type { Account, EthereumClaim } from '../ledgers/ethereum/claims.ts'
import type { EthereumAnchor } from '../ledgers/ethereum/consensus.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import { type EthereumValues, isCall } from '../ledgers/ethereum/family.ts'
import { answerWith } from './answer-with.ts'
import type { StatusBoard } from './client-status.ts'
import type { ChainFollower } from './follow-chain.ts'
import type { KeptAccounts } from './kept-accounts.ts'
import type { Answer, HeadChoice, TrailStep } from './light-client.ts'
import type { CallProver } from './prove-call.ts'
import { type ProofResult, type ProofSources, proveClaim } from './prove-claim.ts'

export interface HeadProver {
  /** Waits for the first head. @throws {CommitteeContradiction} once there was one */
  prove<C extends EthereumClaim>(
    claim: C,
    stage: TrailStep['stage'],
    at: HeadChoice,
    signal?: AbortSignal,
    asker?: string,
  ): Promise<Answer<EthereumValues[C['type']]>>
  /** See `LightClient.keptAccount`. */
  keptAccount(address: Hex): Promise<Answer<Account> | null>
  /** What a transaction is or did, in one of the blocks that sources name for it; null: in none of them. */
  inBlock<T extends 'receipt' | 'transaction'>(type: T, transactionHash: Hex): Promise<Answer<EthereumValues[T]> | null>
}

export function createHeadProver(parts: {
  readonly sources: ProofSources
  readonly callProver: CallProver
  readonly board: StatusBoard
  readonly follower: ChainFollower
  /** Null: none are kept. */
  readonly keptAccounts: KeptAccounts | null
  /** Blocks that may contain a transaction: places to look, nothing more. */
  readonly blocksNamedFor: (transactionHash: Hex) => Promise<readonly Hex[]>
  readonly closing: AbortSignal
}): HeadProver {
  const { sources, callProver, board, follower, keptAccounts, closing } = parts
  const { clock } = sources
  const gather = <C extends EthereumClaim>(anchor: EthereumAnchor, claim: C, signal: AbortSignal, asker?: string) =>
    (isCall(claim)
      ? callProver.prove(anchor, claim, signal, asker)
      : proveClaim(sources, anchor, claim, signal)) as Promise<ProofResult<EthereumValues[C['type']]>>

  async function prove<C extends EthereumClaim>(
    claim: C,
    stage: TrailStep['stage'],
    at: HeadChoice,
    signal = closing,
    asker?: string,
  ): Promise<Answer<EthereumValues[C['type']]>> {
    await board.ready()
    const { halted, heads, chain } = follower
    if (halted) throw halted
    const { anchor } = heads!
    const { trail } = chain!
    const headStep = heads!.step(at)
    const proof = await gather(anchor, claim, signal, asker)
    if (claim.type === 'account' && at === 'finalized' && !anchor.forced)
      // where it cannot be kept, the next start shows less
      keptAccounts?.keep(anchor, claim.address).catch(() => {})
    return answerWith(proof, stage, trail, headStep)
  }

  async function keptAccount(address: Hex): Promise<Answer<Account> | null> {
    const from = keptAccounts && (await follower.kept)
    if (!from || follower.halted) return null
    const begin = clock.now()
    const { anchor, trail } = from.chain
    const found = await keptAccounts.prove(anchor, address)
    if (!found) return null
    const proof = { ...found, milliseconds: clock.now() - begin, suppliedBy: trail.committee.suppliedBy }
    return answerWith(proof, 'account', trail, from.heads.step('finalized'))
  }

  async function inBlock<T extends 'receipt' | 'transaction'>(
    type: T,
    transactionHash: Hex,
  ): Promise<Answer<EthereumValues[T]> | null> {
    await board.ready()
    let failure: unknown = null
    for (const blockHash of await parts.blocksNamedFor(transactionHash)) {
      try {
        return (await prove({ type, transactionHash, blockHash }, 'receipt', 'optimistic')) as Answer<EthereumValues[T]>
      } catch (cause) {
        // A block that is not proven (yet), or not the right one, proves nothing: the next name may be better.
        const ignorance = cause instanceof GlowwormError && cause.kind === 'unprovable' && cause.code !== 'TOO_FAR_BACK'
        if (!ignorance) failure ??= cause
      }
    }
    if (failure !== null) throw failure
    return null
  }

  return { prove, keptAccount, inBlock }
}
