/** The verified JSON-RPC as developers meet it: viem and ethers take it as their transport, in the process and over serve. */
import { type Devnet, FIXTURE_CODE, FIXTURE_CONTRACT, startDevnet } from '@glowworm/devnet'
import type { LightClient } from '@glowworm/light-client'
import { createProvider, type VerifiedProvider } from '@glowworm/light-client/application/rpc/provider'
import { serveRpc } from '@glowworm/light-client/application/serve/serve-rpc'
import type { WebServer } from '@glowworm/light-client/infrastructure/web-server'
import { loadEngines } from '@glowworm/wasm-core'
import { createConfig, getBalance, getBytecode, waitForTransactionReceipt, watchBlockNumber } from '@wagmi/core'
import { BrowserProvider, JsonRpcProvider, Wallet, WebSocketProvider } from 'ethers'
import { createPublicClient, createWalletClient, custom, defineChain, http, toHex, webSocket } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advance, followDevnet, until } from './devnet-client.ts'

const KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const SENDER = privateKeyToAccount(KEY)
const RECIPIENT = '0x00000000000000000000000000000000000c0ffe'

let devnet: Devnet
let client: LightClient
let provider: VerifiedProvider
let server: WebServer
beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  client = followDevnet(devnet, await loadEngines())
  await client.ready()
  provider = createProvider(client)
  server = await serveRpc(client, { port: 0 })
})
afterAll(async () => {
  provider?.close()
  await server?.close()
  await client?.close()
  await devnet?.close()
})

const chain = () =>
  defineChain({
    id: devnet.profile.chainId,
    name: 'devnet',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [`http://127.0.0.1:${server.port}`] } },
  })

/** Ways in, by name. */
const transports = {
  'an EIP-1193 provider': () => custom(provider),
  'HTTP of serve': () => http(`http://127.0.0.1:${server.port}`, { batch: true }),
  'WebSocket of serve': () => webSocket(`ws://127.0.0.1:${server.port}`),
} as const

describe.each(Object.keys(transports) as (keyof typeof transports)[])('viem over %s', (name) => {
  it('reads, sends, waits for the receipt, watches blocks and logs', async () => {
    const transport = transports[name]()
    const reader = createPublicClient({ chain: chain(), transport, pollingInterval: 50 })
    expect(await reader.getChainId()).toBe(devnet.profile.chainId)
    expect(await reader.getCode({ address: FIXTURE_CONTRACT })).toBe(FIXTURE_CODE)
    const block = await reader.getBlock({ includeTransactions: true })
    expect(block.hash).toBe((await client.chain.head('optimistic')).value.hash)

    const heads: bigint[] = []
    const unwatch = reader.watchBlockNumber({ onBlockNumber: (number) => heads.push(number), emitMissed: true })
    const before = await reader.getBalance({ address: RECIPIENT })
    const wallet = createWalletClient({ chain: chain(), transport, account: SENDER })
    const hash = await wallet.sendTransaction({ to: RECIPIENT, value: 5n, gas: 21_000n })
    const waiting = reader.waitForTransactionReceipt({ hash })
    await advance(devnet, client, 3)
    const receipt = await waiting
    expect(receipt).toMatchObject({ status: 'success', from: SENDER.address.toLowerCase(), gasUsed: 21_000n })
    await until(async () => (await reader.getBalance({ address: RECIPIENT })) === before + 5n)
    expect(await reader.getTransaction({ hash })).toMatchObject({ hash, value: 5n, blockHash: receipt.blockHash })
    await until(() => heads.length > 0 && heads.at(-1)! >= receipt.blockNumber)
    unwatch()

    const proof = await reader.getProof({ address: FIXTURE_CONTRACT, storageKeys: [`0x${'00'.repeat(31)}01`] })
    expect(proof.storageProof[0]!.value).toBe(0x2an)
    const history = await reader.getFeeHistory({ blockCount: 4, rewardPercentiles: [10, 90] })
    expect(history.baseFeePerGas).toHaveLength(5)
    expect((await reader.estimateFeesPerGas()).maxFeePerGas).toBeGreaterThan(0n)
  })
})

describe('ethers', () => {
  const ways = {
    'the provider': () => new BrowserProvider(provider as never),
    'HTTP of serve': () => new JsonRpcProvider(`http://127.0.0.1:${server.port}`),
    'WebSocket of serve': () => new WebSocketProvider(`ws://127.0.0.1:${server.port}`),
  }
  it.each(Object.keys(ways) as (keyof typeof ways)[])('over %s: reads, sends and waits', async (name) => {
    const reader = ways[name]()
    try {
      const network = await reader.getNetwork()
      expect(network.chainId).toBe(BigInt(devnet.profile.chainId))
      const wallet = new Wallet(KEY, reader)
      const sent = await wallet.sendTransaction({ to: RECIPIENT, value: 7n, gasLimit: 21_000n })
      await advance(devnet, client, 3)
      const receipt = await until(async () => reader.getTransactionReceipt(sent.hash))
      expect(receipt.status).toBe(1)
      const block = await reader.getBlock(receipt.blockNumber, true)
      expect(block?.prefetchedTransactions.map(({ hash }) => hash)).toContain(sent.hash)
      expect(
        await reader.getLogs({ fromBlock: 1, toBlock: receipt.blockNumber, address: FIXTURE_CONTRACT }),
      ).not.toEqual([])
    } finally {
      reader.destroy()
    }
  })
})

it('wagmi, which wallets and DApps of React are made with, over HTTP of serve', async () => {
  const config = createConfig({
    chains: [chain()],
    transports: { [devnet.profile.chainId]: http(`http://127.0.0.1:${server.port}`) },
    pollingInterval: 50,
  })
  const seen: bigint[] = []
  const unwatch = watchBlockNumber(config, { onBlockNumber: (number) => seen.push(number) })
  const before = (await getBalance(config, { address: RECIPIENT })).value
  const wallet = createWalletClient({ chain: chain(), transport: http(), account: SENDER })
  const hash = await wallet.sendTransaction({ to: RECIPIENT, value: 3n, gas: 21_000n })
  const waiting = waitForTransactionReceipt(config, { hash })
  await advance(devnet, client, 3)
  expect(await waiting).toMatchObject({ status: 'success', transactionHash: hash })
  await until(async () => (await getBalance(config, { address: RECIPIENT })).value === before + 3n)
  expect(await getBytecode(config, { address: FIXTURE_CONTRACT })).toBe(FIXTURE_CODE)
  await until(() => seen.length > 0)
  unwatch()
})

describe('provenance', () => {
  it('goes with an answer for who asks, in the process and over HTTP', async () => {
    const { result, provenance } = await provider.answer({ method: 'eth_getBalance', params: [RECIPIENT, 'finalized'] })
    expect(result).toMatch(/^0x/)
    expect(provenance).toMatchObject({ standing: 'verified', by: null, block: { finality: 'final' } })
    expect((await provider.answer({ method: 'eth_chainId' })).provenance.standing).toBe('local')
    const pending = await provider.answer({ method: 'eth_getTransactionCount', params: [RECIPIENT, 'pending'] })
    expect(pending.provenance).toMatchObject({ standing: 'attested', by: expect.stringContaining('127.0.0.1') })
    const nobody = await provider.answer({ method: 'eth_getTransactionReceipt', params: [`0x${'ab'.repeat(32)}`] })
    expect(nobody).toMatchObject({ result: null, provenance: { standing: 'attested' } })
    const overHttp = await new JsonRpcProvider(`http://127.0.0.1:${server.port}`, undefined, {
      staticNetwork: true,
    }).send('glowworm_answer', ['eth_blockNumber', []])
    expect(overHttp).toMatchObject({ provenance: { standing: 'verified', block: { finality: 'proven' } } })
    expect(overHttp.result).toBe(overHttp.provenance.block.number)
  })
})

describe('from Gloas on, where heads name their block by hash only', () => {
  it('heads, state, blocks and logs are proven alike', async () => {
    const gloas = await startDevnet({ mode: 'manual', forks: { fulu: 0, gloas: 20 } })
    const over = followDevnet(gloas, await loadEngines())
    try {
      await over.ready()
      const request = createProvider(over).request
      const head = (await over.chain.head('optimistic')).value
      const block = await gloas.execution<Record<string, string>>('eth_getBlockByNumber', toHex(head.number), false)
      expect(await request({ method: 'eth_blockNumber' })).toBe(toHex(head.number))
      expect(await request({ method: 'eth_getBlockByNumber', params: ['latest', false] })).toMatchObject({
        hash: block.hash,
        blockAccessListHash: block.blockAccessListHash,
        slotNumber: block.slotNumber,
      })
      const from = toHex(head.number - 20n)
      const logs = { address: FIXTURE_CONTRACT, fromBlock: from, toBlock: toHex(head.number) }
      const theirs = await gloas.execution<{ blockHash: string }[]>('eth_getLogs', logs)
      expect(theirs.length).toBeGreaterThan(0)
      expect(await request({ method: 'eth_getLogs', params: [logs] })).toMatchObject(
        theirs.map(({ blockHash }) => ({ blockHash })),
      )
      expect(await request({ method: 'eth_getCode', params: [FIXTURE_CONTRACT, 'finalized'] })).toBe(FIXTURE_CODE)
    } finally {
      await over.close()
      await gloas.close()
    }
  })
})
