/** Calls that carry calls: multicalls, Safe transactions and what a Safe does in one go. @module */
import type { Hex } from '@glowworm/light-client'
import { toBigInt, toHex } from '@glowworm/light-client/data/hex'
import { type AbiValue, UnreadableData } from '../abi/decode.ts'
import type { ExplainedCall, Intent } from '../intent.ts'
import { type CallSite, type KnownFunction, type Meaning, warning } from './known-function.ts'

/** `multicall(bytes[])` and its like: the contract calls itself, and sees the same sender and the same coin. */
const ownCalls = (signature: string): KnownFunction => ({
  signature,
  explain: (given, site) =>
    batch(
      'multicall',
      given.chunks('calls').map((data) => ({
        from: site.from,
        to: site.to,
        value: site.value,
        data: toHex(data),
      })),
      site,
    ),
})

/** Multicall contracts that call others, in their own name. */
const foreignCalls = (signature: string, read: (call: readonly AbiValue[]) => Omit<ExplainedCall, 'from'>) =>
  ({
    signature,
    explain: (given, site) =>
      batch(
        signature.slice(0, signature.indexOf('(')),
        given.list('calls').map((call) => ({ from: site.to, ...read(call) })),
        site,
      ),
  }) satisfies KnownFunction

const call = (to: AbiValue | undefined, value: AbiValue | undefined, data: AbiValue | undefined) => ({
  to: to as Hex,
  value: (value ?? 0n) as bigint,
  data: toHex(data as Uint8Array),
})

export const BATCH_FUNCTIONS: readonly KnownFunction[] = [
  ownCalls('multicall(bytes[] calls)'),
  ownCalls('multicall(uint256 deadline,bytes[] calls)'),
  ownCalls('multicall(bytes32 previousBlockhash,bytes[] calls)'),
  foreignCalls('aggregate((address target,bytes callData)[] calls)', ([to, data]) => call(to, 0n, data)),
  foreignCalls('blockAndAggregate((address target,bytes callData)[] calls)', ([to, data]) => call(to, 0n, data)),
  foreignCalls('aggregate3((address target,bool allowFailure,bytes callData)[] calls)', ([to, , data]) =>
    call(to, 0n, data),
  ),
  foreignCalls(
    'aggregate3Value((address target,bool allowFailure,uint256 value,bytes callData)[] calls)',
    ([to, , value, data]) => call(to, value, data),
  ),
  foreignCalls('tryAggregate(bool requireSuccess,(address target,bytes callData)[] calls)', ([to, data]) =>
    call(to, 0n, data),
  ),
  {
    signature:
      'execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
    explain: (given, site) =>
      explainSafe(
        site.to,
        given.address('to'),
        given.number('value'),
        given.bytes('data'),
        given.number('operation'),
        site,
      ),
  },
  {
    // Only ever called by delegation: then the sender of each is the Safe.
    signature: 'multiSend(bytes transactions)',
    async explain(given, site) {
      const parts = readPacked(given.bytes('transactions'))
      const steps = await Promise.all(
        parts.map(async ({ operation, to, value, data }): Promise<Intent> => {
          const step = await site.inner({ from: site.from, to, value, data })
          return operation === 1 ? { ...step, warnings: [...step.warnings, warning('delegated-call', to)] } : step
        }),
      )
      return { action: { kind: 'batch', function: 'multiSend', steps }, warnings: [] }
    },
  },
]

/** What a Safe would do: also when it is signed as typed data. @throws {UnreadableData} */
export async function explainSafe(
  safe: Hex,
  to: Hex,
  value: bigint,
  data: Uint8Array,
  operation: bigint,
  site: Pick<CallSite, 'inner'>,
): Promise<Meaning> {
  if (operation > 1n) throw new UnreadableData(`a Safe knows no operation ${operation}`)
  const delegated = operation === 1n
  const step = await site.inner({ from: safe, to, value, data: toHex(data) })
  return {
    action: { kind: 'safe', safe, delegated, step },
    warnings: delegated ? [warning('delegated-call', to)] : [],
  }
}

async function batch(name: string, calls: readonly ExplainedCall[], site: CallSite): Promise<Meaning> {
  const steps = await Promise.all(calls.map((one) => site.inner(one)))
  return { action: { kind: 'batch', function: name, steps }, warnings: [] }
}

/** operation (1 byte) ‖ to (20) ‖ value (32) ‖ length (32) ‖ data, one after another. */
function readPacked(bytes: Uint8Array): { operation: number; to: Hex; value: bigint; data: Hex }[] {
  const parts: { operation: number; to: Hex; value: bigint; data: Hex }[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 85 > bytes.length) throw new UnreadableData('a transaction is cut off')
    const operation = bytes[at]!
    if (operation > 1) throw new UnreadableData(`a Safe knows no operation ${operation}`)
    const length = toBigInt(bytes.subarray(at + 53, at + 85))
    const end = BigInt(at + 85) + length
    if (end > BigInt(bytes.length)) throw new UnreadableData('a transaction is cut off')
    parts.push({
      operation,
      to: toHex(bytes.subarray(at + 1, at + 21)),
      value: toBigInt(bytes.subarray(at + 21, at + 53)),
      data: toHex(bytes.subarray(at + 85, Number(end))),
    })
    at = Number(end)
  }
  return parts
}
