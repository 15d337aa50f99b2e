/** Blocks tens of thousands back: by windows of the history contract, by parents, and honestly not at all. */

import type { EvidenceSource } from '@glowworm/light-client'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { encode } from '@glowworm/light-client/data/rlp'
import { bloomOf } from '@glowworm/light-client/ledgers/ethereum/logs'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { loadEngines } from '@glowworm/wasm-core'
import { serializeTransaction, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { readerOver } from '../rpc/reader-over.ts'
import { buildLongChain, type LongChain } from './long-chain.ts'

const engines = await loadEngines()
const PROFILE = parseProfile({
  name: 'long',
  family: 'ethereum',
  chainId: 1,
  preset: 'mainnet',
  secondsPerSlot: 12,
  genesis: { time: 1_600_000_000, validatorsRoot: `0x${'00'.repeat(32)}` },
  forks: [{ name: 'bellatrix', epoch: 0, version: '0x02000000' }],
})
const HEAD = 41_000
const OLD = HEAD - 21_000
const EMITTER = `0x${'11'.repeat(20)}` as const
const TOPIC = `0x${'22'.repeat(32)}` as const

let chain: LongChain
beforeAll(async () => {
  const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
  const signed = await account.signTransaction(
    { chainId: 1, nonce: 3, gas: 60_000n, maxFeePerGas: 10n, maxPriorityFeePerGas: 1n, to: EMITTER, type: 'eip1559' },
    { serializer: serializeTransaction },
  )
  const logs = [{ address: EMITTER, topics: [TOPIC], data: '0x01' as const }]
  const logsBloom = bloomOf(logs, engines.hashes.keccak256)
  const receipt = concatBytes(
    Uint8Array.of(2),
    encode([
      Uint8Array.of(1),
      Uint8Array.of(0x75, 0x30),
      logsBloom,
      [[fromHex(EMITTER, 'address'), [fromHex(TOPIC, 'topic')], Uint8Array.of(1)]],
    ]),
  )
  // Stones on the way from the head: the lowest multiple of 1024 within each window.
  const states = new Map([
    [HEAD, [33_792, 40_000, HEAD - 1]],
    [33_792, [26_624, 33_000]],
    [26_624, [OLD, OLD + 10]],
  ])
  chain = await buildLongChain(
    HEAD,
    states,
    { number: OLD, transactions: [fromHex(signed, 'transaction')], receipts: [receipt], logsBloom },
    engines,
  )
})

const over = (...sources: EvidenceSource[]) => {
  const head = chain.hash(HEAD)
  return readerOver(sources, { finalized: head, optimistic: head }, PROFILE, engines)
}

describe('a block 21,000 blocks back', () => {
  it('is leapt to where a source has old states: a handful of requests', async () => {
    const source = chain.source('archive')
    const rpc = createRpc(over(source).client)
    const answer = await rpc.answer({ method: 'eth_getBlockByNumber', params: [toHex(OLD), true] })
    expect(answer.result).toMatchObject({ hash: chain.hash(OLD), transactions: [{ nonce: '0x3', to: EMITTER }] })
    expect(answer.provenance).toMatchObject({ standing: 'verified', block: { finality: 'final' } })
    expect(source.asked.length).toBeLessThanOrEqual(9)
    const [receipt] = (await rpc.request({ method: 'eth_getBlockReceipts', params: [toHex(OLD)] })) as object[]
    expect(receipt).toMatchObject({
      status: '0x1',
      gasUsed: '0x7530',
      effectiveGasPrice: '0x8',
      logs: [{ topics: [TOPIC] }],
    })
    expect(await rpc.request({ method: 'eth_getBlockByHash', params: [chain.hash(OLD), false] })).toMatchObject({
      number: toHex(OLD),
    })
  })

  it('is walked to by parents where none has, many headers at a time', async () => {
    const source = chain.source('headers')
    const { chain: reader } = over(source)
    const id = await reader.byNumber(BigInt(OLD))
    expect(id?.value.hash).toBe(chain.hash(OLD))
    expect(id?.method).toBe('chain of parent hashes')
    expect(source.asked.length).toBeLessThan(21_000 / 100)
    const block = await reader.header(id!)
    expect((await reader.receipts(block)).value).toEqual(chain.receipts)
  })

  it('is found by its logs: blooms decide the 21,000 blocks around it', async () => {
    const source = chain.source('headers')
    const rpc = createRpc(over(source).client)
    const filter = { fromBlock: toHex(OLD - 10), toBlock: 'latest', address: EMITTER, topics: [TOPIC] }
    const logs = (await rpc.request({ method: 'eth_getLogs', params: [filter] })) as object[]
    expect(logs).toMatchObject([{ address: EMITTER, blockNumber: toHex(OLD), logIndex: '0x0' }])
    expect(source.asked.filter(({ type }) => type === 'receipts')).toHaveLength(1)
    const other = { ...filter, topics: [`0x${'33'.repeat(32)}`] }
    expect(await rpc.request({ method: 'eth_getLogs', params: [other] })).toEqual([])
    expect(source.asked.filter(({ type }) => type === 'receipts')).toHaveLength(1)
  })
})

describe('what cannot be reached', () => {
  it('a slot that was never filled means unknown: parents are followed, and no hash of zero appears', async () => {
    const { chain: reader } = over(chain.source('archive'))
    // The state of the head has recorded nothing for this one.
    expect((await reader.byNumber(BigInt(HEAD - 20)))?.value.hash).toBe(chain.hash(HEAD - 20))
  })

  it('a block further back than can be walked is too far back, not unknown', async () => {
    const rpc = createRpc(over(chain.source('headers')).client)
    await expect(rpc.request({ method: 'eth_getBlockByNumber', params: ['0x1', false] })).rejects.toMatchObject({
      code: -32000,
      data: { code: 'TOO_FAR_BACK' },
    })
  })

  it('logs whose headers end, or whose receipts nobody has, are an error that names what is missing', async () => {
    const whole = chain.source('archive')
    const without = (refused: (request: Parameters<EvidenceSource['request']>[0]) => boolean): EvidenceSource => ({
      ...whole,
      request: (request, signal) =>
        whole.request(refused(request) ? { type: 'withdrawals', blockHash: `0x${'00'.repeat(32)}` } : request, signal),
    })
    const filter = { fromBlock: toHex(OLD - 10), toBlock: toHex(OLD + 10), address: EMITTER }
    const ask = (source: EvidenceSource) =>
      createRpc(over(source).client)
        .request({ method: 'eth_getLogs', params: [filter] })
        .catch((cause) => cause)
    expect(await ask(without(({ type }) => type === 'receipts'))).toMatchObject({
      code: -32000,
      message: expect.stringContaining(`block ${OLD} could not be decided`),
      data: {
        code: 'INCOMPLETE_LOGS',
        complete: false,
        undecided: [{ fromBlock: toHex(OLD), toBlock: toHex(OLD), reason: { code: 'NOT_AVAILABLE' } }],
      },
    })
    // One by one, or not at all: this source sends no batches.
    const near = { fromBlock: toHex(HEAD - 30), toBlock: toHex(HEAD - 1) }
    const missing = chain.hash(HEAD - 12)
    const stops = without(
      (request) =>
        request.type === 'execution_headers' || (request.type === 'execution_header' && request.blockHash === missing),
    )
    expect(
      await createRpc(over(stops).client)
        .request({ method: 'eth_getLogs', params: [near] })
        .catch((cause) => cause),
    ).toMatchObject({
      data: { code: 'INCOMPLETE_LOGS', undecided: [{ fromBlock: toHex(HEAD - 30), toBlock: toHex(HEAD - 12) }] },
    })
  })
})

describe('lies on the way', () => {
  it.each([
    ['headers that do not hang together', 'execution_headers', 'INVALID_EXECUTION_HEADER'],
    ['a proof of another slot of the history contract', 'account', 'INVALID_STATE_PROOF'],
  ] as const)('%s', async (_name, type, code) => {
    const honest = chain.source('archive')
    const liar: EvidenceSource = {
      ...honest,
      description: { ...honest.description, id: 'liar' },
      async request(request, signal) {
        const { bytes } = await honest.request(request, signal)
        const changed = bytes.slice()
        if (request.type === type) changed[changed.length - 40]! ^= 1
        return { bytes: changed, from: honest.description }
      },
    }
    const together = over(liar, chain.source('archive'))
    const target = BigInt(type === 'account' ? OLD : HEAD - 30)
    expect((await together.chain.byNumber(target))?.value.hash).toBe(chain.hash(Number(target)))
    expect(together.pool.records.find(({ source }) => source.description.id === 'liar')?.lie?.error.code).toBe(code)
  })
})
