import { aggregatePublicKeys, PublicKey } from '@chainsafe/blst'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { createPublicClient, createWalletClient, hexToBytes, http, keccak256, parseEther, toRlp } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codecOf, unframeUpdates } from './beacon/encoding.ts'
import { type Devnet, FIXTURE_CODE, FIXTURE_STORAGE, POKED_TOPIC, startDevnet } from './index.ts'
import type { HeaderJson, ProofJson, ReceiptJson } from './liar/answers.ts'
import {
  beaconRoot,
  bootstrapIsValid,
  type ClientNetwork,
  headerIsValid,
  type LightClientObject,
  updateIsValid,
} from './oracle/independent-client.ts'

let devnet: Devnet
let network: ClientNetwork
const lightClient = async (path: string, accept = 'application/json') =>
  fetch(`${devnet.beaconUrl}/eth/v1/beacon/light_client/${path}`, { headers: { accept } })
interface Item {
  version: string
  data: LightClientObject
}
const read = async <T>(path: string) => (await (await lightClient(path)).json()) as T
const json = async (path: string) => (await read<Item>(path)).data
const list = (path: string) => read<Item[]>(`updates?${path}`)
const bytes = async (path: string) =>
  new Uint8Array(await (await lightClient(path, 'application/octet-stream')).arrayBuffer())
type Hex = `0x${string}`
interface RpcAnswer<T> {
  result: T
  error?: { code: number }
}
async function rpc<T>(method: string, ...params: unknown[]): Promise<RpcAnswer<T>> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params })
  return (await (await fetch(devnet.executionUrl, { method: 'POST', body })).json()) as RpcAnswer<T>
}
const ask = async <T>(method: string, ...params: unknown[]) => (await rpc<T>(method, ...params)).result

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  network = { genesisValidatorsRoot: devnet.profile.genesis.validatorsRoot, forkAt: () => 'electra' }
})
afterAll(() => devnet.close())

describe('light-client data, checked by independent code', () => {
  it('leads from the checkpoint through three periods to the finalized head', async () => {
    const bootstrap = await json(`bootstrap/${devnet.checkpoint}`)
    expect(bootstrapIsValid(network, bootstrap, devnet.checkpoint)).toBe(true)
    expect(Math.floor(Number(bootstrap.header.beacon.slot) / 64)).toBe(0)
    let committee = bootstrap.current_sync_committee
    const aggregates = new Set([committee.aggregate_pubkey])
    const updates = await list('start_period=0&count=128')
    expect(updates).toHaveLength(4)
    for (const [period, { data: update }] of updates.entries()) {
      expect(updateIsValid(network, update, committee)).toBe(true)
      expect(Math.floor(Number(update.attested_header.beacon.slot) / 64)).toBe(period)
      expect(Math.floor(Number(update.signature_slot) / 64)).toBe(period)
      expect(Math.floor(Number(update.finalized_header.beacon.slot) / 64)).toBe(period)
      if (period === 3) {
        const finality = await json('finality_update')
        const optimistic = await json('optimistic_update')
        expect(updateIsValid(network, finality, committee)).toBe(true)
        expect(updateIsValid(network, optimistic, committee)).toBe(true)
        expect(finality.finalized_header.beacon.slot).toBe('208')
        expect(optimistic.signature_slot).toBe('226')
      }
      committee = update.next_sync_committee
      aggregates.add(committee.aggregate_pubkey)
    }
    expect(aggregates.size).toBe(5)
  })

  it('has committees that repeat members, with the aggregate of all seats', async () => {
    const { pubkeys, aggregate_pubkey } = (await json(`bootstrap/${devnet.checkpoint}`)).current_sync_committee
    const keys = pubkeys as Hex[]
    expect(keys).toHaveLength(32)
    expect(new Set(keys).size).toBeLessThan(32)
    const sum = aggregatePublicKeys(keys.map((key) => PublicKey.fromBytes(hexToBytes(key))))
    expect(sum.toHex()).toBe(aggregate_pubkey)
  })

  it('is refused by the same code when a branch, a header or a signature is changed', async () => {
    const bootstrap = await json(`bootstrap/${devnet.checkpoint}`)
    const committee = bootstrap.current_sync_committee
    const update = (await list('start_period=0&count=1'))[0]!.data
    const flipped = (text: string) => text.slice(0, -1) + (Number.parseInt(text.slice(-1), 16) ^ 1).toString(16)
    const changes: ((copy: LightClientObject) => void)[] = [
      (copy) =>
        Object.assign(copy.attested_header.beacon, { state_root: flipped(copy.attested_header.beacon.state_root) }),
      (copy) => Object.assign(copy.finality_branch, [flipped(copy.finality_branch[0]!)]),
      (copy) => Object.assign(copy.attested_header.execution ?? {}, { state_root: `0x${'11'.repeat(32)}` }),
      (copy) =>
        Object.assign(copy.sync_aggregate, { sync_committee_bits: flipped(copy.sync_aggregate.sync_committee_bits) }),
    ]
    for (const change of changes) {
      const copy = structuredClone(update)
      change(copy)
      expect(updateIsValid(network, copy, committee)).toBe(false)
    }
  })

  it('offers a bootstrap for every finalized checkpoint and for nothing else', async () => {
    const checkpoints = devnet.chain.checkpoints()
    expect(checkpoints.map(({ slot }) => slot)).toEqual(Array.from({ length: 25 }, (_, i) => 16 + 8 * i))
    for (const { root } of checkpoints)
      expect(bootstrapIsValid(network, await json(`bootstrap/${root}`), root)).toBe(true)
    const unfinalized = devnet.chain.head().root
    expect((await lightClient(`bootstrap/${unfinalized}`)).status).toBe(404)
  })
})

describe('encodings', () => {
  it('says the same in JSON and SSZ', async () => {
    for (const [resource, path] of [
      ['bootstrap', `bootstrap/${devnet.checkpoint}`],
      ['finality_update', 'finality_update'],
      ['optimistic_update', 'optimistic_update'],
    ] as const) {
      const answer = await lightClient(path, 'application/octet-stream;q=1,application/json;q=0.9')
      expect(answer.headers.get('content-type')).toBe('application/octet-stream')
      expect(answer.headers.get('eth-consensus-version')).toBe('electra')
      const codec = codecOf(resource, 'electra')
      expect(codec.toJson(codec.deserialize(new Uint8Array(await answer.arrayBuffer())))).toEqual(await json(path))
    }
  })

  it('frames updates with their length and fork digest', async () => {
    const listed = await list('start_period=1&count=2')
    const frames = unframeUpdates(await bytes('updates?start_period=1&count=2'))
    expect(frames).toHaveLength(2)
    const codec = codecOf('updates', 'electra')
    expect(frames.map(({ ssz }) => codec.toJson(codec.deserialize(ssz)))).toEqual(listed.map(({ data }) => data))
  })

  it('answers what does not exist with 404 and what is malformed with 400, in JSON', async () => {
    for (const [path, status] of [
      [`bootstrap/0x${'00'.repeat(32)}`, 404],
      ['bootstrap/latest', 400],
      ['nothing', 404],
      ['updates?start_period=0', 400],
      ['updates?start_period=-1&count=1', 400],
    ] as const) {
      const answer = await lightClient(path)
      expect([path, answer.status]).toEqual([path, status])
      expect(((await answer.json()) as { code: number }).code).toBe(status)
    }
    expect(await list('start_period=99&count=1')).toEqual([])
  })

  it('lets pages of any origin read', async () => {
    const answer = await lightClient('finality_update')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    const preflight = await fetch(devnet.executionUrl, { method: 'OPTIONS' })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, '*'])
  })

  it('describes itself in genesis, spec, fork schedule and profile', async () => {
    const at = async (path: string) => ((await (await fetch(devnet.beaconUrl + path)).json()) as { data: unknown }).data
    expect(await at('/eth/v1/beacon/genesis')).toMatchObject({
      genesis_time: String(devnet.profile.genesis.time),
      genesis_validators_root: devnet.profile.genesis.validatorsRoot,
    })
    expect(await at('/eth/v1/config/spec')).toMatchObject({ SYNC_COMMITTEE_SIZE: '32', ELECTRA_FORK_EPOCH: '0' })
    expect(((await at('/eth/v1/config/fork_schedule')) as unknown[]).at(-1)).toEqual({
      previous_version: '0x04000001',
      current_version: '0x05000001',
      epoch: '0',
    })
    expect(parseProfile({ ...JSON.parse(JSON.stringify(devnet.profile)) })).toEqual(devnet.profile)
  })
})

describe('execution', () => {
  it('proves accounts against the state root of the finalized light-client header', async () => {
    const { finalized_header: header } = await json('finality_update')
    expect(headerIsValid(network, header)).toBe(true)
    const block = await ask<Record<string, Hex>>('eth_getBlockByNumber', 'finalized', false)
    expect(block.hash).toBe(header.execution?.block_hash)
    const keys = Object.keys(FIXTURE_STORAGE) as Hex[]
    const proof = await ask<ProofJson>('eth_getProof', devnet.contract, keys, { blockHash: block.hash })
    expect(keccak256(proof.accountProof[0] as Hex)).toBe(header.execution?.state_root)
    proof.storageProof.forEach((entry, i) => {
      expect(BigInt(entry.value)).toBe(BigInt(FIXTURE_STORAGE[keys[i]!]!))
      expect(keccak256(entry.proof[0] as Hex)).toBe(proof.storageHash)
    })
    expect(proof.codeHash).toBe(keccak256(FIXTURE_CODE))
    expect(await ask('eth_getCode', devnet.contract, 'finalized')).toBe(FIXTURE_CODE)
  })

  it('has blocks whose hash is the keccak of their RLP header', async () => {
    const block = await ask<Record<string, Hex>>('eth_getBlockByNumber', 'latest', false)
    const quantity = (field: string): `0x${string}` => {
      const value = BigInt(block[field]!)
      const digits = value.toString(16)
      return value === 0n ? '0x' : `0x${digits.length % 2 ? '0' : ''}${digits}`
    }
    const data = (field: string) => block[field]!
    const header = [
      ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom'].map(data),
      ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp'].map(quantity),
      ...['extraData', 'mixHash', 'nonce'].map(data),
      quantity('baseFeePerGas'),
      data('withdrawalsRoot'),
      ...['blobGasUsed', 'excessBlobGas'].map(quantity),
      ...['parentBeaconBlockRoot', 'requestsHash'].map(data),
    ]
    expect(keccak256(toRlp(header))).toBe(block.hash)
  })

  it('logs a poke in every epoch', async () => {
    const logs = await ask('eth_getLogs', { fromBlock: '0x1', toBlock: 'latest', topics: [POKED_TOPIC] })
    expect(logs).toHaveLength(28)
  })

  it('takes signed transactions and shows them after the next slot', async () => {
    const [sender, receiver] = devnet.accounts
    const client = createPublicClient({ transport: http(devnet.executionUrl) })
    const wallet = createWalletClient({
      account: privateKeyToAccount(sender!.privateKey),
      transport: http(devnet.executionUrl),
      chain: {
        id: devnet.profile.chainId,
        name: 'devnet',
        nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
        rpcUrls: { default: { http: [devnet.executionUrl] } },
      },
    })
    const before = await client.getBalance({ address: receiver!.address })
    const hash = await wallet.sendTransaction({ to: receiver!.address, value: parseEther('2') })
    expect(await client.getBalance({ address: receiver!.address })).toBe(before)
    await devnet.advance(1)
    expect(await client.getBalance({ address: receiver!.address })).toBe(before + parseEther('2'))
    const receipt = await client.getTransactionReceipt({ hash })
    const optimistic = await json('optimistic_update')
    expect(Number(optimistic.attested_header.execution?.block_number)).toBe(Number(receipt.blockNumber) - 1)
  })

  it('refuses methods that change the chain or sign', async () => {
    for (const method of [
      'anvil_mine',
      'evm_mine',
      'hardhat_setBalance',
      'eth_sendTransaction',
      'eth_sign',
      'eth_accounts',
    ])
      expect([method, (await rpc(method)).error?.code]).toEqual([method, -32601])
    const batch = await fetch(devnet.executionUrl, {
      method: 'POST',
      body: JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'evm_mine', params: [] }]),
    })
    expect(await batch.json()).toMatchObject([{ id: 1, error: { code: -32601 } }])
  })

  it('has a faucet that pays once per request and refuses what is no address', async () => {
    const address = '0x00000000000000000000000000000000000000fa'
    const post = (body: string) => fetch(devnet.faucetUrl, { method: 'POST', body })
    const paid = (await (await post(JSON.stringify({ address }))).json()) as { hash: string }
    await devnet.advance(1)
    expect((await ask<ReceiptJson>('eth_getTransactionReceipt', paid.hash)).status).toBe('0x1')
    expect(BigInt(await ask<Hex>('eth_getBalance', address, 'latest'))).toBe(10n ** 18n)
    expect((await post('{"address":"me"}')).status).toBe(400)
    expect((await post('not json')).status).toBe(400)
    expect((await fetch(devnet.faucetUrl)).status).toBe(405)
  })

  it('pays all who come at once', async () => {
    const askers = Array.from({ length: 12 }, (_, i) => `0x${(0xfb00 + i).toString(16).padStart(40, '0')}`)
    const pay = (address: string) => fetch(devnet.faucetUrl, { method: 'POST', body: JSON.stringify({ address }) })
    const answers = await Promise.all(askers.map(pay))
    expect(answers.map(({ status }) => status)).toEqual(askers.map(() => 200))
    await devnet.advance(1)
    for (const who of askers) expect(BigInt(await ask<Hex>('eth_getBalance', who, 'latest'))).toBe(10n ** 18n)
  })
})

describe('time', () => {
  it('passes only when told, and whole periods at a time if wanted', async () => {
    const before = devnet.chain.head()
    const time = devnet.time()
    await devnet.advance(64)
    expect(devnet.time()).toBe(time + 64 * devnet.profile.secondsPerSlot)
    expect(devnet.chain.head().slot).toBe(before.slot + 64)
    const updates = await list('start_period=0&count=128')
    expect(updates).toHaveLength(5)
    const { data: header } = (await (await fetch(`${devnet.beaconUrl}/eth/v1/beacon/headers/head`)).json()) as {
      data: { root: string; header: { message: HeaderJson['beacon'] } }
    }
    expect(beaconRoot({ beacon: header.header.message })).toBe(header.root)
  })
})
