/** Updates from before a bridge's checkpoint: verified from a bootstrap that somebody was given, or not from there at all. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { type EvidenceSource, type Hex, NotAvailable } from '@glowworm/light-client'
import { earlierUpdates } from '@glowworm/light-client/application/bridge/earlier-updates'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { compute_sync_committee_period_at_slot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { decodeBootstrap, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { consensusNode, counted, engines, flippedAt } from './nodes.ts'

const { signal } = new AbortController()

let devnet: Devnet
let node: EvidenceSource
let root: Hex
let bootstrap: Uint8Array
/** Of the bootstrap. */
let period: number
let truth: Uint8Array

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  const { profile, checkpoint } = devnet
  root = checkpoint
  node = consensusNode(devnet)
  bootstrap = (await node.request({ type: 'bootstrap', root }, signal)).bytes
  period = compute_sync_committee_period_at_slot(
    profile,
    decodeBootstrap(bootstrap, profile, engines.hashes).header.beacon.slot,
  )
  truth = (await node.request({ type: 'updates', startPeriod: period, count: 8 }, signal)).bytes
  expect(splitUpdates(truth).length).toBeGreaterThan(1)
})
afterAll(() => devnet?.close())

/** Changes the signature of the last update. */
const liar = () => counted(node, (bytes) => flippedAt(bytes, -20)).node
const made = (...sources: EvidenceSource[]) =>
  earlierUpdates({ profile: devnet.profile, engines, clock: platformClock, sources: () => sources })

it('knows nothing before a bootstrap was given, and from there on what is verified', async () => {
  const { node: honest, asked } = counted(node)
  const updates = made(honest)
  expect(await updates.answer(period, 8, signal)).toBeNull()
  expect(asked).toEqual([])
  updates.startAt(root, bootstrap)
  expect(await updates.answer(period, 8, signal)).toEqual(truth)
  expect(splitUpdates((await updates.answer(period, 1, signal))!)).toHaveLength(1)
  expect(await updates.answer(period - 1, 8, signal)).toBeNull()
})

it('verifies once for all who ask, also for those who start later', async () => {
  const { node: honest, asked } = counted(node)
  const updates = made(honest)
  updates.startAt(root, bootstrap)
  const later = updates.answer(period + 1, 8, signal)
  const all = await Promise.all(Array.from({ length: 10 }, () => updates.answer(period, 8, signal)))
  for (const one of all) expect(one).toEqual(truth)
  expect(splitUpdates((await later)!)).toEqual(splitUpdates(truth).slice(1))
  const before = asked.length
  await updates.answer(period, splitUpdates(truth).length, signal)
  expect(asked.length).toBe(before)
})

it('gives nothing of a node that lies, and asks another', async () => {
  const updates = made(liar(), node)
  updates.startAt(root, bootstrap)
  expect(await updates.answer(period, 8, signal)).toEqual(truth)
  const alone = made(liar())
  alone.startAt(root, bootstrap)
  await expect(alone.answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
})

it('takes no bootstrap that is not that of its root', () => {
  const updates = made(node)
  expect(() => updates.startAt(`0x${'11'.repeat(32)}`, bootstrap)).toThrow(expect.objectContaining({ kind: 'lie' }))
})
