/** The smart contract layer: a local EVM over proven state. Everything that loads the EVM library is reached from here. @module */
import type { CallClaim, CallValues } from '../ledgers/ethereum/call-claims.ts'
import { createAccessList } from './access-list.ts'
import { estimateGas } from './estimate-gas.ts'
import { executeCall, type ProvenGround } from './execute.ts'
import { simulate } from './simulate.ts'

/** @throws {CallRefused | UnknownForkRules | MissingEvidence | InvalidStateProof | InvalidCode} */
export async function execute(
  ground: ProvenGround & { readonly gasUsed: bigint },
  claim: CallClaim,
): Promise<CallValues[CallClaim['type']]> {
  switch (claim.type) {
    case 'call':
      return executeCall(ground, claim)
    case 'gas_estimate':
      return estimateGas(ground, claim)
    case 'access_list':
      return createAccessList(ground, claim)
    case 'simulation':
      return simulate(ground, claim)
  }
}
