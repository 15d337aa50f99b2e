/** Histories of a model registry, and every way to present another one. */
import { nobleEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../data/hex.ts'
import { encode } from '../../../data/rlp.ts'
import { seal, type Verified } from '../../verified.ts'
import { EMPTY_CODE_HASH } from '../contract.ts'
import type { Hex } from '../evidence.ts'
import type { Block } from '../proven-block.ts'
import type { ProvenState } from '../proven-content.ts'
import type { RegistryEvent } from './events.ts'
import { changeBefore, newestChange, provenRegistryHistory, type RegistryBlock, registrySlots } from './history.ts'

const engines = nobleEngines()
const REGISTRY: Hex = `0x${'de'.repeat(20)}`
const IDENTITY: Hex = `0x${'1d'.repeat(20)}`
const OTHER: Hex = `0x${'0e'.repeat(20)}`
const NOBODY: Hex = `0x${'00'.repeat(20)}`
const HEAD = 1_000_000n
const word = (value: bigint | Hex): string => BigInt(value).toString(16).padStart(64, '0')
const hash = (number: bigint): Hex => `0x${word(number)}`
const topic = (text: string): Hex => toHex(engines.hashes.keccak256(new TextEncoder().encode(text)))

type Change =
  | { readonly type: 'owner'; readonly owner: Hex }
  | { readonly type: 'delegate'; readonly delegate: Hex; readonly validTo: bigint }
  | { readonly type: 'attribute'; readonly value: Hex; readonly validTo: bigint }

interface Log {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
}

/** What the contract emits. */
function logOf(change: Change, previous: bigint, identity = IDENTITY, address = REGISTRY): Log {
  const log = (signature: string, data: string): Log => ({
    address,
    topics: [topic(signature), `0x${word(identity)}`],
    data: `0x${data}`,
  })
  switch (change.type) {
    case 'owner':
      return log('DIDOwnerChanged(address,address,uint256)', word(change.owner) + word(previous))
    case 'delegate': {
      const data = word(7n) + word(change.delegate) + word(change.validTo) + word(previous)
      return log('DIDDelegateChanged(address,bytes32,address,uint256,uint256)', data)
    }
    case 'attribute': {
      const value = change.value.slice(2)
      const padded = value.padEnd(Math.ceil(value.length / 64) * 64, '0')
      const data =
        word(8n) + word(128n) + word(change.validTo) + word(previous) + word(BigInt(value.length / 2)) + padded
      return log('DIDAttributeChanged(address,bytes32,bytes,uint256,uint256)', data)
    }
  }
}

const proof = (height: bigint, network = 'test') => ({
  anchor: { ledger: 'ethereum', network, height, hash: hash(height), time: Number(height) * 12_000 } as const,
  finality: { level: 'final', words: 'finalized' } as const,
  method: 'made for a test',
  checkedAt: 0,
})

function blockOf(number: bigint, logs: readonly Log[], network = 'test'): RegistryBlock {
  const receipt = encode([
    Uint8Array.of(1),
    Uint8Array.of(82, 8),
    new Uint8Array(256),
    logs.map(({ address, topics, data }) => [
      fromHex(address, 'a'),
      topics.map((t) => fromHex(t, 't')),
      fromHex(data, 'd'),
    ]),
  ])
  const block = { number, hash: hash(number), timestamp: number * 12n } as unknown as Block
  return { block: seal(block, proof(number, network)), receipts: seal([receipt], proof(number, network)) }
}

function stateOf(changed: bigint, owner: Hex, more: { identity?: Hex; codeHash?: Hex } = {}): Verified<ProvenState> {
  const [changedSlot, ownerSlot] = registrySlots(more.identity ?? IDENTITY, engines)
  const account = { address: REGISTRY, exists: true, codeHash: more.codeHash ?? hash(1n) }
  const slots = [
    { slot: changedSlot, value: hash(changed) },
    { slot: ownerSlot, value: `0x${word(owner)}` },
  ]
  return seal({ account, slots, proof: {} } as unknown as ProvenState, proof(HEAD))
}

/** The registry of `blocks`: numbers with the changes in them, oldest first. */
function chainOf(blocks: readonly (readonly [bigint, readonly Change[]])[]) {
  let changed = 0n
  let owner = NOBODY
  const made = blocks.map(([number, changes]) => {
    const noise = [
      logOf({ type: 'owner', owner: OTHER }, 5n, OTHER),
      logOf({ type: 'owner', owner: OTHER }, 5n, IDENTITY, OTHER),
    ]
    const logs = changes.flatMap((change) => {
      const log = logOf(change, changed)
      changed = number
      if (change.type === 'owner') owner = change.owner
      return [...noise, log]
    })
    return { number, logs }
  })
  return { made, changed, owner, blocks: made.map(({ number, logs }) => blockOf(number, logs)).reverse() }
}

const prove = (state: Verified<ProvenState>, blocks: readonly RegistryBlock[], identity = IDENTITY) =>
  provenRegistryHistory(state, identity, blocks, engines, 0)
const refused = expect.objectContaining({ code: 'NOT_A_DID_REGISTRY' })

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(toHex)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ type: fc.constant('owner' as const), owner: address }),
  fc.record({
    type: fc.constant('delegate' as const),
    delegate: address,
    validTo: fc.bigInt({ min: 0n, max: 1n << 255n }),
  }),
  fc.record({
    type: fc.constant('attribute' as const),
    value: fc.uint8Array({ maxLength: 70 }).map(toHex),
    validTo: fc.nat().map(BigInt),
  }),
)
const story = fc
  .uniqueArray(fc.integer({ min: 1, max: Number(HEAD) }), { maxLength: 6 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers
        .sort((a, b) => a - b)
        .map((n) => fc.tuple(fc.constant(BigInt(n)), fc.array(change, { minLength: 1, maxLength: 3 }))),
    ),
  )

test('any history is read as it was written; with a block less, or in another order, it is refused', () => {
  fc.assert(
    fc.property(story, (written) => {
      const { changed, owner, blocks } = chainOf(written)
      const state = stateOf(changed, owner)
      const { value } = prove(state, blocks)
      const shown = value.events.map((event) => [event.block, event.type, essence(event)])
      expect(shown).toEqual(
        written.flatMap(([number, changes]) => changes.map((each) => [number, typeOf(each), payload(each)])),
      )
      expect(value.owner).toBe(owner === NOBODY ? IDENTITY : owner)
      for (const at of blocks.keys()) expect(() => prove(state, blocks.toSpliced(at, 1))).toThrow(refused)
      if (blocks.length > 1) expect(() => prove(state, blocks.toReversed())).toThrow(refused)
      expect(() => prove(state, [...blocks, blockOf(1n, [])])).toThrow(refused)
    }),
    { numRuns: 60 },
  )
})

const payload = (change: Change) =>
  change.type === 'owner'
    ? change.owner
    : change.type === 'delegate'
      ? [change.delegate, change.validTo]
      : [change.value, change.validTo]
const essence = (event: RegistryEvent) =>
  event.type === 'DIDOwnerChanged'
    ? event.owner
    : event.type === 'DIDDelegateChanged'
      ? [event.delegate, event.validTo]
      : [event.value, event.validTo]
const typeOf = ({ type }: Change) =>
  ({ owner: 'DIDOwnerChanged', delegate: 'DIDDelegateChanged', attribute: 'DIDAttributeChanged' })[type]

describe('refused', () => {
  const HANDED: Change = { type: 'owner', owner: OTHER }
  const ADDED: Change = { type: 'attribute', value: '0x0102', validTo: 9n }
  const { changed, owner, blocks } = chainOf([
    [10n, [ADDED]],
    [20n, [HANDED, ADDED]],
  ])
  const state = stateOf(changed, owner)
  const [newest, oldest] = blocks as [RegistryBlock, RegistryBlock]

  test('(what is good is not)', () => {
    expect(prove(state, blocks).value.events).toHaveLength(3)
    expect(newestChange(state)).toBe(20n)
    expect(changeBefore(newest, REGISTRY, IDENTITY, engines)).toBe(10n)
  })

  const withLogs = (number: bigint, ...logs: Log[]) => blockOf(number, logs)
  const word32 = (log: Log, at: number, value: bigint): Log => ({
    ...log,
    data: `0x${log.data.slice(2, 2 + 64 * at)}${word(value)}${log.data.slice(2 + 64 * (at + 1))}`,
  })
  test.each<[string, () => unknown]>([
    ['storage of another identity', () => prove(stateOf(changed, owner, { identity: OTHER }), blocks)],
    ['an identity that was not asked about', () => prove(state, blocks, OTHER)],
    ['no code', () => prove(stateOf(0n, NOBODY, { codeHash: EMPTY_CODE_HASH }), [])],
    ['an owner that no event made', () => prove(stateOf(changed, REGISTRY), blocks)],
    ['an owner who is forgotten', () => prove(stateOf(changed, NOBODY), blocks)],
    ['receipts of another block', () => prove(state, [{ ...newest, receipts: oldest.receipts }, oldest])],
    ['a block of another network', () => prove(state, [newest, blockOf(10n, [logOf(ADDED, 0n)], 'else')])],
    ['a block without events', () => prove(state, [newest, withLogs(10n)])],
    ['a list that goes forward', () => prove(state, [newest, withLogs(10n, logOf(ADDED, 10n))])],
    [
      'a second event that skips the first',
      () => prove(state, [withLogs(20n, logOf(HANDED, 10n), logOf(ADDED, 10n)), oldest]),
    ],
    ['a value longer than its data', () => prove(state, [newest, withLogs(10n, word32(logOf(ADDED, 0n), 4, 33n))])],
    ['an offset elsewhere', () => prove(state, [newest, withLogs(10n, word32(logOf(ADDED, 0n), 1, 160n))])],
    ['an address of 32 bytes', () => prove(state, [withLogs(20n, word32(logOf(HANDED, 10n), 0, 1n << 200n)), oldest])],
    ['data cut short', () => prove(state, [withLogs(20n, { ...logOf(HANDED, 10n), data: '0x00' }), oldest])],
  ])('%s', (_, run) => expect(run).toThrow(refused))
})
