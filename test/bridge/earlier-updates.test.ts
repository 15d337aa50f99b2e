/** Updates that a bridge has not kept: led from the blocks its operator believes, or not given at all. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { createLightClient, type EvidenceSource, type Hex, NotAvailable } from '@glowworm/light-client'
import { runBridge } from '@glowworm/light-client/application/bridge'
import { earlierUpdates } from '@glowworm/light-client/application/bridge/earlier-updates'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { compute_sync_committee_period_at_slot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { decodeBootstrap, joinUpdates, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { orAborted } from '@glowworm/light-client/network/libp2p/deadline'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { until } from '@glowworm/light-client/network/libp2p/test-nodes'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { consensusNode, counted, engines, flippedAt } from './nodes.ts'

const { signal } = new AbortController()

const open: { close(): Promise<void> }[] = []
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
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})
afterAll(() => devnet?.close())

/** A finalized block of a later period. */
function laterRoot(): { root: Hex; period: number } {
  const periodOf = (slot: number) => compute_sync_committee_period_at_slot(devnet.profile, slot)
  const { root, slot } = devnet.chain.checkpoints().find((one) => periodOf(one.slot) > period)!
  return { root, period: periodOf(slot) }
}

/** Changes the signature of the last update. */
const liar = () => counted(node, (bytes) => flippedAt(bytes, -20)).node
const NOWHERE: Hex = `0x${'11'.repeat(32)}`
/** Milliseconds. */
let ahead = 0
const made = (roots: Hex[], ...sources: EvidenceSource[]) =>
  earlierUpdates({
    profile: devnet.profile,
    engines,
    clock: { ...platformClock, now: () => platformClock.now() + ahead },
    roots,
    bootstrap: async (of, within) =>
      of === NOWHERE ? bootstrap : (await node.request({ type: 'bootstrap', root: of }, within)).bytes,
    sources: () => sources,
  })

it('leads from the roots that the operator named, and from nothing before or beside them', async () => {
  const { node: honest, asked } = counted(node)
  const none = made([], honest)
  await expect(none.answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
  expect(asked).toEqual([])
  const updates = made([root], honest)
  expect(await updates.answer(period, 8, signal)).toEqual(truth)
  expect(splitUpdates((await updates.answer(period, 1, signal))!)).toHaveLength(1)
  await expect(updates.answer(period - 1, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
})

it('verifies once for all who ask, also for those who start later', async () => {
  const { node: honest, asked } = counted(node)
  const updates = made([root], honest)
  const later = updates.answer(period + 1, 8, signal)
  const all = await Promise.all(Array.from({ length: 10 }, () => updates.answer(period, 8, signal)))
  for (const one of all) expect(one).toEqual(truth)
  expect(splitUpdates(await later)).toEqual(splitUpdates(truth).slice(1))
  const before = asked.length
  await updates.answer(period, splitUpdates(truth).length, signal)
  expect(asked.length).toBe(before)
})

it('gives nothing of a node that lies, or does not answer, and asks another', async () => {
  expect(await made([root], liar(), node).answer(period, 8, signal)).toEqual(truth)
  const silent: EvidenceSource = { ...node, request: () => new Promise(() => {}) }
  const updates = made([root], silent, node)
  expect(await updates.answer(period, 8, signal)).toEqual(truth)
  await expect(made([root], liar()).answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
})

it('who asks again and again for what nobody has keeps no node busy', async () => {
  const { node: honest, asked } = counted({
    ...node,
    request: async () => {
      throw new NotAvailable('it', 'updates')
    },
  })
  const updates = made([root], honest)
  for (let i = 0; i < 5; i++) await expect(updates.answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
  expect(asked.length).toBe(1)
  ahead += 12_000
  await expect(updates.answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
  expect(asked.length).toBe(2)
})

it('who asks and withdraws keeps nobody else from being led on, whatever he is thrown out for', async () => {
  for (const reason of [new Error('no longer wanted'), new NotAvailable('it', 'patience')]) {
    const gate = Promise.withResolvers<void>()
    const slow = counted({
      ...node,
      async request(request, given) {
        await orAborted(gate.promise, given)
        return node.request(request, given)
      },
    })
    const updates = made([root], slow.node)
    const withdraw = async (once: () => boolean) => {
      const leaving = new AbortController()
      const left = updates.answer(period, 8, leaving.signal)
      await until(once)
      leaving.abort(reason)
      await expect(left).rejects.toBe(reason)
    }
    await withdraw(() => true)
    await withdraw(() => slow.asked.length > 0)
    gate.resolve()
    expect(await updates.answer(period, 8, signal)).toEqual(truth)
  }
})

it('a root with the bootstrap of another leads nowhere, and the others lead on', async () => {
  await expect(made([NOWHERE], node).answer(period, 8, signal)).rejects.toBeInstanceOf(NotAvailable)
  expect(await made([NOWHERE, root], node).answer(period, 8, signal)).toEqual(truth)
})

it('from a later root on, what holds is led from there', async () => {
  const later = laterRoot()
  const updates = made([root, later.root], node)
  const first = splitUpdates(await updates.answer(period, 8, signal))
  expect(first).toEqual(splitUpdates(truth).slice(0, later.period - period))
  expect(await updates.answer(later.period, 8, signal)).toEqual(
    joinUpdates(splitUpdates(truth).slice(later.period - period)),
  )
})

it('a later root whose bootstrap comes late leads from then on, and is reported until then', async () => {
  const later = laterRoot()
  let given = false
  const said: string[] = []
  const updates = earlierUpdates({
    profile: devnet.profile,
    engines,
    clock: { ...platformClock, now: () => platformClock.now() + ahead },
    roots: [root, later.root],
    bootstrap: async (of, within) => {
      if (of === later.root && !given) throw new NotAvailable('a node', 'bootstrap')
      return (await node.request({ type: 'bootstrap', root: of }, within)).bytes
    },
    sources: () => [node],
    report: (message) => said.push(message),
  })
  // with one chain for all, the updates of both roots come in one answer
  const joined = await updates.answer(period, 8, signal)
  expect(joined).toEqual(truth)
  await until(() => said.length > 0)
  given = true
  ahead += 12_000
  await updates.answer(period, 8, signal)
  await vi.waitFor(async () =>
    expect(splitUpdates(await updates.answer(period, 8, signal))).toHaveLength(later.period - period),
  )
  expect(said).toEqual([expect.stringContaining(later.root)])
})

it('a wallet that starts earlier than a bridge is led on where the operator named its root, and else blames nobody', async () => {
  const { profile } = devnet
  const listen = { host: '127.0.0.1', wsPort: 0 }
  const trust = { checkpoint: laterRoot().root }
  for (const earlierCheckpoints of [[], [root]]) {
    const bridge = await runBridge({
      profile,
      engines,
      trust,
      earlierCheckpoints,
      upstream: [consensusNode(devnet)],
      listen,
    })
    const peers = await dialledPeers([bridge.multiaddrs()[0]!], platformClock)
    const wallet = createLightClient({ profile, engines, trust: { checkpoint: root }, sources: peers.sources })
    open.push(wallet, peers, bridge)
    const [its, own] = [await bridge.client.ready(), await wallet.ready()]
    if (earlierCheckpoints.length > 0) expect(own.finalized).toEqual(its.finalized)
    else expect(own.finalized.slot).toBeLessThan(its.finalized.slot)
    expect(wallet.sources.every(({ lie }) => lie === null)).toBe(true)
  }
})
