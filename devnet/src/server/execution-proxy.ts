/**
 * The execution node as the outside sees it: anvil without the methods by which a stranger could rewrite the chain or
 * sign with its keys, and with the block tags `finalized` and `safe` as the beacon chain has them.
 * @module
 */
import type { BeaconChain } from '../beacon/chain.ts'
import type { ExecutionChain } from '../execution/execution-chain.ts'
import { type Answer, json, type Question } from './http.ts'

interface RpcRequest {
  readonly jsonrpc: '2.0'
  readonly id: string | number | null
  readonly method: string
  readonly params?: unknown
}

const ALLOWED_NAMESPACES = ['eth_', 'net_', 'web3_', 'txpool_', 'debug_trace']
/** They act with keys that anvil holds, or ask for them. */
const REFUSED = new Set([
  'eth_accounts',
  'eth_sendTransaction',
  'eth_sendTransactionSync',
  'eth_sendUnsignedTransaction',
  'eth_sign',
  'eth_signTransaction',
  'eth_signTypedData',
  'eth_signTypedData_v3',
  'eth_signTypedData_v4',
  'eth_fillTransaction',
])
const MAX_BATCH = 256

/** Answers one JSON-RPC request or batch. */
export async function answerRpc(chain: BeaconChain, execution: ExecutionChain, question: Question): Promise<Answer> {
  if (question.method !== 'POST') return json(405, { code: 405, message: 'JSON-RPC is asked with POST' })
  let asked: unknown
  try {
    asked = JSON.parse(question.body)
  } catch {
    return json(200, rpcError(null, -32700, 'Parse error'))
  }
  if (!Array.isArray(asked)) return json(200, await answerOne(chain, execution, asked))
  if (asked.length === 0 || asked.length > MAX_BATCH)
    return json(200, rpcError(null, -32600, `Expected 1 to ${MAX_BATCH} requests in a batch`))
  return json(200, await Promise.all(asked.map((request) => answerOne(chain, execution, request))))
}

async function answerOne(chain: BeaconChain, execution: ExecutionChain, asked: unknown): Promise<unknown> {
  if (!isRpcRequest(asked)) return rpcError(null, -32600, 'Invalid request')
  if (!isAllowed(asked.method))
    return rpcError(asked.id, -32601, `The method ${asked.method} is not offered by this node`)
  const request = { ...asked, params: withBlockTags(asked.params, chain) }
  return execution.relay(request)
}

export function isAllowed(method: string): boolean {
  return ALLOWED_NAMESPACES.some((namespace) => method.startsWith(namespace)) && !REFUSED.has(method)
}

/** Replaces `finalized` and `safe` by block numbers; block 0 while nothing is finalized, as nodes answer. */
function withBlockTags(params: unknown, chain: BeaconChain): unknown {
  const replace = (value: unknown): unknown => {
    if (value !== 'finalized' && value !== 'safe') return value
    const block = value === 'finalized' ? chain.finalized() : chain.justified()
    return `0x${(block?.body.execution.number ?? 0).toString(16)}`
  }
  if (!Array.isArray(params)) return params ?? []
  return params.map((param: unknown) =>
    typeof param === 'object' &&
    param !== null &&
    ('fromBlock' in param || 'toBlock' in param || 'blockNumber' in param)
      ? Object.fromEntries(Object.entries(param).map(([key, value]) => [key, replace(value)]))
      : replace(param),
  )
}

function isRpcRequest(value: unknown): value is RpcRequest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'method' in value &&
    typeof value.method === 'string' &&
    'id' in value &&
    (typeof value.id === 'string' || typeof value.id === 'number' || value.id === null)
  )
}

function rpcError(id: string | number | null, code: number, message: string) {
  return { jsonrpc: '2.0', id, error: { code, message } }
}
