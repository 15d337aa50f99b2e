/**
 * Everything a DID registry (ERC-1056) ever recorded about an identity, so that nothing can be withheld. The registry
 * keeps the block of the newest event, and each event names the block of the one before. The end of that list is proven
 * by the registry's storage, each block by all of its receipts; a shorter list cannot be presented.
 * @module
 */
import type { Engines } from '@glowworm/wasm-core'
import { fromHex, toHex } from '../../../data/hex.ts'
import { type Instant, seal, type Verified } from '../../verified.ts'
import { EMPTY_CODE_HASH } from '../contract.ts'
import type { Hex } from '../evidence.ts'
import type { Block } from '../proven-block.ts'
import type { ProvenState } from '../proven-content.ts'
import { NotADidRegistry } from './errors.ts'
import { eventsOfBlock, type RegistryEvent, wordOf } from './events.ts'

export interface RegistryHistory {
  readonly registry: Hex
  readonly identity: Hex
  /** Oldest first, complete up to the anchor. */
  readonly events: readonly RegistryEvent[]
  /** Who may change the identity; the identity itself until it was handed over. */
  readonly owner: Hex
  /** Seconds since the Unix epoch that the anchor gives: what validity is judged by. */
  readonly timestamp: bigint
}

/** A block that holds events, with all of its receipts. */
export interface RegistryBlock {
  readonly block: Verified<Block>
  readonly receipts: Verified<readonly Uint8Array[]>
}

// Places of the mappings `owners` and `changed` among the contract's state variables.
const OWNERS = 0
const CHANGED = 2

/** The slots of `changed[identity]` and `owners[identity]`, in this order. */
export function registrySlots(identity: Hex, { hashes }: Engines): readonly [Hex, Hex] {
  const slotOf = (mapping: number): Hex =>
    toHex(hashes.keccak256(fromHex(`${wordOf(identity)}${mapping.toString(16).padStart(64, '0')}`, 'slot')))
  return [slotOf(CHANGED), slotOf(OWNERS)]
}

/**
 * Where the list ends: the block of the newest event, 0 for none.
 * @param state the registry's account with `registrySlots` @throws {NotADidRegistry} there is no contract
 */
export function newestChange({ value: { account, slots } }: Verified<ProvenState>): bigint {
  if (!account.exists || account.codeHash === EMPTY_CODE_HASH) {
    throw new NotADidRegistry(account.address, 'no contract lies there')
  }
  return BigInt(slots[0]!.value)
}

/** Where the list goes on before this block: 0 is its beginning. @throws {NotADidRegistry} */
export function changeBefore(
  { block, receipts }: RegistryBlock,
  registry: Hex,
  identity: Hex,
  engines: Engines,
): bigint {
  return eventsOfBlock(block.value, receipts.value, registry, identity, engines.hashes.keccak256).previous
}

/**
 * @param state the registry's account with `registrySlots` of `identity`
 * @param blocks newest first, from the one that `state` names to the first
 * @throws {NotADidRegistry} when they are not the whole list, or do not lead to the owner in the registry's storage
 */
export function provenRegistryHistory(
  state: Verified<ProvenState>,
  identity: Hex,
  blocks: readonly RegistryBlock[],
  engines: Engines,
  now: Instant,
): Verified<RegistryHistory> {
  const { account, slots } = state.value
  const registry = account.address
  const expected = registrySlots(identity, engines)
  if (slots.length !== 2 || slots.some(({ slot }, i) => slot !== expected[i])) {
    throw new NotADidRegistry(registry, 'its storage was proven for another identity')
  }
  let next = newestChange(state)
  const events: RegistryEvent[] = []
  for (const { block, receipts } of blocks) {
    const { number, hash } = block.value
    const together = receipts.anchor.hash === hash && block.anchor.network === state.anchor.network
    if (!together || number !== next || number > state.anchor.height) {
      throw new NotADidRegistry(registry, `block ${number} is not the one that holds the change before`)
    }
    const { keccak256 } = engines.hashes
    const { events: inBlock, previous } = eventsOfBlock(block.value, receipts.value, registry, identity, keccak256)
    events.unshift(...inBlock)
    next = previous
  }
  if (next !== 0n) throw new NotADidRegistry(registry, `the changes up to block ${next} are missing`)

  const stored: Hex = `0x${slots[1]!.value.slice(2).padStart(64, '0').slice(24)}`
  const handed = events.findLast((event) => event.type === 'DIDOwnerChanged')
  if (stored !== (handed?.owner ?? NOBODY)) {
    throw new NotADidRegistry(registry, 'the owner in its storage is not the one of the last event')
  }
  const owner = stored === NOBODY ? identity : stored
  const timestamp = BigInt(state.anchor.time) / 1000n
  const { anchor, finality } = state
  const method = 'every change back to the first: end of the list by storage proof, each block by all of its receipts'
  return seal({ registry, identity, events, owner, timestamp }, { anchor, finality, method, checkedAt: now })
}

const NOBODY: Hex = `0x${'00'.repeat(20)}`
