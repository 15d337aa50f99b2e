/** The least gas a call succeeds with, by bisection under geth's rules (`eth/gasestimator`). @module */
import { toHex } from '../data/hex.ts'
import type { BlockOverrides, CallRequest, GasEstimate, StateOverrides } from '../ledgers/ethereum/call-claims.ts'
import { isAtLeast } from './block-context.ts'
import { CallRefused } from './call-refused.ts'
import type { ProvenGround } from './contract-layer.ts'
import { type Bench, prepare } from './execute.ts'
import { GAS_PER_BLOB, MAX_TX_GAS, TX_GAS } from './intrinsic-gas.ts'
import { addressOf } from './machine.ts'
import { CALL_GAS_CAP, messageOf } from './message.ts'
import type { Message, TransactionResult } from './transaction.ts'
import type { Work } from './work.ts'

/** The bisection ends when what is left is this part of the estimate, in thousandths. */
const TOLERANCE = 15n
/** What a call with value passes on for free; it may be needed although it does not count as used. */
const CALL_STIPEND = 2300n

/** @throws {CallRefused | MissingEvidence} */
export async function estimateGas(
  ground: ProvenGround,
  claim: { call: CallRequest; stateOverrides?: StateOverrides; blockOverrides?: BlockOverrides },
  work?: Work,
): Promise<GasEstimate> {
  const bench = await prepare(ground, claim, work)
  const { call } = claim
  const message = messageOf(call, bench.block)
  const done = (gas: bigint): GasEstimate => ({ gas, failure: null, reads: bench.state.reads() })
  const succeeds = async (gas: bigint) => (await attempt(bench, message, gas))?.status === 'success'

  if (message.data.length === 0 && message.to !== null) {
    const isPlain = (await bench.machine.overlay.getCode(addressOf(message.to))).length === 0
    if (isPlain && (await succeeds(TX_GAS))) return done(TX_GAS)
  }
  let high = highestGas(bench, call, message)
  const first = await attempt(bench, message, high)
  if (first?.status !== 'success') {
    const { status = 'halt', halt = 'out of gas' } = first ?? {}
    const exhausted = halt === 'out of gas' ? `gas required exceeds allowance (${high})` : halt
    const returnData = toHex(first?.returnData ?? new Uint8Array(0))
    return { gas: null, failure: { status, halt: exhausted, returnData }, reads: bench.state.reads() }
  }
  let low = first.gasUsed - 1n
  const likely = ((first.peakGas + CALL_STIPEND) * 64n) / 63n
  if (likely < high) {
    if (await succeeds(likely)) high = likely
    else low = likely
  }
  while (low + 1n < high) {
    if ((high - low) * 1000n < high * TOLERANCE) break
    const middle = (high + low) / 2n
    // Most calls need little more than they use, so the search leans to the low side.
    const next = middle > low * 2n ? low * 2n : middle
    if (await succeeds(next)) high = next
    else low = next
  }
  return done(high)
}

/** Null: the gas does not even pay for what the transaction costs before it starts. */
async function attempt(bench: Bench, message: Message, gas: bigint): Promise<TransactionResult | null> {
  try {
    return await bench.run({ ...message, gas })
  } catch (cause) {
    if (cause instanceof CallRefused && cause.reason === 'intrinsic-gas') return null
    throw cause
  }
}

/** The most that may be tried: of the call, the block, the fork, and the sender's purse. @throws {CallRefused} */
function highestGas({ block, machine }: Bench, call: CallRequest, message: Message): bigint {
  let high = call.gas !== undefined && call.gas >= TX_GAS ? call.gas : block.gasLimit
  if (isAtLeast(block.hardFork, 'osaka') && high > MAX_TX_GAS) high = MAX_TX_GAS
  if (message.maxFeePerGas > 0n) {
    const balance = machine.overlay.account(message.from)?.balance ?? 0n
    const blobs = BigInt(message.blobVersionedHashes.length) * GAS_PER_BLOB * message.maxFeePerBlobGas
    const available = balance - message.value - blobs
    if (available < 0n)
      throw new CallRefused('funds', `insufficient funds for transfer: address ${message.from} has ${balance}`)
    const affordable = available / message.maxFeePerGas
    if (affordable < high) high = affordable
  }
  return high > CALL_GAS_CAP ? CALL_GAS_CAP : high
}
