/** Proves answers and keeps all that is needed to prove them again. @module */
import { toQuantity } from '../../data/hex.ts'
import { GlowwormError, InvalidInput } from '../../errors.ts'
import { executionOf } from '../../ledgers/ethereum/consensus.ts'
import { RPC_CODES, RpcError } from '../rpc/errors.ts'
import type { RpcAnswer } from '../rpc/method.ts'
import { METHODS } from '../rpc/methods.ts'
import { createRpc, type Rpc } from '../rpc/rpc.ts'
import { type Claim, encodeReceipt, type Receipt } from './format.ts'
import { recordingPool } from './recording-pool.ts'
import { NoHearsay, type Standing, standingClient } from './standing-client.ts'

export type Question = Pick<Claim, 'method' | 'params'>

/**
 * @returns the receipt with the answers as they were proven just now
 * @throws {InvalidInput} no question, or one that is not for a method whose answers are proven
 * @throws {NoHearsay} an answer that nobody can prove
 * @throws {GlowwormError | RpcError} when something cannot be proven
 */
export async function makeReceipt(
  questions: readonly Question[],
  options: Standing,
): Promise<{ receipt: Receipt; file: Uint8Array; answers: readonly RpcAnswer[] }> {
  if (questions.length === 0) throw new InvalidInput('claims', 'at least one is needed')
  for (const { method } of questions)
    if (!isProvable(method))
      throw new InvalidInput('method', `${method.slice(0, 64)} is not one whose answers can be proven`)
  const { profile, trust } = options
  const recording = recordingPool(options.pool)
  const { client, anchor } = await standingClient({ ...options, pool: recording.pool })
  const rpc = createRpc(client)
  const heights = {
    finalized: (await client.chain.head('finalized')).value.number,
    optimistic: executionOf(anchor.store.optimistic_header) && (await client.chain.head('optimistic')).value.number,
  }
  const claims: Claim[] = []
  const answers: RpcAnswer[] = []
  for (const question of questions) {
    const pinned = pin(question, heights.finalized, heights.optimistic ?? heights.finalized)
    const answer = await provenAnswer(rpc, pinned)
    claims.push({ ...pinned, result: answer.result })
    answers.push(answer)
  }
  const receipt: Receipt = {
    network: {
      name: profile.name,
      chainId: profile.chainId,
      genesisValidatorsRoot: profile.genesis.validatorsRoot,
    },
    checkpoint: trust.checkpoint,
    claims,
    evidence: recording.evidence(),
  }
  return { receipt, file: encodeReceipt(receipt), answers }
}

/** An answer that is proven, or none. @throws {GlowwormError} what stood in the way */
export async function provenAnswer(rpc: Rpc, question: Question): Promise<RpcAnswer> {
  const answer = await rpc.answer(question).catch((cause: unknown) => {
    if (!(cause instanceof RpcError)) throw cause
    if (cause.cause instanceof GlowwormError) throw cause.cause
    if (cause.code === RPC_CODES.invalidParams) throw new InvalidInput(question.method.slice(0, 64), cause.message)
    throw new NoAnswer(question.method, cause)
  })
  if (answer.provenance.standing !== 'verified') throw new NoHearsay()
  return answer
}

export function isProvable(method: string): boolean {
  return Object.hasOwn(METHODS, method) && METHODS[method]!.standing === 'verified'
}

/** Where methods take the block to read at; left out it means the newest. */
const BLOCK_PARAMETER: Readonly<Record<string, number>> = {
  eth_getBalance: 1,
  eth_getTransactionCount: 1,
  eth_getCode: 1,
  eth_getStorageAt: 2,
  eth_getProof: 2,
  eth_call: 1,
  eth_estimateGas: 1,
  eth_createAccessList: 1,
  eth_getStorageValues: 1,
  eth_simulateV1: 1,
}

/** A receipt speaks of fixed blocks: names that move with the chain become numbers. */
function pin({ method, params }: Question, finalized: bigint, newest: bigint): Question {
  const at = BLOCK_PARAMETER[method]
  const whole = at !== undefined && params.length === at ? [...params, 'latest'] : params
  const number = (value: unknown): unknown => {
    if (value === 'latest') return toQuantity(newest)
    if (value === 'finalized' || value === 'safe') return toQuantity(finalized)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, number(inner)]))
  }
  return { method, params: (method === 'eth_getLogs' ? whole.map(rangeOf) : whole).map(number) }
}

/** A range of logs of which an end is left out reaches to, or begins at, the newest block. */
function rangeOf(filter: unknown): unknown {
  if (typeof filter !== 'object' || filter === null || (filter as { blockHash?: unknown }).blockHash) return filter
  const { fromBlock, toBlock } = filter as { fromBlock?: unknown; toBlock?: unknown }
  return { ...filter, fromBlock: fromBlock ?? 'latest', toBlock: toBlock ?? 'latest' }
}

/** The question has an error for an answer, for example a call that reverts; only values stand in receipts. */
export class NoAnswer extends GlowwormError {
  constructor(method: string, cause: RpcError) {
    super(
      { name: 'Receipt.NoAnswer', code: 'NO_ANSWER', kind: 'unprovable' },
      `${method.slice(0, 64)} has no answer: ${cause.message}`,
      { cause },
    )
  }
}
