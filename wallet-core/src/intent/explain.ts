/**
 * What a transaction would do, read out of what would be signed and of proven state. Pure but for what its resolvers
 * ask. What is not known is said to be unknown; nothing is guessed.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeParameters, selectorOf, UnreadableData } from './abi/decode.ts'
import { describe } from './descriptors/apply.ts'
import { argumentsOf, type CallSite, type Meaning, warning } from './functions/known-function.ts'
import type { FunctionTable } from './functions/table.ts'
import type { Action, ContractView, ExplainedCall, Intent, IntentWarning } from './intent.ts'
import { readProxy } from './proxy.ts'
import { provenValue, type Resolvers } from './resolvers.ts'

/** Calls inside calls, and calls in all. */
const DEEPEST = 6
const MOST_CALLS = 128

export async function explain(call: ExplainedCall, table: FunctionTable, resolvers: Resolvers): Promise<Intent> {
  const intent = await createExplainer(table, resolvers).explain(call)
  const delegations = (call.authorizations ?? []).map(({ chainId, address, authority }): Intent => {
    const action: Action = {
      kind: 'delegate',
      account: authority,
      code: BigInt(address) === 0n ? null : address,
      everyChain: chainId === 0n,
    }
    return { action, value: 0n, contract: null, warnings: action.code ? [warning('delegation', action.code)] : [] }
  })
  if (delegations.length === 0) return intent
  const action: Action = { kind: 'batch', function: 'EIP-7702', steps: [...delegations, intent] }
  return { action, value: call.value, contract: null, warnings: [] }
}

export interface Explainer {
  explain(call: ExplainedCall): Promise<Intent>
}

/** Explains one thing and all within it. */
export function createExplainer(table: FunctionTable, resolvers: Resolvers): Explainer {
  let calls = 0

  async function explainCall(call: ExplainedCall, depth: number): Promise<Intent> {
    const { from, to, value, data } = call
    const bytes = (data.length - 2) / 2
    if (to === null) return { action: { kind: 'create', codeBytes: bytes }, value, contract: null, warnings: [] }
    if (depth > DEEPEST || ++calls > MOST_CALLS)
      return { action: unknown(data, null), value, contract: null, warnings: [warning('too-deep', to)] }
    const code = await resolvers.code(to)
    const hasCode = isPrecompile(to) || provenValue(code) !== '0x'
    const contract: ContractView | null = hasCode ? { address: to, proxy: await readProxy(to, code, resolvers) } : null
    const behind = contract && provenValue(contract.proxy)
    const common: IntentWarning[] = behind?.changeable && data !== '0x' ? [warning('proxy', behind.implementation)] : []
    if (data === '0x' || !hasCode) {
      const warnings = data === '0x' ? [] : [warning('no-code', to)]
      if (BigInt(to) === 0n) warnings.push(warning('to-nobody', to))
      return { action: { kind: 'send-native', to, amount: value }, value, contract, warnings }
    }
    const site: CallSite = { from, to, value, resolvers, inner: (inside) => explainCall(inside, depth + 1) }
    const { action, warnings } = await meaningOf(data, site)
    return { action, value, contract, warnings: [...warnings, ...common] }
  }

  async function meaningOf(data: Hex, site: CallSite): Promise<Meaning> {
    const selector = selectorOf(data)
    if (selector.length < 10) return unknownCall(data, site.to, null)
    const argumentBytes = fromHex(`0x${data.slice(10)}`, 'data')
    try {
      const found = table.known(selector)
      if (found) {
        const { values, rest } = decodeParameters(found.abi.parameters, argumentBytes)
        const meaning = await found.known.explain(argumentsOf(found.abi.parameters, values), site)
        if (meaning) return withRest(meaning, rest, site.to)
      }
      const described = table.described(selector, resolvers.chainId, site.to)
      if (described) {
        const { values, rest } = decodeParameters(described.format.function.parameters, argumentBytes)
        return withRest(await describe(described.format, described.bound, values, site), rest, site.to)
      }
    } catch (error) {
      if (!(error instanceof UnreadableData)) throw error
      return unknownCall(data, site.to, error.message)
    }
    return unknownCall(data, site.to, null)
  }

  return { explain: (call) => explainCall(call, 0) }
}

function unknownCall(data: Hex, to: Hex, refused: string | null): Meaning {
  return { action: unknown(data, refused), warnings: [warning('unknown-call', to)] }
}

function unknown(data: Hex, refused: string | null): Action {
  const selector = selectorOf(data)
  return {
    kind: 'unknown-call',
    selector: selector.length === 10 ? selector : null,
    bytes: (data.length - 2) / 2,
    refused,
  }
}

/** Bytes behind the arguments: most contracts ignore them, and some are made to read them. */
function withRest(meaning: Meaning, rest: Uint8Array, to: Hex): Meaning {
  if (rest.length === 0) return meaning
  return { ...meaning, warnings: [...meaning.warnings, warning('data-behind', to)] }
}

/** The low addresses have no code, and yet compute. */
const isPrecompile = (to: Hex): boolean => BigInt(to) > 0n && BigInt(to) <= 0xffffn
