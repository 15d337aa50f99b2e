/** The smart contract layer: a local EVM over proven state. Everything that loads the EVM library is reached from here. @module */
import { GlowwormError } from '../errors.ts'
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import { createAccessList } from './access-list.ts'
import type { ProvenGround } from './contract-layer.ts'
import { estimateGas } from './estimate-gas.ts'
import { executeCall } from './execute.ts'
import { simulate } from './simulate.ts'

/** See `ContractLayer`. */
export async function execute(ground: ProvenGround, claim: CallClaim): Promise<CallValues[CallClaim['type']]> {
  try {
    switch (claim.type) {
      case 'call':
        return await executeCall(ground, claim)
      case 'gas_estimate':
        return await estimateGas(ground, claim)
      case 'access_list':
        return await createAccessList(ground, claim)
      case 'simulation':
        return await simulate(ground, claim)
    }
  } catch (cause) {
    throw cause instanceof GlowwormError ? cause : new ExecutionFault(cause)
  }
}

/** The EVM itself failed: nothing is known about the call. */
export class ExecutionFault extends GlowwormError {
  constructor(cause: unknown) {
    super(
      { name: 'Contract.ExecutionFault', code: 'EXECUTION_FAULT', kind: 'unprovable' },
      `the call could not be executed: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, next: 'Please report it.' },
    )
  }
}
