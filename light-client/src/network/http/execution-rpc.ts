/** Proofs and block content from an execution node (JSON-RPC over HTTP), put into canonical bytes. @module */
import { fromHex, quantity, toHex, toQuantity } from '../../data/hex.ts'
import { encode } from '../../data/rlp.ts'
import { GlowwormError } from '../../errors.ts'
import type { Http, HttpAnswer } from '../../infrastructure/ports.ts'
import type { EthereumRequest, Hex } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import {
  type EvidenceSource,
  longestAnswer,
  MAX_ANSWER_BYTES,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  type SourceDescription,
} from '../evidence-source.ts'
import { originsOfUrl } from '../peer-book/origins.ts'
import { exchange, originOf, parseJson } from './exchange.ts'
import { encodeHeaderJson, encodeReceiptJson, encodeTransactionJson, encodeWithdrawalJson } from './execution-json.ts'
import { askState, readProof } from './execution-state.ts'

const SERVED: ReadonlySet<string> = new Set<EthereumRequest['type']>([
  'execution_header',
  'execution_headers',
  'account',
  'code',
  'state',
  'receipts',
  'transactions',
  'withdrawals',
  'transaction_location',
  'pending_nonce',
  'fee_hint',
  'gas_hint',
  'access_list_hint',
  'log_blocks_hint',
  'send_transaction',
])

export interface ExecutionRpcOptions {
  readonly url: string
  readonly http: Http
  readonly timeoutMilliseconds?: number
}

/** Blocks remembered for another question about them. */
const RECENT_BLOCKS = 4

/** An execution node as a source of evidence. Its JSON is translated, never believed. */
export function executionRpcSource({ url, http, timeoutMilliseconds = 15_000 }: ExecutionRpcOptions): EvidenceSource {
  const description: SourceDescription = {
    id: originOf(url),
    carrier: 'execution-rpc',
    words: `execution node ${originOf(url)}`,
    origins: originsOfUrl(url),
  }
  const source = description.id
  const recent = new Map<Hex, Record<string, unknown>>()
  let nextId = 1

  const post = async (body: unknown, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer> =>
    exchange(http, source, {
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      maxBytes: maxBytes * 4 + 65_536, // hex and JSON keys
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
    })
  const single = (method: string, params: readonly unknown[]) => ({ jsonrpc: '2.0', id: nextId++, method, params })

  /** @throws {RpcRefusal} the node's own error, for the caller to interpret */
  const call = async (
    method: string,
    params: readonly unknown[],
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const answer = await post(single(method, params), maxBytes, signal)
    const body = parseJson(source, answer.bytes) as {
      result?: unknown
      error?: { code?: number; message?: string; data?: unknown }
    } | null
    if (typeof body !== 'object' || body === null) throw new MalformedAnswer(source, 'the answer is not an object')
    if (body.error) throw new RpcRefusal(method, body.error)
    if (!('result' in body))
      throw new MalformedAnswer(source, `the answer to ${method} has no result (HTTP ${answer.status})`)
    return body.result
  }
  /** Several calls in one exchange; what a node leaves out, or refuses, is undefined. */
  const batch = async (
    method: string,
    list: readonly (readonly unknown[])[],
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<unknown[]> => {
    const calls = list.map((params) => single(method, params))
    const body = parseJson(source, (await post(calls, maxBytes, signal)).bytes)
    if (!Array.isArray(body)) throw new NotAvailable(source, 'answers to several calls at once')
    const results = new Map(body.map((answer) => [answer?.id, answer?.result]))
    return calls.map(({ id }) => results.get(id))
  }
  const block = async (
    blockHash: Hex,
    full: boolean,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<Record<string, unknown>> => {
    const result = await call('eth_getBlockByHash', [blockHash, full], maxBytes, signal)
    if (typeof result !== 'object' || result === null) throw new NotAvailable(source, `block ${blockHash}`)
    return result as Record<string, unknown>
  }
  /** Without what its transactions are: header and withdrawals of a block come out of one answer. */
  const briefly = async (blockHash: Hex, signal: AbortSignal): Promise<Record<string, unknown>> => {
    const known = recent.get(blockHash)
    if (known) return known
    const { transactions: _, ...brief } = await block(blockHash, false, MAX_ANSWER_BYTES.transactions, signal)
    recent.set(blockHash, brief)
    if (recent.size > RECENT_BLOCKS) recent.delete(recent.keys().next().value!)
    return brief
  }
  /** A header and its ancestors. Numbers are only the way to ask: what does not hang together by hashes is left out. */
  const headersBack = async (blockHash: Hex, count: number, signal: AbortSignal): Promise<Uint8Array[]> => {
    const first = await block(blockHash, false, MAX_ANSWER_BYTES.transactions, signal)
    const number = Number(quantity(first.number, 'number'))
    const older = Array.from({ length: Math.min(count - 1, number) }, (_, i) => [toQuantity(number - 1 - i), false])
    const blocks =
      older.length > 0 ? await batch('eth_getBlockByNumber', older, MAX_ANSWER_BYTES.transactions, signal) : []
    const headers = [encodeHeaderJson(first)]
    let { parentHash } = first
    for (const candidate of blocks) {
      if (typeof candidate !== 'object' || candidate === null) break
      const json = candidate as Record<string, unknown>
      if (json.hash !== parentHash) break
      headers.push(encodeHeaderJson(json))
      parentHash = json.parentHash
    }
    return headers
  }
  /** For nodes that take numbers only. A block beside the chain has the number of another one, whose answer would be false. */
  const canonicalNumber = async (blockHash: Hex, signal: AbortSignal): Promise<unknown> => {
    const { number } = await block(blockHash, false, MAX_ANSWER_BYTES.transactions, signal)
    const there = await call('eth_getBlockByNumber', [number, false], MAX_ANSWER_BYTES.transactions, signal)
    if ((there as { hash?: unknown } | null)?.hash !== blockHash)
      throw new NotAvailable(source, `block ${blockHash} on its chain`)
    return number
  }
  /** Names the block by hash (EIP-1898), or by its number where a node does not take hashes for this method. */
  const atBlock = async (
    method: string,
    params: readonly unknown[],
    blockHash: Hex,
    max: number,
    signal: AbortSignal,
  ) => {
    try {
      return await call(method, [...params, { blockHash }], max, signal)
    } catch (cause) {
      if (!(cause instanceof RpcRefusal) || cause.rpcCode === -32601) throw cause
      return await call(method, [...params, await canonicalNumber(blockHash, signal)], max, signal)
    }
  }

  const ask = async (request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> => {
    const max = longestAnswer(request)
    switch (request.type) {
      case 'execution_header':
        return encodeHeaderJson(await briefly(request.blockHash, signal))
      case 'execution_headers':
        return encode(await headersBack(request.blockHash, request.count, signal))
      case 'account': {
        const result = await atBlock('eth_getProof', [request.address, request.slots], request.blockHash, max, signal)
        const { account, slots } = readProof(source, result, request.slots.length)
        return encode([account, slots])
      }
      case 'state':
        return askState(
          {
            source,
            batch: (method, list) => batch(method, list, max, signal),
            atBlock: (method, params, blockHash) => atBlock(method, params, blockHash, max, signal),
          },
          request,
        )
      case 'code':
        return fromHex(await atBlock('eth_getCode', [request.address], request.blockHash, max, signal), 'code')
      case 'receipts': {
        // Some nodes know receipts by number only, and answer null to a hash.
        const byNumber = async () =>
          call('eth_getBlockReceipts', [await canonicalNumber(request.blockHash, signal)], max, signal)
        const result = (await call('eth_getBlockReceipts', [request.blockHash], max, signal)) ?? (await byNumber())
        if (!Array.isArray(result)) throw new NotAvailable(source, `receipts of block ${request.blockHash}`)
        return encode(result.map(encodeReceiptJson))
      }
      case 'transactions': {
        const { transactions } = await block(request.blockHash, true, max, signal)
        if (!Array.isArray(transactions)) throw new MalformedAnswer(source, 'transactions is not a list')
        return encode(transactions.map(encodeTransactionJson))
      }
      case 'withdrawals': {
        const { withdrawals } = await briefly(request.blockHash, signal)
        if (!Array.isArray(withdrawals)) throw new MalformedAnswer(source, 'withdrawals is not a list')
        return encode(withdrawals.map(encodeWithdrawalJson))
      }
      case 'transaction_location': {
        const result = (await call('eth_getTransactionByHash', [request.transactionHash], 300_000, signal)) as {
          blockHash?: unknown
          transactionIndex?: unknown
        } | null
        if (!result?.blockHash) return new Uint8Array(0)
        const location = new Uint8Array(36)
        location.set(fromHex(result.blockHash, 'blockHash', 32))
        new DataView(location.buffer).setUint32(32, Number(result.transactionIndex))
        return location
      }
      case 'pending_nonce':
        return json({ nonce: await call('eth_getTransactionCount', [request.address, 'pending'], max, signal) })
      case 'fee_hint': {
        const [price, tip] = await Promise.all([
          call('eth_gasPrice', [], max, signal),
          call('eth_maxPriorityFeePerGas', [], max, signal).catch((cause) => {
            if (cause instanceof RpcRefusal) return toQuantity(1_000_000_000n) // an old node; 1 gwei is the usual suggestion
            throw cause
          }),
        ])
        return json({ baseFeePerGas: price, maxPriorityFeePerGas: tip })
      }
      case 'gas_hint': {
        const { from, to, value, data } = request
        try {
          return json({
            gas: await call('eth_estimateGas', [{ from, ...(to ? { to } : {}), value, data }], max, signal),
          })
        } catch (cause) {
          if (!(cause instanceof RpcRefusal)) throw cause
          return json({
            revert: typeof cause.data === 'string' ? cause.data : toHex(new TextEncoder().encode(cause.reason)),
          })
        }
      }
      case 'access_list_hint': {
        const { blockHash, from, to, value, data } = request
        const call = { from, ...(to ? { to } : {}), value, data }
        const result = await atBlock('eth_createAccessList', [call], blockHash, max, signal)
        return json({ accessList: (result as { accessList?: unknown } | null)?.accessList ?? [] })
      }
      case 'log_blocks_hint': {
        const filter = { address: request.address, topics: [null, request.topic], fromBlock: '0x0', toBlock: 'latest' }
        const logs = await call('eth_getLogs', [filter], MAX_ANSWER_BYTES.receipts, signal)
        if (!Array.isArray(logs)) throw new MalformedAnswer(source, 'the logs are not a list')
        return json({ blocks: [...new Set(logs.map((log) => log?.blockNumber))] })
      }
      case 'send_transaction':
        return json({ hash: await call('eth_sendRawTransaction', [request.raw], max, signal) })
      default:
        throw new NotAvailable(source, request.type)
    }
  }

  return {
    description,
    serves: (type) => SERVED.has(type),
    async request(request, signal) {
      try {
        return { bytes: await ask(request, signal), from: description }
      } catch (cause) {
        if (cause instanceof RpcRefusal)
          throw request.type === 'send_transaction'
            ? new Rejected(source, cause.reason)
            : new NotAvailable(source, `an answer to ${request.type} (${cause.reason})`, { cause })
        // What cannot even be read, in whatever way, was sent by the node: it must not keep others from being asked.
        if (!(cause instanceof GlowwormError) || cause.code === 'INVALID_HEX')
          throw new MalformedAnswer(source, (cause as Error).message, { cause })
        throw cause
      }
    },
    close: async () => {},
  }
}

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))

/** A JSON-RPC error object. Stays inside this file: callers see the errors of the evidence-source contract. */
class RpcRefusal extends Error {
  readonly rpcCode: number
  readonly reason: string
  readonly data: unknown
  constructor(method: string, error: { code?: number; message?: string; data?: unknown }) {
    const reason = String(error.message ?? 'no reason given').slice(0, 300)
    super(`${method}: ${reason}`)
    this.rpcCode = Number(error.code)
    this.reason = reason
    this.data = error.data
  }
}
