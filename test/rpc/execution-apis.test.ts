/** The test suite of the execution APIs: its requests through our RPC, over its own chain. */
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { parseProfile } from '@glowworm/light-client/ledgers/ethereum/profile'
import { loadEngines } from '@glowworm/wasm-core'
import { beforeAll, expect, it } from 'vitest'
import { describeVectors, vectorNames } from '../vectors.ts'
import { type ReaderOver, readerOver } from './reader-over.ts'
import { readCase, replayChain } from './replayed-chain.ts'

/** Its forks by time, in epochs of ten seconds. */
const PROFILE = parseProfile({
  name: 'execution-apis',
  family: 'ethereum',
  chainId: 3503995874084926,
  preset: { SLOTS_PER_EPOCH: 1, EPOCHS_PER_SYNC_COMMITTEE_PERIOD: 8, SYNC_COMMITTEE_SIZE: 32 },
  secondsPerSlot: 10,
  genesis: { time: 0, validatorsRoot: `0x${'00'.repeat(32)}` },
  forks: [
    ['altair', 0],
    ['bellatrix', 36],
    ['capella', 39],
    ['deneb', 42],
    ['electra', 45],
    ['fulu', 48],
  ].map(([name, epoch], i) => ({ name, epoch, version: `0x0${i + 1}000000` })),
  blobSchedule: [
    { epoch: 51, maxBlobs: 15 },
    { epoch: 54, maxBlobs: 21 },
  ],
})

/** Methods of the suite that we refuse, or that run code and are compared elsewhere. */
const ELSEWHERE = new Set([
  'debug_getRawBlock',
  'debug_getRawHeader',
  'debug_getRawReceipts',
  'debug_getRawTransaction',
  'eth_call',
  'eth_capabilities',
  'eth_config',
  'eth_createAccessList',
  'eth_estimateGas',
  'eth_sendRawTransaction',
  'testing_buildBlockV1',
  'txpool_content',
  'txpool_contentFrom',
  'txpool_status',
])
const methods = vectorNames('eth-rpc/execution-apis').filter((name) => /^(eth|net)_/.test(name) && !ELSEWHERE.has(name))
const cases = methods.flatMap((method) =>
  vectorNames(`eth-rpc/execution-apis/${method}`).map((file) => readCase(method, file)),
)

describeVectors('the execution APIs’ own cases', () => {
  let over: ReaderOver
  beforeAll(async () => {
    const { source, head, blocks } = await replayChain()
    expect(blocks).toBe(54)
    over = readerOver([source], { finalized: head, optimistic: head }, PROFILE, await loadEngines())
  })

  it('are many', () => expect(cases.length).toBeGreaterThan(60))

  it.each(cases)('$name', async ({ request, answer }) => {
    const rpc = createRpc(over.client)
    if (answer.error) {
      await expect(rpc.request(request)).rejects.toMatchObject({ code: answer.error.code })
      return
    }
    expect(await rpc.request(request)).toEqual(answer.result)
  })
})
