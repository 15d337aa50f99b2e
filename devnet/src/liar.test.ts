import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codecOf, unframeUpdates } from './beacon/encoding.ts'
import { OPERATOR } from './execution/accounts.ts'
import { hexOf } from './forks.ts'
import { type Devnet, FIXTURE_CONTRACT, LIAR_MODES, LIES, type Liar, startDevnet, startLiar } from './index.ts'
import type { LightClientJson, ProofJson, ReceiptJson } from './liar/answers.ts'

let devnet: Devnet
let liar: Liar
let pokeHash = ''

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual', pastPeriods: 2 })
  liar = await startLiar({ ...devnet, slowMilliseconds: 20 })
  // What the liar knew at its start is now out of date.
  await devnet.advance(20)
  const logs = await devnet.execution<{ transactionHash: string }[]>('eth_getLogs', {
    fromBlock: '0x8',
    toBlock: '0x8',
  })
  pokeHash = logs[0]!.transactionHash
})
afterAll(async () => {
  await liar.close()
  await devnet.close()
})

const RESOURCES = {
  bootstrap: () => `bootstrap/${devnet.checkpoint}`,
  updates: () => 'updates?start_period=1&count=2',
  finality_update: () => 'finality_update',
  optimistic_update: () => 'optimistic_update',
}
type Resource = keyof typeof RESOURCES
const SSZ = 'application/octet-stream'

async function resource(base: string, name: Resource, accept: string): Promise<string> {
  const url = `${base}/eth/v1/beacon/light_client/${RESOURCES[name]()}`
  const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(10_000) })
  if (accept !== SSZ) return JSON.stringify(await answer.json())
  return hexOf(new Uint8Array(await answer.arrayBuffer()))
}

const METHODS: Record<string, () => unknown[]> = {
  eth_blockNumber: () => [],
  // It pays for a poke in every epoch, so its balance moves.
  eth_getBalance: () => [OPERATOR, 'latest'],
  eth_getProof: () => [FIXTURE_CONTRACT, [`0x${'0'.repeat(64)}`, `0x${'1'.padStart(64, '0')}`], 'latest'],
  eth_getCode: () => [FIXTURE_CONTRACT, 'latest'],
  eth_getBlockByNumber: () => ['latest', false],
  eth_getBlockByHash: () => [devnet.chain.head().body.execution.hash, false],
  eth_getTransactionReceipt: () => [pokeHash],
  eth_getBlockReceipts: () => ['0x8'],
  eth_getLogs: () => [{ fromBlock: '0x1', toBlock: 'latest' }],
}
async function rpc<T>(base: string, method: string): Promise<T> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 3, method, params: METHODS[method]!() })
  const answer = await fetch(base, { method: 'POST', body, signal: AbortSignal.timeout(10_000) })
  return ((await answer.json()) as { result: T }).result
}

describe('every lie about content', () => {
  const told = LIAR_MODES.filter((mode) => !('delivery' in LIES[mode]))
  it.each(told)('%s changes exactly what it says', async (mode) => {
    liar.mode = mode
    const affects: readonly string[] = LIES[mode].affects
    const changed = new Set<string>()
    for (const name of Object.keys(RESOURCES) as Resource[]) {
      const [honest, lied] = [devnet.beaconUrl, liar.beaconUrl].map((base) => resource(base, name, 'application/json'))
      if ((await honest) !== (await lied)) changed.add(name)
      const [honestSsz, liedSsz] = [devnet.beaconUrl, liar.beaconUrl].map((base) => resource(base, name, SSZ))
      if ((await honestSsz) !== (await liedSsz)) changed.add(changed.has(name) ? name : `${name} (SSZ)`)
    }
    for (const method of Object.keys(METHODS)) {
      const [honest, lied] = [devnet.executionUrl, liar.executionUrl].map((base) => rpc(base, method))
      if (JSON.stringify(await honest) !== JSON.stringify(await lied)) changed.add(method)
    }
    const watched = affects.filter((name) => name.split(' ')[0]! in { ...RESOURCES, ...METHODS })
    for (const name of watched) expect([...changed]).toContain(name)
    if (mode === 'honest') expect([...changed]).toEqual([])
    // Reads at an old block change more than is listed: every method that takes a block.
    if (mode !== 'stale') expect([...changed].sort()).toEqual([...watched].sort())
    expect(affects.length > 0 || mode === 'honest').toBe(true)
  })

  it('is still of the right form: objects decode and proofs echo what was asked', async () => {
    liar.mode = 'wrong-signature'
    const [frame] = unframeUpdates(Buffer.from((await resource(liar.beaconUrl, 'updates', SSZ)).slice(2), 'hex'))
    const update = codecOf('updates', 'electra').toJson(codecOf('updates', 'electra').deserialize(frame!.ssz))
    expect((update as LightClientJson).sync_aggregate?.sync_committee_signature).toMatch(/^0x93e02b60/)
    liar.mode = 'swapped-address'
    const swapped = await rpc<ProofJson>(liar.executionUrl, 'eth_getProof')
    expect(swapped.address).toBe(FIXTURE_CONTRACT)
    expect(swapped.codeHash).not.toBe((await rpc<ProofJson>(devnet.executionUrl, 'eth_getProof')).codeHash)
    liar.mode = 'swapped-key'
    const { storageProof } = await rpc<ProofJson>(liar.executionUrl, 'eth_getProof')
    expect(storageProof.map(({ key }) => BigInt(key))).toEqual([0n, 1n])
    expect(storageProof[0]?.value).toBe('0x2a')
    liar.mode = 'balance-times-million'
    const honest = await rpc<string>(devnet.executionUrl, 'eth_getBalance')
    expect(BigInt(await rpc<string>(liar.executionUrl, 'eth_getBalance'))).toBe(BigInt(honest) * 1_000_000n)
    liar.mode = 'forged-receipt'
    expect((await rpc<ReceiptJson>(liar.executionUrl, 'eth_getTransactionReceipt')).status).toBe('0x0')
    liar.mode = 'omitted-log'
    expect((await rpc<ReceiptJson>(liar.executionUrl, 'eth_getTransactionReceipt')).logs).toEqual([])
  })

  it('answers with another hash than that of the transaction it sent', () => {
    const hash = `0x${'ab'.repeat(32)}`
    const lie = LIES['wrong-hash'].rpcAnswer(hash, { method: 'eth_sendRawTransaction', params: [] })
    expect(lie).toMatch(/^0x[0-9a-f]{64}$/)
    expect(lie).not.toBe(hash)
  })
})

describe('every lie about the transport', () => {
  const read = async (url: string, init: RequestInit = {}) => {
    const answer = await fetch(url, init)
    return new Uint8Array(await answer.arrayBuffer())
  }
  const update = () => `${liar.beaconUrl}/eth/v1/beacon/light_client/finality_update`
  const call = { method: 'POST', body: '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}' }

  it('truncated ends early and cleanly', async () => {
    liar.mode = 'truncated'
    const ssz = { headers: { accept: SSZ } }
    expect((await read(update(), ssz)).length).toBe(1996 / 2)
    const cut = Buffer.from(await read(liar.executionUrl, call)).toString()
    expect(() => JSON.parse(cut)).toThrow()
  })

  it('oversized goes on for 64 MiB of valid padding', async () => {
    liar.mode = 'oversized'
    const padded = await read(liar.executionUrl, call)
    expect(padded.length).toBeGreaterThan(60 * 1024 * 1024)
    expect(JSON.parse(Buffer.from(padded.subarray(0, 1000)).toString()).result).toBe('0x539')
  })

  it('slow sends a byte at a time', async () => {
    liar.mode = 'slow'
    const reader = (await fetch(update())).body!.getReader()
    const { value } = await reader.read()
    expect(value?.length).toBe(1)
    await reader.cancel()
  })

  it('silent never answers', async () => {
    liar.mode = 'silent'
    await expect(fetch(update(), { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout')
  })

  it('not-json answers with a web page', async () => {
    liar.mode = 'not-json'
    expect(Buffer.from(await read(update())).toString()).toMatch(/^<!doctype html>/)
  })
})

describe('control', () => {
  it('takes the mode from POST /liar, whatever the mode is', async () => {
    liar.mode = 'silent'
    const post = (mode: string) => fetch(`${liar.beaconUrl}/liar`, { method: 'POST', body: JSON.stringify({ mode }) })
    expect((await post('honest')).status).toBe(200)
    expect(liar.mode).toBe('honest')
    expect((await post('nonsense')).status).toBe(400)
    expect(() => Object.assign(liar, { mode: 'nonsense' })).toThrow('expected one of')
  })
})
