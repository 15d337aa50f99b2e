/** What a bridge makes compact for others is made with committees that its operator believes. */
import { type Devnet, startDevnet } from '@glowworm/devnet'
import { createLightClient, type EvidenceSource, type Hex } from '@glowworm/light-client'
import { runBridge } from '@glowworm/light-client/application/bridge'
import { compactEvidence } from '@glowworm/light-client/application/compact-evidence'
import { hopRuns } from '@glowworm/light-client/application/hop-runs'
import { concatBytes, toHex } from '@glowworm/light-client/data/hex'
import { platformClock } from '@glowworm/light-client/infrastructure/clock'
import { lightClientTypes } from '@glowworm/light-client/ledgers/ethereum/data'
import type { EvidenceRequest } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { compute_sync_committee_period_at_slot, rulesAtSlot } from '@glowworm/light-client/ledgers/ethereum/forks'
import { committeeOf, committeeRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/committee'
import { beaconRoot } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/header'
import { depthOf } from '@glowworm/light-client/ledgers/ethereum/sync-protocol/merkle-branch'
import { decodeBootstrap, joinUpdates, splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { dialledPeers } from '@glowworm/light-client/network/libp2p/dialled-peers'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { consensusNode, engines } from './nodes.ts'

const { signal } = new AbortController()
const open: { close(): Promise<void> }[] = []
let devnet: Devnet
let node: EvidenceSource
let root: Hex

beforeAll(async () => {
  // Where all have signed, a hop needs no keys.
  devnet = await startDevnet({ mode: 'manual', conditions: { participation: () => 0.9 } })
  node = consensusNode(devnet)
  root = devnet.checkpoint
})
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})
afterAll(() => devnet?.close())

const periodOf = (slot: number) => compute_sync_committee_period_at_slot(devnet.profile, slot)

/** A bootstrap that proves itself, of a block that there is not, with a committee of its own. */
async function selfMade(): Promise<{ root: Hex; bytes: Uint8Array }> {
  const { bytes } = await node.request({ type: 'bootstrap', root }, signal)
  const truth = decodeBootstrap(bytes, devnet.profile, engines.hashes)
  const { header, current_sync_committee, current_sync_committee_branch: branch } = truth
  const pubkeys = current_sync_committee.pubkeys.slice().copyWithin(0, 48, 96)
  const committee = { ...current_sync_committee, pubkeys }
  const { format, CURRENT_SYNC_COMMITTEE_GINDEX: gindex } = rulesAtSlot(devnet.profile, header.beacon.slot)
  const leaf = committeeRoot(committeeOf(committee, engines.merkle), engines.merkle)
  const state_root = engines.merkle.sszBranchRoot(leaf, branch, gindex - 2 ** depthOf(gindex))
  const own = { ...truth, header: { ...header, beacon: { ...header.beacon, state_root } } }
  const ssz = lightClientTypes(devnet.profile.preset, format).LightClientBootstrap.serialize({
    ...own,
    current_sync_committee: committee,
  })
  return { root: toHex(beaconRoot(own.header, engines.merkle)), bytes: concatBytes(bytes.subarray(0, 4), ssz) }
}

it('a self-made bootstrap that somebody asks for makes no hop false', async () => {
  const { profile } = devnet
  const made = await selfMade()
  const accomplice: EvidenceSource = {
    ...node,
    async request(request, given) {
      const isItsOwn = request.type === 'bootstrap' && request.root === made.root
      return isItsOwn ? { bytes: made.bytes, from: node.description } : node.request(request, given)
    },
  }
  const later = devnet.chain.checkpoints().find(({ slot }) => periodOf(slot) > 0)!
  const bridge = await runBridge({
    profile,
    engines,
    trust: { checkpoint: later.root },
    earlierCheckpoints: [root],
    upstream: [accomplice],
    listen: { host: '127.0.0.1', wsPort: 0 },
  })
  open.push(bridge)
  await bridge.client.ready()
  const [own, another] = [
    await dialledPeers([bridge.multiaddrs()[0]!], platformClock),
    await dialledPeers([bridge.multiaddrs()[0]!], platformClock),
  ]
  open.unshift(own, another)
  const asked: string[] = []
  const sources = own.sources.map(
    (source): EvidenceSource => ({
      ...source,
      async request(request, given) {
        asked.push(request.type)
        if (request.type === 'hops')
          await another.sources[0]!.request({ type: 'compact_bootstrap', root: made.root }, signal)
        return source.request(request, given)
      },
    }),
  )
  const wallet = createLightClient({ profile, engines, trust: { checkpoint: root }, sources })
  open.unshift(wallet)
  expect((await wallet.ready()).finalized).toEqual((await bridge.client.ready()).finalized)
  expect(wallet.sources.map(({ lie }) => lie)).toEqual([null])
  expect(asked).toContain('hops')
  expect(asked).not.toContain('bootstrap')
})

it('hops begin wherever an answer of updates may end', async () => {
  const { bytes } = await node.request({ type: 'updates', startPeriod: 0, count: 8 }, signal)
  const updates = splitUpdates(bytes)
  const END = 2
  const made = compactEvidence({
    profile: devnet.profile,
    engines,
    checkpoints: [root],
    async plain(request, given) {
      if (request.type !== 'updates') return (await node.request(request, given)).bytes
      const { startPeriod, count } = request
      return joinUpdates(
        updates.slice(startPeriod, startPeriod < END ? Math.min(END, startPeriod + count) : startPeriod + count),
      )
    },
  })
  expect(await made.hops(0, 8, signal)).toHaveLength(END)
  expect(await made.hops(END, 8, signal)).toHaveLength(updates.length - END)
})

it('a hop is made once, whoever asks for it, and whatever run it is part of', async () => {
  const plain = async (request: EvidenceRequest, given: AbortSignal) => (await node.request(request, given)).bytes
  const compact = compactEvidence({ profile: devnet.profile, engines, checkpoints: [root], plain })
  let asked = 0
  const runs = hopRuns({
    hops(startPeriod, count, given) {
      asked++
      return compact.hops(startPeriod, count, given)
    },
  })
  for (const [start, count] of [
    [0, 3],
    [0, 3],
    [1, 2],
    [2, 1],
  ] as const)
    expect(await runs.answer(start, count, signal)).toEqual(
      await compact.answer({ type: 'hops', startPeriod: start, count }, signal),
    )
  expect(asked).toBe(1)
})
