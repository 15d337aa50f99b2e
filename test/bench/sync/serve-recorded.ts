/** A beacon node and an execution node that replay the recorded network over loopback HTTP. @module */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BeaconAnswer, RecordedNetwork } from './recorded-network.ts'

/** What one client asked and got, from its start on. */
export interface Traffic {
  readonly requests: string[]
  bytes: number
}

export interface RecordedServer {
  readonly url: string
  /** Milliseconds before every answer. */
  latency: number
  traffic: Traffic
  close(): Promise<void>
}

type Answer = { readonly body: Uint8Array | string; readonly type: string; readonly version?: string } | null
export type Extra = (method: string, path: string, body: string) => Promise<Answer> | Answer

const JSON_TYPE = 'application/json'
const SSZ_TYPE = 'application/octet-stream'

/** @param extra answers what is not of the recorded network, such as the files of a page */
export async function serveRecorded(network: RecordedNetwork, extra: Extra = () => null): Promise<RecordedServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch((cause) => response.writeHead(500).end(String(cause)))
  })
  // A client may compute for a minute before it asks again over the same connection.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const state: RecordedServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    latency: 0,
    traffic: { requests: [], bytes: 0 },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return state

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*')
    response.setHeader('access-control-expose-headers', '*')
    // Isolated from other origins, a page gets a clock that is twenty times as fine.
    response.setHeader('cross-origin-opener-policy', 'same-origin')
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts).toString()
    const url = new URL(request.url!, 'http://node')
    const ssz = request.headers.accept?.includes('octet-stream') ?? false
    if (state.latency > 0) await sleep(state.latency)
    if (request.method === 'OPTIONS') return void response.writeHead(204).end()
    const answer = (await extra(request.method!, url.pathname, body)) ?? answerTo(request.method!, url, body, ssz)
    state.traffic.requests.push(request.method === 'POST' ? `POST ${body.slice(0, 300)}` : request.url!)
    if (!answer) return void response.writeHead(404, { 'content-type': JSON_TYPE }).end('{"code":404,"message":"no"}')
    state.traffic.bytes += Buffer.byteLength(answer.body)
    response.writeHead(200, {
      'content-type': answer.type,
      ...(answer.version ? { 'eth-consensus-version': answer.version } : {}),
    })
    response.end(answer.body)
  }

  function answerTo(method: string, url: URL, body: string, ssz: boolean): Answer {
    if (method === 'POST') return { body: rpcAnswer(JSON.parse(body)), type: JSON_TYPE }
    const path = url.pathname.replace(/^\/eth\/v[12]\/beacon\//, '')
    const [first, ...rest] = path.split('/')
    if (first === 'light_client') return lightClient(rest.join('/'), url.searchParams, ssz)
    if (first === 'blocks' && rest[1] === 'root') return root(rest[0] ?? '')
    if (first === 'blocks') return encoded(network.blocks.get(rest[0] ?? ''), ssz)
    if (first === 'genesis') return json({ data: GENESIS })
    if (first === 'headers') return header(rest[0] ?? '', url.searchParams.get('parent_root'))
    return null
  }

  function lightClient(path: string, query: URLSearchParams, ssz: boolean): Answer {
    if (path === `bootstrap/${network.checkpoint}`) return encoded(network.bootstrap, ssz)
    if (path === 'finality_update') return encoded(network.finalityUpdate, ssz)
    if (path === 'optimistic_update') return encoded(network.optimisticUpdate, ssz)
    if (path !== 'updates') return null
    const from = Math.max(0, Number(query.get('start_period')) - network.firstPeriod)
    const some = network.updates.slice(from, from + Number(query.get('count')))
    if (ssz) return { body: Buffer.concat(some.map((update) => update.ssz)), type: SSZ_TYPE, version: network.version }
    return { body: `[${some.map((update) => update.json).join(',')}]`, type: JSON_TYPE }
  }

  function header(which: string, parent: string | null): Answer {
    const child = parent === null ? undefined : network.childOf.get(parent)
    const data = child ? [child] : network.headers.get(which)
    return data ? json({ execution_optimistic: false, finalized: false, data }) : null
  }

  function root(slot: string): Answer {
    const root = network.roots.get(slot)
    return root ? json({ execution_optimistic: false, finalized: true, data: { root } }) : null
  }

  function rpcAnswer(call: unknown): string {
    const one = ({ id, method, params = [] }: RpcCall) => {
      const result = rpcResult(method, params)
      if (result !== undefined) return { jsonrpc: '2.0', id, result }
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `${method} is not recorded` } }
    }
    return JSON.stringify(Array.isArray(call) ? call.map(one) : one(call as RpcCall))
  }

  /** Of the one block that is recorded: its proof and its content are no answer for another. */
  function rpcResult(method: string, params: readonly unknown[]): unknown {
    const { executionBlock: block, accountProof } = network
    const names = (which: unknown) => {
      const named = typeof which === 'object' && which !== null && 'blockHash' in which ? which.blockHash : which
      return named === block.hash || named === block.number || named === 'latest'
    }
    if (method === 'eth_chainId') return '0x1'
    if (method === 'eth_getProof') return accountProof && names(params[2]) ? accountProof : undefined
    if (method !== 'eth_getBlockByHash' && method !== 'eth_getBlockByNumber') return undefined
    if (!names(params[0])) return null
    if (params[1] === true) return block
    const transactions = block.transactions as readonly { hash: string }[]
    return { ...block, transactions: transactions.map(({ hash }) => hash) }
  }

  function encoded(answer: BeaconAnswer | undefined, ssz: boolean): Answer {
    if (!answer) return null
    const { version } = network
    return ssz ? { body: answer.ssz, type: SSZ_TYPE, version } : { body: answer.json, type: JSON_TYPE, version }
  }
}

interface RpcCall {
  readonly id: unknown
  readonly method: string
  readonly params?: readonly unknown[]
}

const GENESIS = {
  genesis_time: '1606824023',
  genesis_validators_root: '0x4b363db94e286120d76eb905340fdd4e54bfe9f06bf33ff6cf5ad27f511bfe95',
  genesis_fork_version: '0x00000000',
}

function json(value: unknown): Answer {
  return { body: JSON.stringify(value), type: JSON_TYPE }
}
