/** Every lie about what a block holds: alone it is named, and beside an honest source it changes nothing. */
import type { EvidenceSource, Hex, PeerRequest } from '@glowworm/light-client'
import { createRpc } from '@glowworm/light-client/application/rpc/rpc'
import { concatBytes, fromHex } from '@glowworm/light-client/data/hex'
import { asBytes, asList, decode, encode, type RlpItem } from '@glowworm/light-client/data/rlp'
import { loadEngines } from '@glowworm/wasm-core'
import { beforeAll, expect, it } from 'vitest'
import { describeVectors } from '../vectors.ts'
import { EXECUTION_APIS } from './execution-apis-profile.ts'
import { readerOver } from './reader-over.ts'
import { type ReplayedChain, replayChain } from './replayed-chain.ts'

const engines = await loadEngines()
const CONTRACT: Hex = '0x7dcd17433742f4c0ca53122ab541d0ba67fc27df'
const OTHER: Hex = '0x7435ed30a8b4aeb0877cef0c6e8cffe834eb865f'
/** A block with logs of the contract, and a transaction in it. */
const BLOCK = '0x18'
const TRANSACTION: Hex = '0x695ad02907c9e13ab7c69963f723fa46ac13cd5e2314f61eab2cb2f07b946faa'

type Tell = (request: PeerRequest) => Promise<Uint8Array>
type Lie = (bytes: Uint8Array, request: PeerRequest, tell: Tell) => Promise<Uint8Array> | Uint8Array
interface Told {
  readonly about: PeerRequest['type']
  readonly lie: Lie
  readonly ask: { readonly method: string; readonly params: readonly unknown[] }
  readonly code: string
}

const list = (bytes: Uint8Array): Uint8Array[] => asList(decode(bytes), 'list').map((item, i) => asBytes(item, `${i}`))
const reversed: Lie = (bytes) => encode(list(bytes).reverse())
/** A true answer to another question: the same of the newest block. */
const elsewhere: Lie = (_bytes, request, tell) => tell({ ...request, blockHash: honest.head } as PeerRequest)

function onReceipts(change: (fields: RlpItem[], logs: RlpItem[]) => RlpItem[]): Lie {
  return (bytes) =>
    encode(
      list(bytes).map((raw) => {
        const typed = raw[0]! < 0x80
        const fields = [...asList(decode(typed ? raw.subarray(1) : raw), 'receipt')]
        const body = encode(change(fields, [...asList(fields[3], 'logs')]))
        return typed ? concatBytes(raw.subarray(0, 1), body) : body
      }),
    )
}
const withLogs = (change: (logs: RlpItem[]) => RlpItem[]): Lie =>
  onReceipts((fields, logs) => [...fields.slice(0, 3), change(logs)])

const logs = { method: 'eth_getLogs', params: [{ fromBlock: BLOCK, toBlock: BLOCK, address: CONTRACT }] }
const receipt = { method: 'eth_getTransactionReceipt', params: [TRANSACTION] }
const block = { method: 'eth_getBlockByNumber', params: [BLOCK, true] }
const content = { code: 'INVALID_BLOCK_CONTENT' }
const receipts = { about: 'receipts', ...content } as const
const transactions = { about: 'transactions', ...content } as const
const state = { about: 'account', code: 'INVALID_STATE_PROOF' } as const

const LIES: Readonly<Record<string, Told>> = {
  'a withheld log': { ...receipts, ask: logs, lie: withLogs((all) => all.slice(0, -1)) },
  'forged data of a log': {
    ...receipts,
    ask: logs,
    lie: withLogs((all) => all.map((log) => [...asList(log, 'log').slice(0, 2), new Uint8Array(32).fill(7)])),
  },
  'no receipts at all': { ...receipts, ask: logs, lie: () => encode([]) },
  'receipts of another block': { ...receipts, ask: logs, lie: elsewhere },
  'receipts in another order': { ...receipts, ask: receipt, lie: reversed },
  'more gas than was used': {
    ...receipts,
    ask: receipt,
    lie: onReceipts((fields, all) => [fields[0]!, Uint8Array.of(0xff, 0xff, 0xff), fields[2]!, all]),
  },
  'transactions of another block': { ...transactions, ask: logs, lie: elsewhere },
  'transactions in another order': { ...transactions, ask: block, lie: reversed },
  'a transaction less': { ...transactions, ask: block, lie: (bytes) => encode(list(bytes).slice(1)) },
  'the header of another block': {
    about: 'execution_header',
    code: 'INVALID_EXECUTION_HEADER',
    ask: block,
    lie: elsewhere,
  },
  'the account of another address': {
    ...state,
    ask: { method: 'eth_getBalance', params: [CONTRACT, 'latest'] },
    lie: (_bytes, request, tell) => tell({ ...request, address: OTHER } as PeerRequest),
  },
  'the account of another block': {
    ...state,
    ask: { method: 'eth_getTransactionCount', params: [OTHER, '0x20'] },
    lie: elsewhere,
  },
  'fewer storage proofs than asked': {
    ...state,
    ask: { method: 'eth_getProof', params: [CONTRACT, ['0x0'], 'latest'] },
    lie: (bytes) => encode([asList(decode(bytes), 'proof')[0]!, []]),
  },
  'the proof of another slot': {
    ...state,
    ask: { method: 'eth_getStorageAt', params: [CONTRACT, '0x0', 'latest'] },
    lie: (_bytes, request, tell) => tell({ ...request, slots: [`0x${'00'.repeat(31)}07`] } as PeerRequest),
  },
  'other code': {
    about: 'code',
    code: 'INVALID_CODE',
    ask: { method: 'eth_getCode', params: [CONTRACT, 'latest'] },
    lie: () => Uint8Array.of(0x60, 0x00),
  },
  'withdrawals that never were': {
    about: 'withdrawals',
    ...content,
    ask: { method: 'eth_getBlockByNumber', params: ['latest', false] },
    lie: () => encode([encode([Uint8Array.of(1), Uint8Array.of(1), new Uint8Array(20), Uint8Array.of(9)])]),
  },
}

let honest: ReplayedChain

describeVectors('lies about a block', () => {
  beforeAll(async () => {
    honest = await replayChain()
  })
  const liar = (about: PeerRequest['type'], lie: Lie): EvidenceSource => {
    const description = { id: 'liar', carrier: 'execution-rpc', words: 'a liar' } as const
    const tell: Tell = async (request) => (await honest.source.request(request, new AbortController().signal)).bytes
    return {
      ...honest.source,
      description,
      async request(request) {
        const truth = await tell(request)
        // The heads themselves are not lied about here.
        const head = request.type === 'execution_header' && request.blockHash === honest.head
        return { bytes: request.type === about && !head ? await lie(truth, request, tell) : truth, from: description }
      },
    }
  }
  const over = (...sources: EvidenceSource[]) =>
    readerOver(sources, { finalized: honest.head, optimistic: honest.head }, EXECUTION_APIS, engines)

  it.each(Object.entries(LIES))('%s', async (_name, { about, lie, ask, code }) => {
    const alone = over(liar(about, lie))
    const error = await createRpc(alone.client)
      .request(ask)
      .then(
        () => null,
        (cause) => cause,
      )
    // A list of logs says which blocks it could not decide, and why.
    expect(error?.data.undecided?.[0].reason.code ?? error?.data.code).toBe(code)
    expect(alone.pool.records.map(({ lie: caught }) => caught?.error.code)).toEqual([code])

    const truth = await createRpc(over(honest.source).client).request(ask)
    const together = over(liar(about, lie), honest.source)
    expect(await createRpc(together.client).request(ask)).toEqual(truth)
    expect(together.pool.records.find(({ source }) => source.description.id === 'liar')?.lie?.error.code).toBe(code)
  })

  it('a block that does not contain the transaction is only a wrong hint', async () => {
    const wrong = liar('transaction_location', (bytes) => {
      const location = bytes.slice()
      location.set(fromHex(honest.head, 'hash'))
      return location
    })
    expect(await createRpc(over(wrong).client).request(receipt)).toBeNull()
    const beside = over(wrong, honest.source)
    expect(await createRpc(beside.client).request(receipt)).toMatchObject({ transactionHash: TRANSACTION })
    expect(beside.pool.records.map(({ lie }) => lie)).toEqual([null, null])
  })
})
