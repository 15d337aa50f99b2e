/**
 * Whole beacon states and block bodies of the mainnet preset, with something of everything in them: they are hashed here
 * as Lodestar hashes them, in every fork that old blocks are proven by.
 */
import {
  BitArray,
  BitListType,
  BitVectorType,
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  type Type,
  UintBigintType,
  UintNumberType,
  VectorBasicType,
  VectorCompositeType,
} from '@chainsafe/ssz'
import { branchOf } from '@glowworm/devnet/beacon/branch'
import { FORK_RULES } from '@glowworm/light-client/ledgers/ethereum/forks'
import { headerOfBlock } from '@glowworm/light-client/ledgers/ethereum/historical/beacon-body'
import { openBeaconState } from '@glowworm/light-client/ledgers/ethereum/historical/beacon-state'
import { PROFILES } from '@glowworm/light-client/ledgers/ethereum/profiles'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { loadLodestarTypes } from '../lodestar-types.ts'

const engines = await loadEngines()
const { ssz } = await loadLodestarTypes('mainnet')
const profile = PROFILES.mainnet!
const FORKS = ['capella', 'deneb', 'electra', 'fulu'] as const
const slotOf = (fork: (typeof FORKS)[number]) => profile.forks.find(({ name }) => name === fork)!.epoch * 32 + 5

/** A value of a type whose every field differs from zero and, by and large, from every other. */
function filled(type: Type<unknown>, next: () => number): unknown {
  const bytes = (length: number) => Uint8Array.from({ length }, () => next() & 255)
  if (type instanceof ContainerType)
    return Object.fromEntries(
      Object.entries(type.fields).map(([name, field]) => [name, filled(field as Type<unknown>, next)]),
    )
  if (type instanceof ListBasicType || type instanceof ListCompositeType)
    return Array.from({ length: Math.min(type.limit, 5) }, () => filled(type.elementType, next))
  if (type instanceof VectorBasicType || type instanceof VectorCompositeType)
    return Array.from({ length: type.length }, () => filled(type.elementType, next))
  if (type instanceof BitListType)
    return BitArray.fromBoolArray(Array.from({ length: Math.min(type.limitBits, 77) }, () => next() % 3 === 0))
  if (type instanceof BitVectorType)
    return BitArray.fromBoolArray(Array.from({ length: type.lengthBits }, () => next() % 3 === 0))
  if (type instanceof ByteVectorType) return bytes(type.lengthBytes)
  if (type instanceof ByteListType) return bytes(Math.min(type.limitBytes, 300))
  if (type instanceof BooleanType) return true
  if (type instanceof UintBigintType) return BigInt(next() & 0xffff)
  if (type instanceof UintNumberType) return next() & (type.byteLength === 1 ? 255 : 0xffff)
  throw new Error(`no value for ${type.typeName}`)
}

function counter(): () => number {
  let count = 0
  return () => (++count * 2_654_435_761) >>> 7
}

describe.each(FORKS)('%s', (fork) => {
  const slot = slotOf(fork)

  it('a state has the root, and its two fields the branches, that Lodestar gives them', async () => {
    const type = ssz[fork].BeaconState as typeof ssz.electra.BeaconState
    const value = { ...(filled(type, counter()) as ReturnType<typeof type.defaultValue>), slot }
    const bytes = type.serialize(value)
    const view = type.deserializeToViewDU(bytes)
    const root = view.hashTreeRoot()
    const asked = { slot, root }
    const state = await openBeaconState(bytes, asked, profile, engines, async () => {})
    expect(state.block_roots_branch).toEqual(branchOf(view.node, BigInt(FORK_RULES[fork].BLOCK_ROOTS_GINDEX)))
    expect(state.historical_summaries_branch).toEqual(
      branchOf(view.node, BigInt(FORK_RULES[fork].HISTORICAL_SUMMARIES_GINDEX!)),
    )
    expect(state.block_roots).toEqual(type.fields.blockRoots.serialize(value.blockRoots))
    expect(type.getPathInfo(['blockRoots']).gindex).toBe(BigInt(FORK_RULES[fork].BLOCK_ROOTS_GINDEX))
    for (const cut of [bytes.subarray(0, -1), bytes.subarray(0, 2_000_000), Buffer.concat([bytes, Uint8Array.of(0)])])
      await expect(openBeaconState(cut, asked, profile, engines, async () => {})).rejects.toMatchObject({ kind: 'lie' })
  })

  it.each(['whole', 'blinded'] as const)('a %s block has the body root and branch that Lodestar gives it', (form) => {
    const name = form === 'whole' ? 'SignedBeaconBlock' : 'SignedBlindedBeaconBlock'
    const type = ssz[fork][name] as typeof ssz.electra.SignedBeaconBlock
    const value = filled(type, counter()) as ReturnType<typeof type.defaultValue>
    const header = headerOfBlock({ ssz: type.serialize(value) }, fork, form, profile, engines)
    expect(headerOfBlock({ json: type.toJson(value) }, fork, form, profile, engines)).toEqual(header)
    const Body = type.fields.message.fields.body
    const body = Body.toViewDU(value.message.body)
    expect(header.beacon.body_root).toEqual(body.hashTreeRoot())
    expect(header.execution_branch).toEqual(branchOf(body.node, 25n))
    const message = ssz.phase0.BeaconBlockHeader.hashTreeRoot({ ...value.message, bodyRoot: header.beacon.body_root })
    expect(message).toEqual(type.fields.message.hashTreeRoot(value.message))
    const bytes = type.serialize(value)
    expect(() => headerOfBlock({ ssz: bytes.subarray(0, 150) }, fork, form, profile, engines)).toThrow(/SSZ/)
    expect(() => headerOfBlock({ json: { message: {} } }, fork, form, profile, engines)).toThrow(/SSZ/)
  })
})
