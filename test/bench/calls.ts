/**
 * Calls on proven state: round trips and time of an ERC-20 balance at 50 ms latency for each request to the execution
 * node, and what a proven balance costs our own processor once the client is in step.
 */
import { startDevnet } from '@glowworm/devnet'
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import type { Http } from '@glowworm/light-client/infrastructure/ports'
import { platformRandom } from '@glowworm/light-client/infrastructure/random'
import { executionOf } from '@glowworm/light-client/ledgers/ethereum/consensus'
import { keyOf } from '@glowworm/light-client/ledgers/ethereum/evidence'
import { createEthereumFamily } from '@glowworm/light-client/ledgers/ethereum/family'
import { splitUpdates } from '@glowworm/light-client/ledgers/ethereum/wire'
import { beaconRestSource } from '@glowworm/light-client/network/http/beacon-rest'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { clientOf, engines } from '../calls/devnet-client.ts'
import { vectorJson } from '../vector-files.ts'
import { median, type Row, round } from './compare.ts'

const LATENCY = 50
const ROUNDS = 5
const OPERATOR = '0xbcd4042de499d14e55001ccbb24a551f3b954096'
const word = (value: number | bigint): string => value.toString(16).padStart(64, '0')
const holder = (n: number): Hex => `0x${(0xabc000 + n).toString(16).padStart(40, '0')}`
const balanceOf = (owner: Hex): Hex => `0x70a08231${owner.slice(2).padStart(64, '0')}`

/** balanceOf(address) of a token whose balances are a mapping at slot 3: sload(keccak256(argument ‖ 3)). */
const TOKEN = '6004355f52600360205260405f20545f5260205ff3'
/** A proxy to the address in its EIP-1967 slot. */
const PROXY = '365f5f375f5f365f7f360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc545af43d5f5f3e3d5ff3'

interface Measured {
  readonly trips: number
  readonly milliseconds: number
}

export async function run(): Promise<Row[]> {
  const devnet = await startDevnet({ mode: 'manual', forks: { fulu: 0 }, pastPeriods: 1 })
  try {
    const deploy = async (runtime: string, slots: readonly (readonly [bigint, bigint])[]): Promise<Hex> => {
      const storing = slots.map(([slot, value]) => `7f${word(value)}7f${word(slot)}55`).join('')
      const size = (runtime.length / 2).toString(16).padStart(2, '0')
      const start = (storing.length / 2 + 11).toString(16).padStart(4, '0')
      const data = `0x${storing}60${size}61${start}5f3960${size}5ff3${runtime}`
      const hash = await devnet.execution<Hex>('eth_sendTransaction', { from: OPERATOR, data, gas: '0x1c9c38' })
      await devnet.advance(1)
      const receipt = await devnet.execution<{ contractAddress: Hex; status: Hex }>('eth_getTransactionReceipt', hash)
      if (receipt.status !== '0x1') throw new Error('the contract was not created')
      return receipt.contractAddress
    }
    const token = await deploy(TOKEN, [])
    const proxy = await deploy(PROXY, [
      [0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbcn, BigInt(token)],
    ])
    await devnet.advance(2)

    const first = await measure(devnet, token, false)
    const proxied = await measure(devnet, proxy, false)
    const next = await measure(devnet, token, true)
    const nextProxied = await measure(devnet, proxy, true)
    const rows: Row[] = [
      ...rowsOf('ERC-20 balance, first call of a token', first),
      ...rowsOf('ERC-20 balance behind a proxy, first call', proxied),
      ...rowsOf('ERC-20 balance, another holder, new block', next),
      ...rowsOf('ERC-20 balance behind a proxy, the same', nextProxied),
    ]
    rows.push(row('verified mainnet balance after sync, our CPU', await balanceCpu(devnet), 'ms'))
    rows.push(row('eth_call of an ERC-20 balance, our CPU', await callCpu(devnet, token), 'ms'))
    return rows
  } finally {
    await devnet.close()
  }
}

const row = (name: string, ours: number, unit: Row['unit']): Row => ({
  name,
  ours: round(ours),
  peer: null,
  peerName: null,
  ratio: null,
  unit,
})

function rowsOf(name: string, measured: readonly Measured[]): Row[] {
  return [
    row(name, Math.max(...measured.map(({ trips }) => trips)), 'trips'),
    row(`${name}, at ${LATENCY} ms`, median(measured.map(({ milliseconds }) => milliseconds)), 'ms'),
  ]
}

type Devnet = Awaited<ReturnType<typeof startDevnet>>

/** A fresh client for each round; `warm`: it has called the contract at an earlier block, for another holder. */
async function measure(devnet: Devnet, to: Hex, warm: boolean): Promise<Measured[]> {
  const measured: Measured[] = []
  for (let i = 0; i < ROUNDS; i++) {
    let open = 0
    let trips = 0
    let slow = false
    const http: Http = async (request) => {
      if (open++ === 0) trips++
      try {
        if (slow) await new Promise((resolve) => setTimeout(resolve, LATENCY))
        return await platformHttp(request)
      } finally {
        open--
      }
    }
    const client = clientOf(devnet, [executionRpcSource({ url: devnet.executionUrl, http })])
    // Loads the EVM, which happens once.
    await client.ready()
    await client.call({ to: holder(7) })
    if (warm) {
      await client.call({ to, data: balanceOf(holder(100 + i)) }, { at: 'optimistic' })
      const { optimistic } = await client.ready()
      await devnet.advance(1)
      await until(client, optimistic.blockNumber)
    }
    slow = true
    trips = 0
    const start = performance.now()
    const { verified } = await client.call({ to, data: balanceOf(holder(i)) }, { at: 'optimistic' })
    measured.push({ trips, milliseconds: performance.now() - start })
    if (verified.value.status !== 'success') throw new Error('the call failed')
    await client.close()
  }
  return measured
}

async function until(client: ReturnType<typeof clientOf>, after: bigint): Promise<void> {
  while ((await client.ready()).optimistic.blockNumber <= after) await new Promise((resolve) => setTimeout(resolve, 20))
}

interface RecordedProof {
  readonly address: Hex
  readonly accountProof: readonly Hex[]
}

/** Median of many proofs of a recorded mainnet balance, evidence at hand: decoding, hashing the nodes, sealing. */
async function balanceCpu(devnet: Devnet): Promise<number> {
  const { family, anchor, now, blockHash } = await inStep(devnet)
  const { address, accountProof } = vectorJson<RecordedProof>('eth-proofs/helios-rpc/block_miner_proof.json')
  const { stateRoot } = vectorJson<{ stateRoot: Hex }>('eth-proofs/helios-rpc/block.json')
  const head = anchor.store.optimistic_header
  const optimistic_header = { ...head, execution: { ...head.execution!, state_root: fromHex(stateRoot, 'root', 32) } }
  const onMainnet = { ...anchor, store: { ...anchor.store, optimistic_header } }
  const request = { type: 'account', blockHash, address, slots: [] } as const
  const nodes = accountProof.map((node) => fromHex(node, 'node'))
  const evidence = new Map([[keyOf(request), encode([nodes, []])]])
  return timeOf(1000, () => family.prove(onMainnet, { type: 'account', address, at: 'optimistic' }, evidence, now))
}

async function callCpu(devnet: Devnet, token: Hex): Promise<number> {
  const { family, anchor, now, blockHash, ask } = await inStep(devnet)
  const from = holder(7)
  const call = { from, to: token, data: balanceOf(holder(1)) }
  const accounts = [
    { address: from, slots: [], code: false },
    { address: token, slots: [slotOf(holder(1))], code: true },
  ]
  const request = { type: 'state', blockHash, accounts } as const
  const bytes = await ask(request)
  // A fresh copy each time, so that nothing is remembered as proven.
  return timeOf(200, () =>
    family.prove(anchor, { type: 'call', at: 'optimistic', call }, new Map([[keyOf(request), bytes.slice()]]), now),
  )
}

function slotOf(owner: Hex): Hex {
  const input = Uint8Array.from(`${owner.slice(2).padStart(64, '0')}${word(3)}`.match(/../g)!, (pair) =>
    Number.parseInt(pair, 16),
  )
  return `0x${[...engines.hashes.keccak256(input)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

async function timeOf(count: number, prove: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await prove()
    times.push(performance.now() - start)
  }
  return median(times)
}

async function inStep(devnet: Devnet) {
  const { profile, checkpoint } = devnet
  const family = createEthereumFamily(profile, engines, platformRandom.bytes)
  const beacon = beaconRestSource({ url: devnet.beaconUrl, profile, hashes: engines.hashes, http: platformHttp })
  const execution = executionRpcSource({ url: devnet.executionUrl, http: platformHttp })
  const now = devnet.time() * 1000
  const signal = new AbortController().signal
  const bytesOf = async (request: Parameters<typeof beacon.request>[0], source = beacon) =>
    (await source.request(request, signal)).bytes
  let anchor = family.bootstrap({ checkpoint }, await bytesOf({ type: 'bootstrap', root: checkpoint }), now)
  for (const bytes of splitUpdates(await bytesOf({ type: 'updates', startPeriod: 0, count: 4 })))
    anchor = family.advance(anchor, { kind: 'update', bytes }, now)
  for (const kind of ['finality_update', 'optimistic_update'] as const)
    anchor = family.advance(anchor, { kind, bytes: await bytesOf({ type: kind }) }, now)
  return {
    family,
    anchor,
    now,
    blockHash: executionOf(anchor.store.optimistic_header)!.blockHash,
    ask: (request: Parameters<typeof beacon.request>[0]) => bytesOf(request, execution),
  }
}
