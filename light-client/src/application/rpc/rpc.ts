/** JSON-RPC over a light client: every answer is proven, known here, or labelled as what somebody says. @module */
import { PRODUCT } from '../../product.ts'
import { createCallGate } from '../call-gate.ts'
import type { Caller } from '../light-client.ts'
import { invalidParams, RPC_CODES, RpcError, rpcErrorOf } from './errors.ts'
import { createFilters } from './filters.ts'
import { provenanceForm, type RpcAnswer, type RpcClient } from './method.ts'
import { METHODS, REFUSED } from './methods.ts'
import { pacedChain } from './paced-chain.ts'
import { paramsOf } from './parameters.ts'

export interface RpcRequest {
  readonly method: string
  readonly params?: unknown
}

export interface Rpc {
  /**
   * The bare result.
   * @param caller its signal aborts when whoever asked has gone: calls are given up then
   * @throws {RpcError} and nothing else
   */
  request(request: RpcRequest, caller?: Caller): Promise<unknown>
  /** The result with its provenance. @throws {RpcError} and nothing else */
  answer(request: RpcRequest, caller?: Caller): Promise<RpcAnswer>
}

/** The answer of another method together with its provenance: for callers that have no other way to ask for it. */
export const ANSWER_METHOD = `${PRODUCT.slug}_answer`

/** One asker may have a whole batch of them waiting, and leaves room for others. */
const SEARCHES = { atOnce: 2, waiting: 142 }

export function createRpc(client: RpcClient): Rpc {
  const chain = pacedChain(client.chain)
  const searches = createCallGate(SEARCHES.atOnce, SEARCHES.waiting)
  const context = { client, chain, filters: createFilters(chain), searches }
  async function run({ method, params }: RpcRequest, caller?: Caller): Promise<RpcAnswer> {
    if (method === ANSWER_METHOD) {
      const [inner, innerParams] = paramsOf(params)
      if (typeof inner !== 'string' || inner === ANSWER_METHOD)
        throw invalidParams('expected the name of a method, and its parameters as a list')
      const { result, provenance } = await run({ method: inner, params: innerParams }, caller)
      return { result: { result, provenance: provenanceForm(provenance) }, provenance }
    }
    const known = Object.hasOwn(METHODS, method) ? METHODS[method]! : null
    if (!known) throw refusalOf(method)
    return known.run({ ...context, caller: caller ?? {} }, paramsOf(params))
  }
  async function answer(request: RpcRequest, caller?: Caller): Promise<RpcAnswer> {
    try {
      return await run(request, caller)
    } catch (cause) {
      throw rpcErrorOf(cause)
    }
  }
  return { answer, request: async (request, caller) => (await answer(request, caller)).result }
}

/** Where there is no connection over which an event could come: nodes say this with the code of an unknown method too. */
const OF_A_CONNECTION: ReadonlySet<string> = new Set(['eth_subscribe', 'eth_unsubscribe'])

/** @returns why this method has no answer here */
export function refusalOf(method: string): RpcError {
  const name = method.slice(0, 64)
  if (OF_A_CONNECTION.has(method))
    return new RpcError(
      RPC_CODES.methodNotFound,
      `${name} needs a connection that events can come over: WebSocket, or the provider in the process; else poll with eth_newFilter`,
      { code: 'NEEDS_CONNECTION' },
    )
  const why = Object.entries(REFUSED).find(([pattern]) =>
    pattern.endsWith('*') ? method.startsWith(pattern.slice(0, -1)) : method === pattern,
  )?.[1]
  return why === undefined
    ? new RpcError(RPC_CODES.methodNotFound, `${name} is not a method that is known here`, { code: 'METHOD_NOT_FOUND' })
    : new RpcError(RPC_CODES.unsupportedMethod, `${name} is refused: ${why}`, { code: 'METHOD_REFUSED' })
}
