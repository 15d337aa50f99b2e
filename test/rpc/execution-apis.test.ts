/** The test suite of the execution APIs: its requests through our RPC, over its own chain. */
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { loadEngines } from '@glowworm/wasm-core'
import { beforeAll, expect, it } from 'vitest'
import { describeVectors, vectorNames } from '../vectors.ts'
import { EXECUTION_APIS } from './execution-apis-profile.ts'
import { type ReaderOver, readerOver } from './reader-over.ts'
import { readCase, replayChain } from './replayed-chain.ts'

/** Methods of the suite that we refuse. */
const ELSEWHERE = new Set([
  'debug_getRawBlock',
  'debug_getRawHeader',
  'debug_getRawReceipts',
  'debug_getRawTransaction',
  'eth_capabilities',
  'eth_config',
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
/** The file's second exchange is the one with an authorization. */
if (methods.includes('eth_estimateGas')) cases.push(readCase('eth_estimateGas', 'estimate-with-eip7702.io', 1))

describeVectors('the execution APIs’ own cases', () => {
  let over: ReaderOver
  beforeAll(async () => {
    const { source, head, blocks } = await replayChain()
    expect(blocks).toBe(54)
    over = readerOver([source], { finalized: head, optimistic: head }, EXECUTION_APIS, await loadEngines())
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
