/**
 * The evidence behind an answer, for sites that do not want to take the wallet's word for it. `glowworm_answer` says how
 * an answer was proven; `glowworm_prove` gives a proof receipt (docs/receipts.md) that anybody checks offline.
 */
import { base64 } from '@scure/base'
import type { Core } from '../facade/core.ts'
import { visibleAccounts } from './accounts-methods.ts'
import { invalidParams, RPC, RpcError } from './errors.ts'
import type { Params } from './parameters.ts'

/** Questions in one receipt. */
const MOST_QUESTIONS = 16

/**
 * Only for sites that are let in: a receipt costs the sources a whole start.
 * @param params `[[method, params], …]` @returns `{ receipt, answers }`: the CBOR file in base64, and what it proves
 */
export async function prove(
  core: Core,
  origin: string,
  params: Params,
): Promise<{ receipt: string; answers: unknown[] }> {
  const { prove: makeReceipt } = core.ports
  if (!makeReceipt) throw new RpcError(RPC.unsupportedMethod, 'This wallet cannot make proof receipts.')
  if (visibleAccounts(core, origin).length === 0)
    throw new RpcError(RPC.unauthorized, 'Only sites that are connected can ask for proof receipts.')
  if (params.length === 0 || params.length > MOST_QUESTIONS)
    throw invalidParams(`expected 1 to ${MOST_QUESTIONS} questions, each a method and a list of parameters`)
  const questions = params.map((question, i) => {
    if (!Array.isArray(question) || question.length !== 2)
      throw invalidParams(`question ${i}: expected a method and a list of parameters`)
    const [method, of] = question as unknown[]
    if (typeof method !== 'string' || !Array.isArray(of))
      throw invalidParams(`question ${i}: expected a method and a list of parameters`)
    return { method, params: of as unknown[] }
  })
  // Says what is the matter when nothing is followed yet, before anybody is asked.
  core.connection.client()
  const { file, answers } = await makeReceipt(questions)
  return { receipt: base64.encode(file), answers: [...answers] }
}
