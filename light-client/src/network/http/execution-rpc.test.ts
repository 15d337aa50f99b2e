import { describe, expect, it } from 'vitest'
import type { Http } from '../../infrastructure/ports.ts'
import { executionRpcSource } from './execution-rpc.ts'

const HASH = `0x${'ab'.repeat(32)}` as const
const WORD = `0x${'00'.repeat(32)}`
const BLOCK = {
  hash: HASH,
  parentHash: WORD,
  sha3Uncles: WORD,
  miner: `0x${'00'.repeat(20)}`,
  stateRoot: WORD,
  transactionsRoot: WORD,
  receiptsRoot: WORD,
  logsBloom: `0x${'00'.repeat(256)}`,
  difficulty: '0x0',
  number: '0x1',
  gasLimit: '0x1',
  gasUsed: '0x0',
  timestamp: '0x1',
  extraData: '0x',
  mixHash: WORD,
  nonce: '0x0000000000000000',
  baseFeePerGas: '0x7',
  withdrawalsRoot: WORD,
  withdrawals: [],
  transactions: [],
}

/** A node that has the block or not, and what it was asked. */
function node(has: { block: boolean }) {
  const asked: string[] = []
  const http: Http = async ({ body }) => {
    const { id, method, params } = JSON.parse(body!)
    asked.push(`${method} ${params[1]}`)
    const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id, result: has.block ? BLOCK : null }))
    return { status: 200, header: () => null, bytes }
  }
  const source = executionRpcSource({ url: 'http://node.example', http })
  return {
    asked,
    ask: (type: 'execution_header' | 'withdrawals' | 'transactions') =>
      source.request({ type, blockHash: HASH }, AbortSignal.timeout(5000)),
  }
}

describe('a block of an execution node', () => {
  it('is asked for once for its header and its withdrawals, and once more with its transactions', async () => {
    const { asked, ask } = node({ block: true })
    await ask('execution_header')
    await ask('transactions')
    await ask('withdrawals')
    expect(asked).toEqual(['eth_getBlockByHash false', 'eth_getBlockByHash true'])
  })

  it('is asked for again when it was not there', async () => {
    const has = { block: false }
    const { asked, ask } = node(has)
    await expect(ask('execution_header')).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
    has.block = true
    await ask('withdrawals')
    expect(asked).toHaveLength(2)
  })
})

describe('a node that takes numbers only', () => {
  const beside = (canonical: string) => {
    const http: Http = async ({ body }) => {
      const { id, method } = JSON.parse(body!)
      const result =
        method === 'eth_getBlockByHash'
          ? BLOCK
          : method === 'eth_getBlockByNumber'
            ? { ...BLOCK, hash: canonical }
            : JSON.parse(body!).params[0] === BLOCK.number
              ? []
              : null
      return {
        status: 200,
        header: () => null,
        bytes: new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id, result })),
      }
    }
    const source = executionRpcSource({ url: 'http://node.example', http })
    return source.request({ type: 'receipts', blockHash: HASH }, AbortSignal.timeout(5000))
  }

  it('is asked by number for a block of its chain', async () => {
    expect((await beside(HASH)).bytes).toEqual(Uint8Array.of(0xc0))
  })

  it('is not asked for another block that has the number of one beside the chain', async () => {
    await expect(beside(`0x${'cd'.repeat(32)}`)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
  })
})

describe('a node that answers with what cannot be read', () => {
  const asking = (type: 'transactions' | 'transaction_location', reply: Record<string, unknown>) => {
    const http: Http = async ({ body }) => {
      const { id } = JSON.parse(body!)
      const bytes = new TextEncoder().encode(JSON.stringify({ jsonrpc: '2.0', id, ...reply }))
      return { status: 200, header: () => null, bytes }
    }
    const source = executionRpcSource({ url: 'http://node.example', http })
    const request = type === 'transactions' ? { type, blockHash: HASH } : { type, transactionHash: HASH }
    return source.request(request, AbortSignal.timeout(5000))
  }
  /** JSON for a value that has no text and is no number. */
  const nothing = { toString: 1, valueOf: 1 }

  it.each([
    ['the words of an error', 'transactions', { error: { code: -32000, message: nothing } }],
    ['the code of an error', 'transactions', { error: { code: nothing, message: 'no' } }],
    ['the place of a transaction', 'transaction_location', { result: { blockHash: HASH, transactionIndex: nothing } }],
  ] as const)('is named as the one who did: %s', async (_what, type, reply) => {
    await expect(asking(type, reply)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' })
  })

  it('may send hex of many megabytes: it is read like any other', async () => {
    const input = `0x${'00'.repeat(6_000_000)}`
    const transaction = { type: '0x0', nonce: '0x0', gasPrice: '0x0', gas: '0x0', to: null, value: '0x0', input }
    const signed = { ...transaction, v: '0x1b', r: '0x1', s: '0x1' }
    const { bytes } = await asking('transactions', { result: { ...BLOCK, transactions: [signed] } })
    expect(bytes.length).toBeGreaterThan(6_000_000)
  })
})
