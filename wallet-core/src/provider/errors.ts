/** Errors as EIP-1193 and EIP-1474 number them, and how the wallet's own map to those. */
import type { Hex } from '@glowworm/light-client'
import { RpcError as ChainRpcError } from '@glowworm/light-client/application/rpc/errors'
import { problemOf } from '../errors.ts'

export const RPC = {
  userRejected: 4001,
  unauthorized: 4100,
  unsupportedMethod: 4200,
  disconnected: 4900,
  chainDisconnected: 4901,
  unrecognizedChain: 4902,
  invalidRequest: -32600,
  invalidParams: -32602,
  internal: -32603,
  /** EIP-1474 “invalid input” is used for everything the wallet or the evidence refuses. */
  refused: -32000,
  alreadyPending: -32002,
  limitExceeded: -32005,
} as const

/** What a site gets. `data` carries a stable code, or what a contract reverted with, and never more. */
export class RpcError extends Error {
  readonly code: number
  readonly data: { readonly code: string } | Hex | undefined
  constructor(code: number, message: string, data?: { readonly code: string } | Hex) {
    super(message)
    this.name = 'Provider.RpcError'
    this.code = code
    this.data = data
  }
}

const BY_CODE: Readonly<Record<string, number>> = {
  USER_REJECTED: RPC.userRejected,
  LOCKED: RPC.unauthorized,
  NOT_PERMITTED: RPC.unauthorized,
  AGAINST_SITE_RULE: RPC.unauthorized,
  NO_WALLET: RPC.unauthorized,
  NO_SOURCES: RPC.disconnected,
  NOT_FOLLOWING: RPC.chainDisconnected,
  TOO_MANY_REQUESTS: RPC.limitExceeded,
  INVALID_ADDRESS: RPC.invalidParams,
  INVALID_TRANSACTION: RPC.invalidParams,
  MALFORMED_SIGN_IN: RPC.invalidParams,
  FOREIGN_SIGN_IN: RPC.invalidParams,
  SIGN_IN_FOR_OTHER_ACCOUNT: RPC.invalidParams,
  SIGN_IN_FOR_OTHER_CHAIN: RPC.invalidParams,
  SIGN_IN_OUT_OF_TIME: RPC.invalidParams,
  WATCH_ONLY: RPC.unauthorized,
  INVALID_HEX: RPC.invalidParams,
  NOT_A_TOKEN: RPC.invalidParams,
  BELONGINGS_UNAVAILABLE: RPC.unsupportedMethod,
}

/** Any error as a site may see it. Faults of the program keep their words to themselves. */
export function rpcErrorOf(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  if (error instanceof ChainRpcError) {
    if (error.cause !== undefined) return rpcErrorOf(error.cause)
    if (typeof error.data === 'string') return new RpcError(error.code, error.message, error.data)
    const code = error.data?.code
    return new RpcError(error.code, error.message, typeof code === 'string' ? { code } : undefined)
  }
  const { code, kind, message } = problemOf(error)
  if (kind === 'unexpected') return new RpcError(RPC.internal, 'The wallet met an unexpected fault.', { code })
  return new RpcError(BY_CODE[code] ?? (kind === 'usage' ? RPC.invalidParams : RPC.refused), message, { code })
}

export const invalidParams = (message: string): RpcError => new RpcError(RPC.invalidParams, message)
