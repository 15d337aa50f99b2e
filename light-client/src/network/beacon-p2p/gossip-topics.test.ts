/** Topics, message ids and digests around forks of mainnet; ids are computed a second time with Node's own hashing. */
import { createHash } from 'node:crypto'
import { loadHeadlessEngines } from '@glowworm/wasm-core/load-headless-engines'
import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../data/hex.ts'
import { timeOfSlot } from '../../ledgers/ethereum/forks.ts'
import { PROFILES } from '../../ledgers/ethereum/profiles.ts'
import {
  digestsAround,
  isTooEarly,
  knownDigests,
  maxGossipBytes,
  messageId,
  nextEpochTime,
  topicName,
} from './gossip-topics.ts'
import { lengthBounds } from './methods.ts'
import { localStatus, sameNetwork, speaksStatusV2 } from './node-state.ts'
import { encodeSnappyBlock } from './snappy-block.ts'

const { hashes } = await loadHeadlessEngines()
const mainnet = PROFILES.mainnet!
const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}
const timeOfEpoch = (epoch: number) => timeOfSlot(mainnet, epoch * 32)
const around = (epoch: number) => digestsAround(mainnet, epoch, hashes).map(toHex)

describe('topics', () => {
  it('carry the digest without 0x', () =>
    expect(topicName(fromHex('0x8c9f62fe', 'digest'), 'finality_update')).toBe(
      '/eth2/8c9f62fe/light_client_finality_update/ssz_snappy',
    ))

  it('of both sides are listened to within two epochs of a fork or a change of blob parameters', () => {
    // Electra, Fulu, and the two BPO forks, with digests seen in real data
    expect(around(411_389)).toEqual(['0xad532ceb'])
    for (const epoch of [411_390, 411_391, 411_392, 411_393])
      expect(around(epoch)).toEqual(['0xad532ceb', '0xcc2c5cdb'])
    expect(around(411_394)).toEqual(['0xcc2c5cdb'])
    expect(around(412_670)).toEqual(['0xcc2c5cdb', '0xcb0d1acc'])
    expect(around(412_674)).toEqual(['0xcb0d1acc'])
    expect(around(419_073)).toEqual(['0xcb0d1acc', '0x8c9f62fe'])
    expect(around(500_000)).toEqual(['0x8c9f62fe'])
  })

  it('are known for every digest of the profile, each once', () => {
    const digests = knownDigests(mainnet, hashes).map(({ digest }) => toHex(digest))
    expect(digests).toHaveLength(8)
    expect(new Set(digests).size).toBe(8)
    // forks at one epoch, as devnets have them, are one digest: that of the last
    const [, , capella] = mainnet.forks
    const together = {
      ...mainnet,
      forks: mainnet.forks.slice(0, 3).map((fork) => ({ ...fork, epoch: 0 })),
      blobSchedule: [],
    }
    expect(knownDigests(together, hashes).map(({ epoch }) => epoch)).toEqual([0])
    expect(capella?.name).toBe('capella')
  })

  it('change at the next epoch at the earliest', () => {
    expect(nextEpochTime(mainnet, 0)).toBe(timeOfSlot(mainnet, 32))
    expect(nextEpochTime(mainnet, 63)).toBe(timeOfSlot(mainnet, 64))
    expect(nextEpochTime(mainnet, -5)).toBe(timeOfSlot(mainnet, 32))
  })
})

describe('message ids', () => {
  const topic = '/eth2/8c9f62fe/light_client_optimistic_update/ssz_snappy'
  const content = Uint8Array.from({ length: 900 }, (_, i) => i % 7)
  const name = new TextEncoder().encode(topic)
  const length = Uint8Array.of(name.length, 0, 0, 0, 0, 0, 0, 0)

  it('hash the content, however it was compressed', () => {
    const expected = toHex(sha256(Uint8Array.of(1, 0, 0, 0), length, name, content).subarray(0, 20))
    expect(toHex(messageId(topic, encodeSnappyBlock(content), 2000, hashes))).toBe(expected)
    const literal = Uint8Array.of(0x84, 0x07, 0xf4, 0x83, 0x03, ...content)
    expect(toHex(messageId(topic, literal, 2000, hashes))).toBe(expected)
  })

  it('hash the raw data in a domain of its own when that is not snappy, or more than allowed', () => {
    const rubbish = Uint8Array.of(9, 9, 9)
    expect(toHex(messageId(topic, rubbish, 2000, hashes))).toBe(
      toHex(sha256(new Uint8Array(4), length, name, rubbish).subarray(0, 20)),
    )
    const block = encodeSnappyBlock(content)
    expect(toHex(messageId(topic, block, 899, hashes))).toBe(
      toHex(sha256(new Uint8Array(4), length, name, block).subarray(0, 20)),
    )
  })

  it('are of messages no longer than the longest update of any layout', () => {
    expect(maxGossipBytes(mainnet)).toBe(lengthBounds('finality_update', mainnet.preset, 'electra').max)
    expect(maxGossipBytes(mainnet)).toBeLessThan(3000)
  })
})

it('an update comes too early before a third of its signature slot, give or take half a second', () => {
  const slot = 12_000_000
  const due = timeOfSlot(mainnet, slot) + 4000
  expect(isTooEarly(mainnet, slot, due - 501)).toBe(true)
  expect(isTooEarly(mainnet, slot, due - 500)).toBe(false)
})

describe('status', () => {
  it('names the present digest and no blocks to sync from', () => {
    const status = localStatus(mainnet, timeOfEpoch(412_672), hashes)
    expect(toHex(status.fork_digest)).toBe('0xcb0d1acc')
    expect(status).toMatchObject({ head_slot: 0n, finalized_epoch: 0n })
  })

  it('speaks the second version from Fulu on', () => {
    expect(speaksStatusV2(mainnet, timeOfEpoch(411_391))).toBe(false)
    expect(speaksStatusV2(mainnet, timeOfEpoch(411_392))).toBe(true)
  })

  it('tells our network from others, with tolerance at a fork only', () => {
    const status = (digest: string) => ({ ...localStatus(mainnet, 0, hashes), fork_digest: fromHex(digest, 'digest') })
    const same = (digest: string, epoch: number) => sameNetwork(status(digest), mainnet, timeOfEpoch(epoch), hashes)
    expect(same('0xcc2c5cdb', 412_671)).toBe(true)
    expect(same('0xcb0d1acc', 412_671)).toBe(true)
    expect(same('0xcb0d1acc', 412_000)).toBe(false)
    expect(same('0xe9195d94', 412_671)).toBe(false)
  })
})
