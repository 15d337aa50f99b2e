/** Errors as EIP-1193 and EIP-1474 number them, and how this software's own map to those. @module */
import { GlowwormError } from '../../errors.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'

export const RPC_CODES = {
  unsupportedMethod: 4200,
  disconnected: 4900,
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** EIP-1474 “invalid input”: the question is well formed, but cannot be answered with proof. */
  unprovable: -32000,
  limitExceeded: -32005,
} as const

/**
 * What a JSON-RPC caller gets. `data.code` is this software's stable code; `data` may hold more that a machine can use.
 * What a contract reverted with is the data itself, in hex, as every node has it.
 */
export class RpcError extends Error {
  readonly code: number
  readonly data: RpcErrorData | undefined
  constructor(code: number, message: string, data?: RpcErrorData, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Rpc.RpcError'
    this.code = code
    this.data = data
  }
}

export type RpcErrorData = Readonly<Record<string, unknown>> | Hex

export function invalidParams(message: string): RpcError {
  return new RpcError(RPC_CODES.invalidParams, message, { code: 'INVALID_PARAMS' })
}

/** Any error as a caller may see it. A fault of this software says no more than that it is one. */
export function rpcErrorOf(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause
  if (!(cause instanceof GlowwormError))
    return new RpcError(RPC_CODES.internal, 'an error inside the light client', { code: 'INTERNAL' }, { cause })
  const data = { code: cause.code, kind: cause.kind, ...(cause.next === undefined ? {} : { next: cause.next }) }
  return new RpcError(codeOf(cause), cause.message, data, { cause })
}

/** What was asked takes more than is given for it here. */
const LIMITS: ReadonlySet<string> = new Set(['CALL_TOOK_TOO_LONG', 'TOO_MANY_CALLS', 'CALL_READS_TOO_MUCH'])

function codeOf({ kind, code }: GlowwormError): number {
  if (LIMITS.has(code)) return RPC_CODES.limitExceeded
  if (code === 'INTERNAL') return RPC_CODES.internal
  if (kind === 'usage') return RPC_CODES.invalidParams
  return kind === 'unreachable' || kind === 'closed' || kind === 'stale' ? RPC_CODES.disconnected : RPC_CODES.unprovable
}
