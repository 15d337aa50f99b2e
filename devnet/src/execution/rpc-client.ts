/** JSON-RPC over HTTP to the devnet's own anvil. @module */
import { Agent, request } from 'node:http'
import { ExecutionNodeFailed, ExecutionRpcError } from '../errors.ts'

export interface RpcClient {
  call<T = unknown>(method: string, ...params: unknown[]): Promise<T>
  /** Several calls of one method in one HTTP request; answers in the order of `paramLists`. */
  batch<T = unknown>(method: string, paramLists: readonly (readonly unknown[])[]): Promise<T[]>
  /** Posts a body as it is and gives the answer's body. */
  post(body: string): Promise<Buffer>
  close(): void
}

interface RpcAnswer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string }
}

export function connectRpc(url: string): RpcClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  let lastId = 0

  function post(body: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const failed = (cause: unknown) => reject(new ExecutionNodeFailed('stopped answering', { cause }))
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const ask = request(url, { method: 'POST', agent, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => resolve(Buffer.concat(chunks)))
        answer.on('error', failed)
      })
      ask.on('error', failed)
      ask.end(body)
    })
  }

  async function batch<T>(method: string, paramLists: readonly (readonly unknown[])[]): Promise<T[]> {
    if (paramLists.length === 0) return []
    const requests = paramLists.map((params) => ({ jsonrpc: '2.0', id: ++lastId, method, params }))
    const answers: RpcAnswer[] = JSON.parse((await post(JSON.stringify(requests))).toString())
    const byId = new Map(answers.map((answer) => [answer.id, answer]))
    return requests.map(({ id }) => resultOf<T>(method, byId.get(id)))
  }

  return {
    post,
    batch,
    async call<T>(method: string, ...params: unknown[]) {
      const body = JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params })
      return resultOf<T>(method, JSON.parse((await post(body)).toString()))
    },
    close: () => agent.destroy(),
  }
}

function resultOf<T>(method: string, answer: RpcAnswer | undefined): T {
  if (!answer) throw new ExecutionNodeFailed(`left ${method} out of a batch answer`)
  if (answer.error) throw new ExecutionRpcError(method, answer.error.code, answer.error.message)
  return answer.result as T
}
