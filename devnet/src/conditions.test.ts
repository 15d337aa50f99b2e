import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { fromRlp, keccak256 } from 'viem'
import { afterEach, expect, it } from 'vitest'
import { lightClientHeaderOf } from './beacon/block.ts'
import { codecOf, unframeUpdates } from './beacon/encoding.ts'
import { forkDigest, hexOf } from './forks.ts'
import { type Devnet, type DevnetOptions, startDevnet } from './index.ts'
import type { ProofJson } from './liar/answers.ts'
import {
  bootstrapIsValid,
  type ClientNetwork,
  headerIsValid,
  type LightClientObject,
  signatureIsValid,
  updateIsValid,
} from './oracle/independent-client.ts'

let devnet: Devnet
afterEach(() => devnet.close())

interface Item {
  version: string
  data: LightClientObject
}
async function start(options: DevnetOptions): Promise<void> {
  devnet = await startDevnet({ mode: 'manual', pastPeriods: 1, ...options })
}
const get = async <T>(path: string, accept = 'application/json') => {
  const answer = await fetch(`${devnet.beaconUrl}/eth/v1/beacon/light_client/${path}`, { headers: { accept } })
  return (accept === 'application/json' ? await answer.json() : await answer.arrayBuffer()) as T
}
const participants = ({ sync_aggregate: { sync_committee_bits: bits } }: LightClientObject) =>
  [...Buffer.from(bits.slice(2), 'hex')].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)

it('passes from Capella to Fulu, on the beacon and on the execution side', async () => {
  const blobSchedule = [{ epoch: 22, maxBlobs: 15 }]
  await start({ pastPeriods: 3, forks: { capella: 0, deneb: 6, electra: 11, fulu: 20 }, blobSchedule })
  const forkAt: ClientNetwork['forkAt'] = (epoch) =>
    epoch < 6 ? 'capella' : epoch < 11 ? 'deneb' : epoch < 20 ? 'electra' : 'fulu'
  const network: ClientNetwork = { genesisValidatorsRoot: devnet.profile.genesis.validatorsRoot, forkAt }

  const bootstrap = (await get<Item>(`bootstrap/${devnet.checkpoint}`)).data
  expect(bootstrapIsValid(network, bootstrap, devnet.checkpoint)).toBe(true)
  const updates = await get<Item[]>('updates?start_period=0&count=4')
  let committee = bootstrap.current_sync_committee
  for (const { version, data } of updates) {
    expect(version).toBe(forkAt(Math.floor(Number(data.attested_header.beacon.slot) / 8)))
    expect(updateIsValid(network, data, committee)).toBe(true)
    committee = data.next_sync_committee
  }
  for (const { root } of devnet.chain.checkpoints())
    expect(bootstrapIsValid(network, (await get<Item>(`bootstrap/${root}`)).data, root)).toBe(true)

  const frames = unframeUpdates(
    new Uint8Array(await get<ArrayBuffer>('updates?start_period=0&count=4', 'application/octet-stream')),
  )
  const { schedule } = devnet.chain
  expect(frames.map(({ digest }) => hexOf(digest))).toEqual(
    updates.map(({ data }) => hexOf(forkDigest(schedule, Math.floor(Number(data.attested_header.beacon.slot) / 8)))),
  )
  expect(new Set([19, 20, 22].map((epoch) => hexOf(forkDigest(schedule, epoch)))).size).toBe(3)

  const fieldsAt = async (slot: number) => {
    const block = await devnet.execution<Record<string, unknown>>(
      'eth_getBlockByNumber',
      `0x${slot.toString(16)}`,
      false,
    )
    return ['withdrawalsRoot', 'blobGasUsed', 'requestsHash'].filter((field) => field in block).length
  }
  expect([await fieldsAt(47), await fieldsAt(48), await fieldsAt(87), await fieldsAt(88)]).toEqual([1, 2, 2, 3])
  // History survives the moves of the execution chain from one hard fork to the next.
  const early = devnet.chain.blockAtSlot(16)!.body
  const block = await devnet.execution<{ hash: string }>('eth_getBlockByNumber', '0x10', false)
  expect(block.hash).toBe(early.execution.hash)
  const proof = await devnet.execution<{ accountProof: string[] }>('eth_getProof', devnet.contract, [], '0x10')
  expect(proof.accountProof.length).toBeGreaterThan(0)
})

it('goes on into Gloas, where headers carry a block hash only', async () => {
  await start({ pastPeriods: 3, forks: { deneb: 0, fulu: 10, gloas: 18 } })
  const network: ClientNetwork = {
    genesisValidatorsRoot: devnet.profile.genesis.validatorsRoot,
    forkAt: (epoch) => (epoch < 10 ? 'deneb' : epoch < 18 ? 'fulu' : 'gloas'),
  }
  const bootstrap = (await get<Item>(`bootstrap/${devnet.checkpoint}`)).data
  let committee = bootstrap.current_sync_committee
  const updates = await get<Item[]>('updates?start_period=0&count=4')
  expect(updates.map(({ version }) => version)).toEqual(['deneb', 'fulu', 'gloas', 'gloas'])
  for (const { data } of updates) {
    expect(updateIsValid(network, data, committee)).toBe(true)
    committee = data.next_sync_committee
  }
  // Just after the fork, a Gloas update finalizes a Fulu block: its header has Gloas' layout and a padded branch.
  const early = devnet.chain.blockAtSlot(8 * 18 - 8)!
  const header = codecOf('bootstrap', 'gloas').toJson({
    header: lightClientHeaderOf(early, 'gloas'),
    currentSyncCommittee: {
      pubkeys: Array.from({ length: 32 }, () => new Uint8Array(48)),
      aggregatePubkey: new Uint8Array(48),
    },
    currentSyncCommitteeBranch: Array.from({ length: 11 }, () => new Uint8Array(32)),
  }) as LightClientObject
  expect(headerIsValid(network, header.header)).toBe(true)
  expect(header.header.execution_block_hash).toBe(early.body.execution.hash)
  for (const { root } of devnet.chain.checkpoints())
    expect(bootstrapIsValid(network, (await get<Item>(`bootstrap/${root}`)).data, root)).toBe(true)

  // The hash leads to an Amsterdam header, and so to account proofs.
  const { finalized_header: finalized } = (await get<Item>('finality_update')).data
  const source = executionRpcSource({ url: devnet.executionUrl, http: platformHttp })
  const blockHash = finalized.execution_block_hash as `0x${string}`
  const { bytes } = await source.request({ type: 'execution_header', blockHash }, AbortSignal.timeout(10_000))
  expect(keccak256(bytes)).toBe(blockHash)
  const fields = fromRlp(bytes, 'hex') as `0x${string}`[]
  expect([fields.length, Number(fields[22])]).toEqual([23, Number(finalized.beacon.slot) - 1])
  const ask = async <T>(method: string, ...params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    return ((await (await fetch(devnet.executionUrl, { method: 'POST', body })).json()) as { result: T }).result
  }
  const proof = await ask<ProofJson>('eth_getProof', devnet.contract, [], { blockHash })
  expect(keccak256(proof.accountProof[0] as `0x${string}`)).toBe(fields[3])
  const latest = await ask<{ hash: string; parentHash: string }>('eth_getBlockByNumber', 'latest', false)
  expect(latest.parentHash).toBe(devnet.chain.head().body.execution.hash)
  const [log] = await ask<{ blockHash: string }[]>('eth_getLogs', { fromBlock: '0x98', toBlock: '0x98' })
  expect((await ask<{ number: string }>('eth_getBlockByHash', log?.blockHash, false)).number).toBe('0x98')
})

it('signs with the old fork version in the first slot of a fork', async () => {
  await start({ pastPeriods: 1, forks: { electra: 0, fulu: 13 } })
  await devnet.advance(6)
  const network: ClientNetwork = {
    genesisValidatorsRoot: devnet.profile.genesis.validatorsRoot,
    forkAt: (epoch) => (epoch < 13 ? 'electra' : 'fulu'),
  }
  const committeeOf = async () => (await get<Item[]>('updates?start_period=0&count=1'))[0]!.data.next_sync_committee
  for (const [slot, version] of [
    [104, 'electra'],
    [105, 'fulu'],
    [106, 'fulu'],
  ] as const) {
    const { data, version: served } = await get<Item>('optimistic_update')
    expect([Number(data.signature_slot), served]).toEqual([slot, version])
    expect(signatureIsValid(network, data, await committeeOf())).toBe(true)
    await devnet.advance(1)
  }
})

it('shows low participation, and keeps the better update of a period', async () => {
  await start({})
  const best = async () => (await get<Item[]>('updates?start_period=1&count=1'))[0]!.data
  const before = await best()
  devnet.conditions.participation = () => 0.5
  await devnet.advance(10)
  expect(participants((await get<Item>('optimistic_update')).data)).toBe(16)
  expect(await best()).toEqual(before)
  const finality = (await get<Item>('finality_update')).data
  expect(participants(finality)).toBeGreaterThanOrEqual(22)
  devnet.conditions.participation = () => 0
  await devnet.advance(1)
  expect(participants((await get<Item>('optimistic_update')).data)).toBe(16)
})

it('misses slots, also the first of an epoch, and stays verifiable', async () => {
  await start({ conditions: { misses: (slot) => slot % 8 === 0 || slot % 5 === 3 } })
  const network: ClientNetwork = {
    genesisValidatorsRoot: devnet.profile.genesis.validatorsRoot,
    forkAt: () => 'electra',
  }
  const bootstrap = (await get<Item>(`bootstrap/${devnet.checkpoint}`)).data
  expect(bootstrapIsValid(network, bootstrap, devnet.checkpoint)).toBe(true)
  expect(Number(bootstrap.header.beacon.slot)).toBe(15)
  const [first, second] = await get<[Item, Item]>('updates?start_period=0&count=2')
  expect(updateIsValid(network, first.data, bootstrap.current_sync_committee)).toBe(true)
  expect(updateIsValid(network, second.data, first.data.next_sync_committee)).toBe(true)
  const head = devnet.chain.head()
  expect(head.body.execution.number).toBeLessThan(head.slot)
  expect(headerIsValid(network, second.data.finalized_header)).toBe(true)
})

it('stops finalizing when epochs are not justified, and goes on afterwards', async () => {
  await start({})
  const finalizedSlot = async () => Number((await get<Item>('finality_update')).data.finalized_header.beacon.slot)
  const before = await finalizedSlot()
  devnet.conditions.justifies = () => false
  await devnet.advance(40)
  expect(await finalizedSlot()).toBe(before)
  expect(Number((await get<Item>('optimistic_update')).data.signature_slot)).toBe(devnet.chain.head().slot)
  devnet.conditions.justifies = () => true
  await devnet.advance(32)
  expect(await finalizedSlot()).toBeGreaterThan(before)
})

it('starts at a genesis time that is given', async () => {
  await start({ genesisTime: 1_700_000_000, secondsPerSlot: 12 })
  expect(devnet.profile.genesis.time).toBe(1_700_000_000)
  const head = devnet.chain.head()
  expect(devnet.time()).toBe(1_700_000_000 + head.slot * 12)
  expect(head.body.payload?.header.timestamp).toBe(devnet.time())
})
