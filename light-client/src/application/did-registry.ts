/** Follows the list of changes of an identity in a DID registry (ERC-1056) back to its beginning. @module */
import { NotADidRegistry, TooManyChanges } from '../ledgers/ethereum/did-registry/errors.ts'
import { wordOf } from '../ledgers/ethereum/did-registry/events.ts'
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
/** Blocks that are proven ahead, all at once, because a source names them. */
const MOST_AHEAD = 32

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
  const ahead = proveAhead(chain, registry, identity, head.value.number)
  const state = await chain.state(head, registry, registrySlots(identity, chain.engines))
  const blocks: RegistryBlock[] = []
  for (let next = newestChange(state); next !== 0n; ) {
    signal.throwIfAborted()
    if (blocks.length === MOST_CHANGES) throw new TooManyChanges(identity, MOST_CHANGES)
    const entry = (await ahead(next)) ?? (await registryBlock(chain, next))
    if (entry === null) throw new NotADidRegistry(registry, `it names block ${next}, which lies above the newest head`)
    blocks.push(entry)
    next = changeBefore(entry, registry, identity, chain.engines)
  }
  return provenRegistryHistory(state, identity, blocks, chain.engines, now())
}

/**
 * Begins to prove the blocks that a source names, newest first. What is named decides nothing: a block that belongs to the
 * list and is not named is fetched when its turn comes, and one that is named and does not is fetched in vain.
 */
function proveAhead(
  chain: ChainReader,
  registry: Hex,
  identity: Hex,
  newest: bigint,
): (number: bigint) => Promise<RegistryBlock | null> {
  const hinted = chain.blocksNamedForLogs(registry, wordOf(identity)).catch((): bigint[] => [])
  const begun = hinted.then((numbers) => {
    const named = numbers.filter((number) => number <= newest).sort((a, b) => (a < b ? 1 : -1))
    const proving = named.slice(0, MOST_AHEAD).map((number) => {
      // Failures come up again, with their reason, when the block is needed.
      const block = registryBlock(chain, number).catch(() => null)
      return [number, block] as const
    })
    return new Map(proving)
  })
  return async (number) => (await begun).get(number) ?? null
}

async function registryBlock(chain: ChainReader, number: bigint): Promise<RegistryBlock | null> {
  const id = await chain.byNumber(number)
  if (id === null) return null
  const block = await chain.header(id)
  return { block, receipts: await chain.receipts(block) }
}
