/** JSON-RPC 2.0 texts: one request or a batch in, one answer or a batch out. @module */
import { RPC_CODES, RpcError, rpcErrorOf } from '../rpc/errors.ts'
import type { RpcRequest } from '../rpc/rpc.ts'

type Id = string | number | null

const MOST_IN_BATCH = 100

/** @param run gives the result of one request. @returns the answer's text; null when only notifications were sent */
export async function answerText(text: string, run: (request: RpcRequest) => Promise<unknown>): Promise<string | null> {
  let asked: unknown
  try {
    asked = JSON.parse(text)
  } catch {
    return JSON.stringify(failure(null, new RpcError(RPC_CODES.parseError, 'this is not JSON')))
  }
  if (!Array.isArray(asked)) {
    const answer = await answerOne(asked, run)
    return answer && JSON.stringify(answer)
  }
  if (asked.length === 0 || asked.length > MOST_IN_BATCH)
    return JSON.stringify(
      failure(null, new RpcError(RPC_CODES.invalidRequest, `a batch holds 1 to ${MOST_IN_BATCH} requests`)),
    )
  const answers = await Promise.all(asked.map((one) => answerOne(one, run)))
  const given = answers.filter((answer) => answer !== null)
  return given.length === 0 ? null : JSON.stringify(given)
}

/** What is said of a request that could not be read or answered at all. */
export function failureText(error: RpcError): string {
  return JSON.stringify(failure(null, error))
}

/** A notification of a subscription. */
export function subscriptionText(subscription: string, result: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params: { subscription, result } })
}

async function answerOne(
  asked: unknown,
  run: (request: RpcRequest) => Promise<unknown>,
): Promise<Record<string, unknown> | null> {
  const fields = typeof asked === 'object' && asked !== null ? (asked as Record<string, unknown>) : {}
  const id = idOf(fields.id)
  if (fields.jsonrpc !== '2.0' || typeof fields.method !== 'string' || id === undefined)
    return failure(id ?? null, new RpcError(RPC_CODES.invalidRequest, 'expected {"jsonrpc": "2.0", "id", "method"}'))
  const { method, params } = fields
  const isNotification = !Object.hasOwn(fields, 'id')
  try {
    const result = await run({ method, params })
    return isNotification ? null : { jsonrpc: '2.0', id, result: result ?? null }
  } catch (cause) {
    return isNotification ? null : failure(id, rpcErrorOf(cause))
  }
}

/** Undefined: not an id. An absent id reads as null: a notification. */
function idOf(value: unknown): Id | undefined {
  if (value === undefined || value === null) return null
  return typeof value === 'string' || typeof value === 'number' ? value : undefined
}

function failure(id: Id, { code, message, data }: RpcError): Record<string, unknown> {
  return { jsonrpc: '2.0', id, error: { code, message, ...(data === undefined ? {} : { data }) } }
}
