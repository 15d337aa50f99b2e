/** Follows the list of changes of an identity in a DID registry (ERC-1056) back to its beginning. @module */
import { NotADidRegistry, TooManyChanges } from '../ledgers/ethereum/did-registry/errors.ts'
import {
  changeBefore,
  newestChange,
  provenRegistryHistory,
  type RegistryBlock,
  type RegistryHistory,
  registrySlots,
} from '../ledgers/ethereum/did-registry/history.ts'
import type { Hex } from '../ledgers/ethereum/evidence.ts'
import type { Verified } from '../ledgers/verified.ts'
import type { ChainReader } from './chain-reader.ts'
import type { HeadChoice } from './light-client.ts'

/** Blocks with changes that are followed. */
export const MOST_CHANGES = 1000

export interface RegistryQuestion {
  /** 20 bytes, small letters, as is the identity. */
  readonly registry: Hex
  readonly identity: Hex
  readonly at: HeadChoice
  readonly signal: AbortSignal
  /** The time it is checked at, in milliseconds. */
  readonly now: () => number
}

/**
 * The complete history as of the head.
 * @throws {TooFarBack} a block with a change cannot be proven: nothing is given then, since it would lack something
 * @throws {NotADidRegistry | TooManyChanges}
 */
export async function registryHistory(
  chain: ChainReader,
  { registry, identity, at, signal, now }: RegistryQuestion,
): Promise<Verified<RegistryHistory>> {
  const head = await chain.head(at)
  const state = await chain.state(head, registry, registrySlots(identity, chain.engines))
  const blocks: RegistryBlock[] = []
  for (let next = newestChange(state); next !== 0n; ) {
    signal.throwIfAborted()
    if (blocks.length === MOST_CHANGES) throw new TooManyChanges(identity, MOST_CHANGES)
    const id = await chain.byNumber(next)
    if (id === null) throw new NotADidRegistry(registry, `it names block ${next}, which lies above the newest head`)
    const block = await chain.header(id)
    const entry = { block, receipts: await chain.receipts(block) }
    blocks.push(entry)
    next = changeBefore(entry, registry, identity, chain.engines)
  }
  return provenRegistryHistory(state, identity, blocks, chain.engines, now())
}
