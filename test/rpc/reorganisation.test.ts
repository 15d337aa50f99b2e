/** Two branches of one chain: what filters and subscriptions say when the head moves from one to the other. */
import { createProvider } from '@glowworm/light-client/application/rpc/provider'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { bloomOf } from '@glowworm/light-client/ledgers/ethereum/logs'
import { loadEngines } from '@glowworm/wasm-core'
import { toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, expect, it } from 'vitest'
import { buildLongChain, type LongChain } from '../history/long-chain.ts'
import { until } from './devnet-client.ts'
import { EXECUTION_APIS } from './execution-apis-profile.ts'
import { readerOver } from './reader-over.ts'

const engines = await loadEngines()
const EMITTER = `0x${'11'.repeat(20)}` as const

let left: LongChain
let right: LongChain
/** Both branches are one chain up to block 19; the same transaction lies in block 20 of one and 21 of the other. */
beforeAll(async () => {
  const account = privateKeyToAccount(`0x${'77'.repeat(32)}`)
  const raw = await account.signTransaction({
    chainId: 1,
    nonce: 0,
    gas: 60_000n,
    gasPrice: 10n,
    to: EMITTER,
    type: 'legacy',
  })
  const logsBloom = bloomOf([{ address: EMITTER, topics: [], data: '0x' }], engines.hashes.keccak256)
  const receipt = concatBytes(
    encode([
      Uint8Array.of(1),
      Uint8Array.of(0x75, 0x30),
      logsBloom,
      [[fromHex(EMITTER, 'address'), [], new Uint8Array(0)]],
    ]),
  )
  const content = { transactions: [fromHex(raw, 'transaction')], receipts: [receipt], logsBloom }
  left = await buildLongChain(30, new Map(), { number: 20, ...content }, engines)
  right = await buildLongChain(30, new Map(), { number: 21, ...content }, engines)
  expect(left.hash(19)).toBe(right.hash(19))
  expect(left.hash(20)).not.toBe(right.hash(20))
})

const over = (optimistic: `0x${string}`) =>
  readerOver(
    [left.source('headers'), right.source('headers')].map((source, i) => ({
      ...source,
      description: { ...source.description, id: `branch ${i}` },
    })),
    { finalized: left.hash(10), optimistic },
    EXECUTION_APIS,
    engines,
  )

it('filters: new logs, then removed ones with those that replaced them', async () => {
  const reader = over(left.hash(18))
  const rpc = createRpc(reader.client)
  const call = (method: string, ...params: unknown[]) => rpc.request({ method, params })
  const logs = await call('eth_newFilter', { address: EMITTER })
  const blocks = await call('eth_newBlockFilter')
  const move = (optimistic: `0x${string}`) => reader.setHeads({ finalized: left.hash(10), optimistic })

  move(left.hash(22))
  expect(await call('eth_getFilterChanges', logs)).toMatchObject([{ blockNumber: '0x14', removed: false }])
  expect(await call('eth_getFilterChanges', blocks)).toEqual([19, 20, 21, 22].map((n) => left.hash(n)))

  move(right.hash(23))
  expect(await call('eth_getFilterChanges', logs)).toMatchObject([
    { blockHash: left.hash(20), blockNumber: '0x14', removed: true },
    { blockHash: right.hash(21), blockNumber: '0x15', removed: false },
  ])
  expect(await call('eth_getFilterChanges', blocks)).toEqual([20, 21, 22, 23].map((n) => right.hash(n)))

  // The head may also fall back on its own branch.
  move(right.hash(20))
  expect(await call('eth_getFilterChanges', logs)).toMatchObject([{ blockHash: right.hash(21), removed: true }])
  expect(await call('eth_getFilterChanges', logs)).toEqual([])
})

it('what was proven on a branch that was left is not answered from memory', async () => {
  const reader = over(left.hash(25))
  const rpc = createRpc(reader.client)
  const block = (which: string) => rpc.request({ method: 'eth_getBlockByHash', params: [which, false] })
  expect(await block(left.hash(22))).toMatchObject({ number: '0x16' })
  reader.setHeads({ finalized: left.hash(10), optimistic: right.hash(25) })
  await expect(block(left.hash(22))).rejects.toMatchObject({ code: -32000, data: { code: 'NOT_ON_CHAIN' } })
  expect(await block(right.hash(22))).toMatchObject({ number: '0x16' })
})

it('subscriptions: every new head, and logs that came and went; a failure delays and loses nothing', async () => {
  const reader = over(left.hash(18))
  const provider = createProvider(reader.client)
  const heard: { subscription: string; result: Record<string, unknown> }[] = []
  provider.on('message', ({ data }) => heard.push(data as (typeof heard)[number]))
  const heads = await provider.request({ method: 'eth_subscribe', params: ['newHeads'] })
  const logs = await provider.request({ method: 'eth_subscribe', params: ['logs', { address: EMITTER }] })
  const told = (id: unknown) => heard.filter(({ subscription }) => subscription === id).map(({ result }) => result)

  const sources = reader.pool.records.map(({ source }) => source)
  for (const { description } of sources) reader.pool.remove(description.id)
  reader.setHeads({ finalized: left.hash(10), optimistic: left.hash(20) })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(heard).toEqual([])
  for (const source of sources) reader.pool.add(source)

  reader.setHeads({ finalized: left.hash(10), optimistic: left.hash(21) })
  await until(() => told(heads).length === 3 && told(logs).length === 1)
  expect(told(heads).map(({ hash }) => hash)).toEqual([19, 20, 21].map((n) => left.hash(n)))
  reader.setHeads({ finalized: left.hash(10), optimistic: right.hash(21) })
  await until(() => told(heads).length === 5 && told(logs).length === 3)
  expect(told(logs).map(({ blockNumber, removed }) => [blockNumber, removed])).toEqual([
    [toHex(20), false],
    [toHex(20), true],
    [toHex(21), false],
  ])
  provider.close()
})
