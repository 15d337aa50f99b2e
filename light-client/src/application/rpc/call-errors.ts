/** Calls that fail, as the execution APIs word and number it. @module */
import { CallRefused, type RefusalReason } from '../../contract/call-refused.ts'
import { fromHex } from '../../data/hex.ts'
import type { CallOutcome } from '../../ledgers/ethereum/call-claims.ts'
import type { Hex } from '../../ledgers/ethereum/evidence.ts'
import { RPC_CODES, RpcError } from './errors.ts'

/** EIP-1474 has no number for it; every node uses 3, with what the contract returned as data. */
const EXECUTION_REVERTED = 3

/** execution-apis, eth_simulateV1: why a block could not contain a call. */
const REFUSAL_CODES: Readonly<Record<RefusalReason, number>> = {
  'nonce-too-low': -38010,
  'nonce-too-high': -38011,
  fees: -38012,
  'intrinsic-gas': -38013,
  funds: -38014,
  'block-gas': -38015,
  'block-order': -38020,
  'block-time': -38021,
  'sender-code': -38024,
  'initcode-size': -38025,
  'too-many-blocks': -38026,
  shape: RPC_CODES.unprovable,
}

type Failure = Pick<CallOutcome, 'status' | 'returnData' | 'halt'>

/** A proven failure: not a fault of any source. */
export function failedCall({ status, returnData, halt }: Failure): RpcError {
  if (status !== 'revert') return new RpcError(RPC_CODES.unprovable, halt ?? 'execution failed')
  const reason = revertReason(returnData)
  return new RpcError(EXECUTION_REVERTED, `execution reverted${reason === null ? '' : `: ${reason}`}`, returnData)
}

/** Runs; a call that no block could contain becomes the error nodes answer. */
export async function asNodesSay<T>(run: () => Promise<T>, codes: 'numbered' | 'plain' = 'plain'): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    if (!(cause instanceof CallRefused)) throw cause
    const code = codes === 'numbered' ? REFUSAL_CODES[cause.reason] : RPC_CODES.unprovable
    throw new RpcError(code, cause.message, { code: cause.code, kind: cause.kind }, { cause })
  }
}

const ERROR_SELECTOR = '0x08c379a0'
const PANIC_SELECTOR = '0x4e487b71'
/** Solidity's panic codes, in geth's words. */
const PANICS: Readonly<Record<string, string>> = {
  '0': 'generic panic',
  '1': 'assert(false)',
  '17': 'arithmetic underflow or overflow',
  '18': 'division or modulo by zero',
  '33': 'enum overflow',
  '34': 'invalid encoded storage byte array accessed',
  '49': 'out-of-bounds array access; popping on an empty array',
  '50': 'out-of-bounds access of an array or bytesN',
  '65': 'out of memory',
  '81': 'uninitialized function',
}

/** The text in `Error(string)` or `Panic(uint256)`; null: the data are something else. */
export function revertReason(data: Hex): string | null {
  const bytes = fromHex(data, 'return data')
  const number = (at: number) =>
    bytes.length < at + 32 ? null : BigInt(`0x${data.slice(2 + at * 2, 2 + (at + 32) * 2)}`)
  if (data.startsWith(PANIC_SELECTOR) && bytes.length === 36) {
    const code = number(4)!
    return PANICS[String(code)] ?? `unknown panic code: 0x${code.toString(16)}`
  }
  if (!data.startsWith(ERROR_SELECTOR) || number(4) !== 32n) return null
  const length = number(36)
  if (length === null || length > BigInt(bytes.length - 68)) return null
  return new TextDecoder().decode(bytes.subarray(68, 68 + Number(length)))
}
