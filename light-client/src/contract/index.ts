/** The smart contract layer: a local EVM over proven state. Everything that loads the EVM library is reached from here. @module */
import { GlowwormError } from '../errors.ts'
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import { createAccessList } from './access-list.ts'
import type { ProvenGround } from './contract-layer.ts'
import { estimateGas } from './estimate-gas.ts'
import { executeCall } from './execute.ts'
import { simulate } from './simulate.ts'
import type { Work } from './work.ts'

/** See `ContractLayer`. */
export async function execute(
  ground: ProvenGround,
  claim: CallClaim,
  work?: Work,
): Promise<CallValues[CallClaim['type']]> {
  const end = work?.begin()
  try {
    return await run(ground, claim, work)
  } catch (cause) {
    if (cause instanceof GlowwormError || (work?.signal.aborted && cause === work.signal.reason)) throw cause
    throw new ExecutionFault(cause)
  } finally {
    end?.()
  }
}

function run(ground: ProvenGround, claim: CallClaim, work?: Work): Promise<CallValues[CallClaim['type']]> {
  switch (claim.type) {
    case 'call':
      return executeCall(ground, claim, work)
    case 'gas_estimate':
      return estimateGas(ground, claim, work)
    case 'access_list':
      return createAccessList(ground, claim, work)
    case 'simulation':
      return simulate(ground, claim, work)
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
