/** The four questions that are answered by executing, as claims. @module */
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import type { Answer, Caller, LightClient } from './light-client.ts'

type Prove = <C extends CallClaim>(claim: C, options: Caller) => Promise<Answer<CallValues[C['type']]>>

export function callsOf(prove: Prove): Pick<LightClient, 'call' | 'estimateGas' | 'createAccessList' | 'simulate'> {
  return {
    call: (call, { signal, asker, ...at } = {}) =>
      prove({ type: 'call', ...AT_FINALITY, ...at, call }, { signal, asker }),
    estimateGas: (call, { signal, asker, ...at } = {}) =>
      prove({ type: 'gas_estimate', ...AT_FINALITY, ...at, call }, { signal, asker }),
    createAccessList: (call, { signal, asker, ...at } = {}) =>
      prove({ type: 'access_list', ...AT_FINALITY, ...at, call }, { signal, asker }),
    simulate: (blocks, { signal, asker, ...at } = {}) =>
      prove(
        { type: 'simulation', ...AT_FINALITY, traceTransfers: false, validation: false, ...at, blocks },
        { signal, asker },
      ),
  }
}

const AT_FINALITY = { at: 'finalized' } as const
