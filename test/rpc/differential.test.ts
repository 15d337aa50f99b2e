/** Hundreds of random questions to our RPC and to an unmodified anvil over the same chain: the answers must be equal. */
import { type Devnet, FIXTURE_CONTRACT, POKED_TOPIC, startDevnet } from '@glowworm/devnet'
import type { Hex, LightClient } from '@glowworm/light-client'
import { createRpc, type Rpc } from '@glowworm/light-client/application/rpc/rpc'
import { platformHttp } from '@glowworm/light-client/infrastructure/http'
import { openHeaderChain } from '@glowworm/light-client/ledgers/ethereum/proven-block'
import { executionRpcSource } from '@glowworm/light-client/network/http/execution-rpc'
import { loadEngines } from '@glowworm/wasm-core'
import fc from 'fast-check'
import { createWalletClient, http, pad, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { advance, followDevnet } from './devnet-client.ts'

/** Emits LOG2 with the first two words of the call as topics and the third as data. */
const EMITTER: Hex = '0x601280600b6000396000f3604035600052602035600035602060 00a200'.replace(' ', '') as Hex
const TOPICS = [1, 2, 3].map((n) => pad(toHex(n), { size: 32 }))
const KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const
const RUNS = { numRuns: 120, endOnFailure: true }

let devnet: Devnet
let client: LightClient
let rpc: Rpc
let head: number
const emitters: Hex[] = []
const hashes: Hex[] = []

beforeAll(async () => {
  devnet = await startDevnet({ mode: 'manual' })
  client = followDevnet(devnet, await loadEngines())
  await client.ready()
  rpc = createRpc(client)
  await makeTraffic()
  await advance(devnet, client, 3)
  head = Number((await client.chain.head('optimistic')).value.number)
})
afterAll(async () => {
  await client?.close()
  await devnet?.close()
})

/** Blocks with every kind of transaction, contracts that are made, logs, and failures. */
async function makeTraffic(): Promise<void> {
  const chain = { id: devnet.profile.chainId } as never
  const [first, second] = KEYS.map((key) =>
    createWalletClient({ account: privateKeyToAccount(key), transport: http(devnet.executionUrl) }),
  ) as [Wallet, Wallet]
  const nonces = new Map<Wallet, number>([
    [first, 0],
    [second, 0],
  ])
  const send = async (wallet: Wallet, fields: Record<string, unknown>) => {
    const nonce = nonces.get(wallet)!
    nonces.set(wallet, nonce + 1)
    const kind = fields.gasPrice ? {} : { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: BigInt(1 + nonce) }
    hashes.push(await wallet.sendTransaction({ chain, nonce, gas: 200_000n, ...kind, ...fields } as never))
  }
  for (let i = 0; i < 3; i++) await send(first, { data: EMITTER })
  await devnet.advance(1)
  for (const hash of hashes) {
    const receipt = await devnet.execution<{ contractAddress: Hex }>('eth_getTransactionReceipt', hash)
    emitters.push(receipt.contractAddress)
  }
  const say = (i: number) =>
    `0x${[TOPICS[i % 3]!, TOPICS[(i >> 1) % 3]!, pad(toHex(i), { size: 32 })].map((word) => word.slice(2)).join('')}`
  for (let i = 0; i < 24; i++) {
    await send(first, { to: emitters[i % 3], data: say(i) })
    if (i % 2)
      await send(second, { to: emitters[(i + 1) % 3], data: say(i * 7), gasPrice: 4_000_000_000n, type: 'legacy' })
    if (i % 5 === 0)
      await send(second, {
        to: FIXTURE_CONTRACT,
        data: '0x',
        gasPrice: 4_000_000_000n,
        type: 'eip2930',
        accessList: [{ address: FIXTURE_CONTRACT, storageKeys: [TOPICS[0]] }],
      })
    if (i % 7 === 0) await send(second, { to: emitters[0], value: 1n, data: '0x', gas: 21_100n })
    if (i === 11) {
      const authorization = await second.signAuthorization({
        account: privateKeyToAccount(KEYS[1]),
        contractAddress: emitters[0]!,
        chainId: devnet.profile.chainId,
        nonce: 77,
      })
      await send(first, { to: emitters[1], data: say(5), authorizationList: [authorization] })
    }
    if (i % 3 === 0) await devnet.advance(1)
  }
}
type Wallet = ReturnType<typeof createWalletClient>

const block = () => fc.integer({ min: 0, max: head }).map((n) => toHex(n))
const recent = () => fc.integer({ min: head - 30, max: head }).map((n) => toHex(n))
const anvil = <T>(method: string, ...params: unknown[]) => devnet.execution<T>(method, ...params)

/** Fields that anvil adds, and the size, which it computes without the list of withdrawals. */
const EXTRA = new Set(['totalDifficulty', 'blobGasPrice', 'size'])
/** Key order and optional nulls aside, JSON is compared as it is. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return typeof value === 'string' ? value.toLowerCase() : value
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, field]) =>
          field !== null && !EXTRA.has(name) && !(name === 'blockTimestamp' && typeof field === 'number'),
      )
      .map(([name, field]) => [name, normal(field)]),
  )
}
async function same(method: string, ...params: unknown[]): Promise<void> {
  const [ours, theirs] = await Promise.all([rpc.request({ method, params }), anvil(method, ...params)])
  expect({ method, params, result: normal(ours) }).toEqual({ method, params, result: normal(theirs) })
}

describe('equal to anvil', () => {
  it('blocks, by number and hash, in full and with hashes; counts', async () => {
    await fc.assert(
      fc.asyncProperty(block(), fc.boolean(), async (number, full) => {
        await same('eth_getBlockByNumber', number, full)
        const { hash } = await anvil<{ hash: Hex }>('eth_getBlockByNumber', number, false)
        await same('eth_getBlockByHash', hash, full)
        await same('eth_getBlockTransactionCountByNumber', number)
        await same('eth_getBlockTransactionCountByHash', hash)
        await same('eth_getUncleCountByBlockNumber', number)
      }),
      { ...RUNS, numRuns: 60 },
    )
  })

  it('transactions and receipts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...hashes),
        recent(),
        fc.integer({ min: 0, max: 4 }),
        async (hash, number, at) => {
          await same('eth_getTransactionByHash', hash)
          await same('eth_getTransactionReceipt', hash)
          await same('eth_getBlockReceipts', number)
          await same('eth_getTransactionByBlockNumberAndIndex', number, toHex(at))
        },
      ),
      RUNS,
    )
  })

  it('logs: addresses, topics, ranges', async () => {
    const addresses = () => fc.constantFrom(...emitters, FIXTURE_CONTRACT)
    const topic = () =>
      fc.oneof(fc.constant(null), fc.constantFrom(...TOPICS, POKED_TOPIC), fc.subarray([...TOPICS, POKED_TOPIC]))
    let found = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record(
          {
            address: fc.oneof(addresses(), fc.uniqueArray(addresses(), { minLength: 1 })),
            // go-ethereum lets a trailing wildcard ask for a topic that must be there, anvil does not; we do as the former.
            topics: fc.array(topic(), { maxLength: 3 }).map(withoutTrailingWildcards),
          },
          { requiredKeys: [] },
        ),
        fc.integer({ min: 0, max: head }),
        fc.integer({ min: 0, max: 60 }),
        async (filter, from, length) => {
          const query = { ...filter, fromBlock: toHex(from), toBlock: toHex(Math.min(from + length, head)) }
          await same('eth_getLogs', query)
          found += ((await rpc.request({ method: 'eth_getLogs', params: [query] })) as unknown[]).length
        },
      ),
      { ...RUNS, numRuns: 200 },
    )
    expect(found).toBeGreaterThan(50)
  })

  it('accounts, code, storage and proofs, at heads and at old blocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...devnet.accounts.slice(0, 3).map(({ address }) => address), ...emitters, FIXTURE_CONTRACT),
        fc.integer({ min: head - 200, max: head }).map((n) => toHex(n)),
        fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
        async (address, number, slots) => {
          await same('eth_getBalance', address, number)
          await same('eth_getTransactionCount', address, number)
          await same('eth_getCode', address, number)
          await same('eth_getStorageAt', address, toHex(slots[0] ?? 1), number)
          const keys = slots.map((slot) => pad(toHex(slot), { size: 32 }))
          const ours = await rpc.request({ method: 'eth_getProof', params: [address, keys, number] })
          const theirs = await anvil<Record<string, unknown>>('eth_getProof', address, keys, number)
          expect(normal(ours)).toEqual(normal(theirs))
        },
      ),
      { ...RUNS, numRuns: 40 },
    )
  })

  it('headers, many at a time', async () => {
    const source = executionRpcSource({ url: devnet.executionUrl, http: platformHttp })
    const { hash } = await anvil<{ hash: Hex }>('eth_getBlockByNumber', toHex(head), false)
    const ask = { type: 'execution_headers', blockHash: hash, count: 128 } as const
    const { bytes } = await source.request(ask, AbortSignal.timeout(30_000))
    expect(openHeaderChain(hash, 128, bytes, await loadEngines())).toHaveLength(128)
  })

  it('fee history with rewards', async () => {
    const ranks = fc
      .uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 })
      .map((list) => list.sort((a, b) => a - b))
    let spread = 0
    await fc.assert(
      fc.asyncProperty(recent(), fc.integer({ min: 1, max: 12 }), ranks, async (newest, count, percentiles) => {
        const params = [toHex(count), newest, percentiles]
        const ours = (await rpc.request({ method: 'eth_feeHistory', params })) as FeeHistory
        const theirs = await anvil<FeeHistory>('eth_feeHistory', ...params)
        expect(ours.oldestBlock).toBe(theirs.oldestBlock)
        expect(ours.baseFeePerGas.map(BigInt)).toEqual(theirs.baseFeePerGas.map(BigInt))
        expect(ours.gasUsedRatio.map((ratio) => ratio.toFixed(9))).toEqual(
          theirs.gasUsedRatio.map((ratio) => ratio.toFixed(9)),
        )
        if (ours.reward.some((row) => new Set(row).size > 1)) spread++
        expect(ours.reward.map((row) => row.map(BigInt))).toEqual(theirs.reward.map((row) => row.map(BigInt)))
      }),
      { ...RUNS, numRuns: 30 },
    )
    expect(spread).toBeGreaterThan(0)
  })
})

function withoutTrailingWildcards<T>(topics: (T | T[] | null)[]): (T | T[] | null)[] {
  const last = topics.findLastIndex((topic) => topic !== null && !(Array.isArray(topic) && topic.length === 0))
  return topics.slice(0, last + 1)
}

interface FeeHistory {
  readonly oldestBlock: Hex
  readonly baseFeePerGas: readonly Hex[]
  readonly gasUsedRatio: readonly number[]
  readonly reward: readonly (readonly Hex[])[]
}
