/**
 * Old blocks under the finalized beacon state, in every fork since Capella. Lodestar's types make the proofs, ours check
 * them, and make the same ones byte for byte.
 */
import { type BlockRecord, blindedBlock, lightClientHeaderOf, stateSsz } from '@glowworm/devnet/beacon/block'
import { branchOf } from '@glowworm/devnet/beacon/branch'
import { typesOf } from '@glowworm/devnet/beacon/fork-types'
import { DEVNET_FORKS, type DevnetFork } from '@glowworm/devnet/forks'
import { ssz } from '@glowworm/devnet/lodestar'
import { GlowwormError } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { type LightClientHeader, lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import { FORK_RULES } from '@glowworm/light-client/ledgers/ethereum/forks'
import { headerOfBlock } from '@glowworm/light-client/ledgers/ethereum/historical/beacon-body'
import { openBeaconState } from '@glowworm/light-client/ledgers/ethereum/historical/beacon-state'
import {
  decodeHistoricalBlock,
  encodeHistoricalBlock,
  type HistoricalBlock,
} from '@glowworm/light-client/ledgers/ethereum/historical/containers'
import { historyPlace, summaryIndex } from '@glowworm/light-client/ledgers/ethereum/historical/place'
import { produceHistoricalBlock } from '@glowworm/light-client/ledgers/ethereum/historical/produce'
import { verifyHistoricalBlock } from '@glowworm/light-client/ledgers/ethereum/historical/verify'
import { loadEngines } from '@glowworm/wasm-core'
import { describe, expect, it } from 'vitest'
import { beaconFixture, LAST_OF } from './beacon-fixture.ts'

const engines = await loadEngines()
const { hashes } = engines
const fixture = beaconFixture()
const { profile, execution } = fixture
const SPAN = 64

/** The header of a block in its own layout, by way of Lodestar's codec. */
function headerOf(record: BlockRecord): LightClientHeader {
  const type = ssz[record.fork].LightClientHeader as typeof ssz.electra.LightClientHeader
  const bytes = type.serialize(lightClientHeaderOf(record, record.fork))
  return lightClientTypes(profile.preset, FORK_RULES[record.fork].format).LightClientHeader.deserialize(bytes)
}

const rootsNode = (fork: DevnetFork, record: BlockRecord) => ({
  view: typesOf(fork).BeaconState.getViewDU(record.state),
  type: typesOf(fork).BeaconState,
})

/** Roots of all slots of a period, as the chain went, and as Lodestar's vector of them. */
const periods = new Map<number, { roots: Uint8Array; node: Parameters<typeof branchOf>[0] }>()
function period(index: number) {
  const known = periods.get(index)
  if (known) return known
  const roots = periodRoots(index)
  const view = ssz.phase0.HistoricalBlockRoots.toViewDU(
    Array.from({ length: SPAN }, (_, i) => roots.slice(i * 32, i * 32 + 32)),
  )
  view.hashTreeRoot()
  const made = { roots, node: view.node }
  periods.set(index, made)
  return made
}
function periodRoots(period: number): Uint8Array {
  const roots = new Uint8Array(SPAN * 32)
  for (let i = 0; i < SPAN; i++) {
    let slot = period * SPAN + i
    while (!fixture.chain.blockAtSlot(slot)) slot--
    roots.set(fromHex(fixture.block(slot).root, 'root', 32), i * 32)
  }
  return roots
}

/** The proof as Lodestar's tree gives it. */
function oracle(finalizedSlot: number, number: number): HistoricalBlock {
  const finalized = fixture.block(finalizedSlot)
  const { slot, header } = execution.get(number)!
  const { view, type } = rootsNode(finalized.fork, finalized)
  const record = fixture.block(slot)
  const execution_header = record.fork === 'gloas' ? header : new Uint8Array(0)
  if (finalizedSlot - slot <= SPAN) {
    const { gindex } = type.getPathInfo(['blockRoots', slot % SPAN])
    return { header: headerOf(record), branch: branchOf(view.node, gindex), execution_header }
  }
  const index = Math.floor(slot / SPAN)
  const { gindex } = type.getPathInfo(['historicalSummaries', index, 'blockSummaryRoot'])
  const inVector = ssz.phase0.HistoricalBlockRoots.getPathInfo([slot % SPAN]).gindex
  const branch = [...branchOf(period(index).node, inVector), ...branchOf(view.node, gindex)]
  return { header: headerOf(record), branch, execution_header }
}

const encoded = (block: HistoricalBlock) => encodeHistoricalBlock(block, profile, hashes)
const verify = (finalizedSlot: number, number: number, evidence: Uint8Array) =>
  verifyHistoricalBlock(fixture.beacon(finalizedSlot), BigInt(number), evidence, profile, engines)
const numbersBefore = (slot: number) =>
  [...execution].filter(([, block]) => block.slot < slot).map(([number]) => number)

describe.each(DEVNET_FORKS)('under a %s state', (fork) => {
  const finalizedSlot = LAST_OF[fork]
  const numbers = numbersBefore(finalizedSlot)

  it('every older block is proven, near ones by block_roots, the others by historical_summaries, in less than 4 KiB', () => {
    const fields = new Set<string>()
    for (const number of numbers.filter((number) => number % 5 === 0 || number < 70)) {
      const { hash, slot } = execution.get(number)!
      const evidence = encoded(oracle(finalizedSlot, number))
      expect(evidence.length).toBeLessThan(4096)
      const proven = verify(finalizedSlot, number, evidence)
      expect(proven).toEqual({
        hash,
        number: BigInt(number),
        slot,
        field: finalizedSlot - slot <= SPAN ? 'block_roots' : 'historical_summaries',
      })
      fields.add(proven.field)
    }
    expect([...fields].sort()).toEqual(['block_roots', 'historical_summaries'])
  })

  it('changed in any byte, it is refused with a typed error', () => {
    for (const number of [numbers[4]!, numbers.at(-2)!]) {
      const honest = encoded(oracle(finalizedSlot, number))
      expect(verify(finalizedSlot, number, honest).hash).toBe(execution.get(number)!.hash)
      for (let at = 0; at < honest.length; at++) {
        const lie = honest.slice()
        lie[at]! ^= 1 << (at % 8)
        expect(() => verify(finalizedSlot, number, lie), `byte ${at}`).toThrow(GlowwormError)
      }
      for (const wrong of [honest.subarray(1), honest.subarray(0, -1), new Uint8Array(0), Uint8Array.of(...honest, 0)])
        expect(() => verify(finalizedSlot, number, wrong)).toThrow(GlowwormError)
    }
  })

  it('one block does not pass for another, nor one state for another', () => {
    const [a, b] = [numbers[2]!, numbers.at(-3)!]
    for (const [asked, sent] of [
      [a, b],
      [b, a],
      [a, a + 1],
    ] as const)
      expect(() => verify(finalizedSlot, asked, encoded(oracle(finalizedSlot, sent)))).toThrow(
        expect.objectContaining({ code: 'INVALID_HISTORICAL_BLOCK', kind: 'lie' }),
      )
    const other = finalizedSlot - 1
    expect(() => verify(other, a, encoded(oracle(finalizedSlot, a)))).toThrow(
      expect.objectContaining({ code: 'INVALID_HISTORICAL_BLOCK' }),
    )
  })

  it('a branch that is shorter, longer or padded is refused', () => {
    for (const number of [numbers[2]!, numbers.at(-3)!]) {
      const { branch, ...rest } = oracle(finalizedSlot, number)
      const zero = new Uint8Array(32)
      for (const wrong of [branch.slice(1), branch.slice(0, -1), [zero, ...branch], [...branch, zero], []])
        expect(() => verify(finalizedSlot, number, encoded({ ...rest, branch: wrong }))).toThrow(/nodes/)
    }
  })
})

describe.each(['capella', 'deneb', 'electra', 'fulu'] as const)('made out of a %s state', (fork) => {
  const finalizedSlot = LAST_OF[fork]
  const pause = async () => {}
  const open = (bytes: Uint8Array, root = fixture.beacon(finalizedSlot).state_root) =>
    openBeaconState(bytes, { slot: finalizedSlot, root }, profile, engines, pause)

  it('proofs are those of Lodestar, byte for byte', async () => {
    const state = await open(stateSsz(fixture.block(finalizedSlot)))
    for (const number of numbersBefore(finalizedSlot).filter((number) => number % 3 === 0)) {
      const { slot } = execution.get(number)!
      const record = fixture.block(slot)
      const block = blindedBlock(record)!
      const header = headerOfBlock({ ssz: block.ssz() }, record.fork, 'blinded', profile, engines)
      expect(headerOfBlock({ json: block.json() }, record.fork, 'blinded', profile, engines)).toEqual(header)
      const { roots } = period(Math.floor(slot / SPAN))
      expect(produceHistoricalBlock(state, header, roots, profile, engines)).toEqual(
        encoded(oracle(finalizedSlot, number)),
      )
    }
  })

  it('a state with any changed field is not that of the block', async () => {
    const bytes = stateSsz(fixture.block(finalizedSlot))
    for (let at = 0; at < bytes.length; at += 997) {
      const changed = bytes.slice()
      changed[at]! ^= 1
      await expect(open(changed), `byte ${at}`).rejects.toMatchObject({
        code: expect.stringMatching(/^(WRONG_STATE|INVALID_SSZ)$/),
      })
    }
  })

  it('without all the blocks of an old period there is no proof', async () => {
    const state = await open(stateSsz(fixture.block(finalizedSlot)))
    const number = 2
    const header = headerOf(fixture.block(execution.get(number)!.slot))
    const wrong = periodRoots(0)
    wrong[40]! ^= 1
    for (const roots of [null, wrong])
      expect(() => produceHistoricalBlock(state, header, roots, profile, engines)).toThrow(
        expect.objectContaining({ code: 'NO_HISTORICAL_PROOF' }),
      )
  })
})

describe('what is no execution block, or cannot be known', () => {
  it('the genesis block holds the default payload, which is not block 0', () => {
    const finalizedSlot = LAST_OF.capella - 20
    const record = fixture.block(0)
    const { view, type } = rootsNode('capella', fixture.block(finalizedSlot))
    const { gindex } = type.getPathInfo(['blockRoots', 0])
    const evidence = {
      header: headerOf(record),
      branch: branchOf(view.node, gindex),
      execution_header: new Uint8Array(0),
    }
    expect(() => verify(finalizedSlot, 0, encoded(evidence))).toThrow(/no execution block/)
  })

  it('an execution header where the beacon block holds its own is surplus', () => {
    const evidence = { ...oracle(LAST_OF.fulu, 5), execution_header: execution.get(5)!.header }
    expect(() => verify(LAST_OF.fulu, 5, encoded(evidence))).toThrow(/holds its own/)
  })

  it('from Gloas on the header must have the hash that the beacon block names', () => {
    const number = Math.max(...execution.keys()) - 5
    const evidence = oracle(LAST_OF.gloas, number)
    for (const execution_header of [new Uint8Array(0), execution.get(number - 1)!.header])
      expect(() => verify(LAST_OF.gloas, number, encoded({ ...evidence, execution_header }))).toThrow(/have the hash/)
  })

  it('a block at or after the finalized one is not in its state', () => {
    const evidence = encoded(oracle(LAST_OF.fulu, 200))
    expect(() => verify(execution.get(200)!.slot, 200, evidence)).toThrow(/not before/)
    expect(() => verify(execution.get(200)!.slot - 5, 200, evidence)).toThrow(/not before/)
  })

  it('summaries begin with the period in which Capella did', () => {
    const from = (epoch: number, name: 'capella' | 'deneb' = 'capella') => ({
      ...profile,
      forks: [{ name, epoch, version: '0x03000001' as const }],
    })
    expect(summaryIndex(from(0), 130)).toBe(2)
    expect(summaryIndex(from(11), 130)).toBe(1)
    expect(summaryIndex(from(11), 64)).toBe(0)
    expect(summaryIndex(from(11), 63)).toBeNull()
    expect(summaryIndex(from(0, 'deneb'), 130)).toBe(2)
    expect(summaryIndex(from(4, 'deneb'), 130)).toBeNull()
    expect(historyPlace(from(11), 500, 60)).toMatch(/no historical summary/)
  })

  it('what is decoded is what was encoded', () => {
    const block = oracle(LAST_OF.gloas, 100)
    expect(decodeHistoricalBlock(encoded(block), profile, hashes)).toEqual(block)
  })
})
