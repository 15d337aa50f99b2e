/** Many subscriptions on one chain: what a new block costs does not grow with them. */
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { openSession } from '@glowworm/light-client/application/rpc/session'
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { bloomOf } from '@glowworm/light-client/ledgers/ethereum/logs'
import { loadEngines } from '@glowworm/wasm-core'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import { buildLongChain } from '../history/long-chain.ts'
import { until } from './devnet-client.ts'
import { EXECUTION_APIS } from './execution-apis-profile.ts'
import { readerOver } from './reader-over.ts'

const engines = await loadEngines()
const SUBSCRIPTIONS = 50
const LOGS = 200
const EMITTER = `0x${'11'.repeat(20)}` as const

it('a new block is asked for once, and every subscription hears of its logs', async () => {
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
  const log = [fromHex(EMITTER, 'address'), [], new Uint8Array(0)]
  const receipt = concatBytes(encode([Uint8Array.of(1), Uint8Array.of(0x75, 0x30), logsBloom, [log]]))
  const content = {
    transactions: Array(LOGS).fill(fromHex(raw, 'transaction')),
    receipts: Array(LOGS).fill(receipt),
    logsBloom,
  }
  const chain = await buildLongChain(30, new Map(), { number: 20, ...content }, engines)
  const source = chain.source('headers')
  let hashed = 0
  const counting = {
    ...engines,
    hashes: {
      ...engines.hashes,
      keccak256(bytes: Uint8Array) {
        hashed += 1
        return engines.hashes.keccak256(bytes)
      },
    },
  }
  const reader = readerOver(
    [source],
    { finalized: chain.hash(10), optimistic: chain.hash(18) },
    EXECUTION_APIS,
    counting,
  )
  const heard = new Map<string, number>()
  const events = { notify: (id: string) => void heard.set(id, (heard.get(id) ?? 0) + 1), lost() {} }
  const session = openSession(createRpc(reader.client), reader.client, events)
  for (let i = 0; i < SUBSCRIPTIONS; i++)
    await session.answer({ method: 'eth_subscribe', params: ['logs', { address: EMITTER }] })
  const before = source.asked.length
  hashed = 0
  reader.setHeads({ finalized: chain.hash(10), optimistic: chain.hash(22) })
  await until(() => [...heard.values()].filter((logs) => logs === LOGS).length === SUBSCRIPTIONS)
  session.close()
  const asked = source.asked.slice(before).map(({ type }) => type)
  expect(asked).toEqual(['execution_header', 'execution_headers', 'receipts', 'transactions'])
  // Each walks the four new headers and tests their blooms; lists are proven, and hashes of transactions found, once.
  expect(hashed).toBeLessThan(SUBSCRIPTIONS * 40)
})
