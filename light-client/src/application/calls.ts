/** The four questions that are answered by executing, as claims. @module */
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import type { Answer, Cancellable, LightClient } from './light-client.ts'

type Prove = <C extends CallClaim>(claim: C, options: Cancellable) => Promise<Answer<CallValues[C['type']]>>

export function callsOf(prove: Prove): Pick<LightClient, 'call' | 'estimateGas' | 'createAccessList' | 'simulate'> {
  return {
    call: (call, { signal, ...at } = {}) => prove({ type: 'call', ...AT_FINALITY, ...at, call }, { signal }),
    estimateGas: (call, { signal, ...at } = {}) =>
      prove({ type: 'gas_estimate', ...AT_FINALITY, ...at, call }, { signal }),
    createAccessList: (call, { signal, ...at } = {}) =>
      prove({ type: 'access_list', ...AT_FINALITY, ...at, call }, { signal }),
    simulate: (blocks, { signal, ...at } = {}) =>
      prove(
        { type: 'simulation', ...AT_FINALITY, traceTransfers: false, validation: false, ...at, blocks },
        { signal },
      ),
  }
}

const AT_FINALITY = { at: 'finalized' } as const
