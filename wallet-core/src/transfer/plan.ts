/**
 * Plans a transaction: what would be signed, each figure with where it comes from, and whether it may be signed.
 * Proven: balance, nonce, base fee, whether the recipient has code, and the gas of a call where it can be executed here.
 * Hearsay within bounds: tip, what others hold pending, and the gas where execution is out of reach. Planning again with `previous` keeps what was shown unless it no longer holds.
 * @module
 */
import type { Account, Answer, Hex, LightClient } from '@glowworm/light-client'
import { PRODUCT } from '@glowworm/light-client'
import type { Engines } from '@glowworm/wasm-core'
import { tokenMoveIn } from '../assets/transfer-call.ts'
import { problemOf, WalletError } from '../errors.ts'
import type { Fees, Problem, Shown } from '../facade/facade.ts'
import type { Handles } from '../facade/handles.ts'
import { figure, shownAttested, shownProven } from '../facade/shown.ts'
import { type Eip1559Transaction, signedLength } from '../signing/transaction.ts'
import {
  AmountAboveBalance,
  CallFails,
  CommittedElsewhere,
  FeeAboveBalance,
  GasUnknown,
  NotProven,
  TooLargeForPeers,
} from './errors.ts'
import { atLeast } from './fee-options.ts'
import { boundedGas, boundedTip, DEFAULT_TIP, feeLimit, MOST_GAS, MOST_PENDING, TRANSFER_GAS } from './fees.ts'
import { longestTransaction } from './longest-transaction.ts'
import { NumberUsed, type Replaced, ReplacementTooCheap } from './replacement.ts'

export interface TransferRequest {
  readonly from: Hex
  readonly to: Hex | null
  readonly value: bigint
  readonly data: Hex
  /** What a site proposes; the wallet's own figures stand in for what is absent. */
  readonly proposed: {
    readonly by: string
    readonly gasLimit: bigint | null
    readonly maxFeePerGas: bigint | null
    readonly maxPriorityFeePerGas: bigint | null
  } | null
  /** What the user set, instead of anything suggested. */
  readonly fees?: Fees | null
  /** What another wallet has shown and will send itself: signed exactly so, and not sent from here. */
  readonly exactly?: ExactTerms
  /** The transaction under way whose place it is to take. */
  readonly replaces?: Replaced | null
}

/** Every figure that is not already in the request. */
export interface ExactTerms extends Fees {
  readonly nonce: bigint
  readonly gasLimit: bigint
}

/** What the wallet itself has under way from this account. */
export interface OwnPending {
  /** The lowest nonce above all of them, or null when there are none. */
  readonly nextNonce: bigint | null
  /** wei that can still leave with them. */
  readonly committed: bigint
}

export interface Warning {
  readonly code: string
  readonly message: string
}

export interface Plan {
  readonly transaction: Eip1559Transaction
  readonly balance: Shown<bigint>
  readonly nonce: Shown<bigint>
  readonly baseFeePerGas: Shown<bigint>
  readonly maxPriorityFeePerGas: Shown<bigint>
  readonly gasLimit: Shown<bigint>
  readonly mostThatLeaves: bigint
  readonly warnings: readonly Warning[]
  readonly blocked: Problem | null
}

export interface Planner {
  readonly client: LightClient
  readonly handles: Handles
  readonly hashes: Engines['hashes']
  readonly chainId: number
  readonly now: number
}

/** keccak256 of nothing: the code hash of an account without code. */
const NO_CODE = '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'
const OWN = `${PRODUCT.name} itself`

/** @throws {NotProven} when balance, nonce or base fee cannot be proven now. */
export async function planTransaction(
  planner: Planner,
  request: TransferRequest,
  ownPending: (provenNonce: bigint) => OwnPending,
  previous: Plan | null,
): Promise<Plan> {
  const { client, handles } = planner
  const holder = tokenMoveIn(request.to, request.data)?.recipient ?? null
  const [sender, base, recipient, receiver] = await proven(
    Promise.all([
      client.account(request.from, 'optimistic'),
      client.baseFee(),
      request.to === null ? null : client.account(request.to, 'optimistic'),
      holder === null ? null : client.account(holder, 'optimistic'),
    ]),
  )
  const warnings: Warning[] = []
  if (holder !== null && receiver !== null && !isPlain(holder, receiver.verified.value))
    warnings.push({
      code: 'TOKEN_TO_CONTRACT',
      message: 'The recipient is a contract: many contracts cannot give tokens back.',
    })
  const own = ownPending(sender.verified.value.nonce)
  const replaces = request.replaces ?? null
  const baseFee = base.verified.value
  const fees = await chooseFees(planner, request, baseFee, previous, warnings)
  const nonce = await chooseNonce(planner, request, sender, own, previous, warnings)
  const gas = await chooseGas(planner, request, recipient, previous, warnings)
  const gasLimit = figure(gas.shown) ?? TRANSFER_GAS
  const mostThatLeaves = request.value + gasLimit * fees.maxFeePerGas
  const balance = sender.verified.value.balance
  const transaction: Eip1559Transaction = {
    type: 'eip1559',
    chainId: planner.chainId,
    nonce: figure(nonce) ?? sender.verified.value.nonce,
    maxPriorityFeePerGas: figure(fees.tip) ?? 0n,
    maxFeePerGas: fees.maxFeePerGas,
    gasLimit,
    to: request.to,
    value: request.value,
    data: request.data,
  }
  return {
    transaction,
    balance: shownProven(sender, handles, (account) => account.balance),
    nonce,
    baseFeePerGas: shownProven(base, handles, (fee) => fee),
    maxPriorityFeePerGas: fees.tip,
    gasLimit: gas.shown,
    mostThatLeaves,
    warnings,
    blocked:
      (request.exactly && sender.verified.value.nonce > request.exactly.nonce ? new NumberUsed().problem : null) ??
      (replaces && outbids(replaces, sender.verified.value.nonce, fees, figure(fees.tip) ?? 0n)) ??
      coverage(request.value, mostThatLeaves, balance, own.committed) ??
      sendable(planner, transaction) ??
      gas.blocked,
  }
}

/** True when signing the new plan would do something else than signing the old one. */
export function differs(a: Plan, b: Plan): boolean {
  const essence = ({ transaction, blocked }: Plan) =>
    JSON.stringify([...Object.values(transaction).map(String), blocked?.code ?? null])
  return essence(a) !== essence(b)
}

function coverage(value: bigint, most: bigint, balance: bigint, committed: bigint): Problem | null {
  if (value > balance) return new AmountAboveBalance(value, balance).problem
  if (most > balance) return new FeeAboveBalance(most, balance).problem
  return most + committed > balance ? new CommittedElsewhere().problem : null
}

/** Why no source would pass it on; null when one may. Nobody is asked for a signature that goes nowhere. */
function sendable({ client, hashes }: Planner, transaction: Eip1559Transaction): Problem | null {
  const most = longestTransaction(client.sources)
  if (most === null) return null
  const size = signedLength(transaction, hashes)
  return size > most ? new TooLargeForPeers(size, most).problem : null
}

/** Why it could not take the other's place; null when it can. */
function outbids(
  { nonce, least }: Replaced,
  provenNonce: bigint,
  { maxFeePerGas }: { maxFeePerGas: bigint },
  tip: bigint,
): Problem | null {
  if (provenNonce > nonce) return new NumberUsed().problem
  const enough = maxFeePerGas >= least.maxFeePerGas && tip >= least.maxPriorityFeePerGas
  return enough ? null : new ReplacementTooCheap(least).problem
}

async function chooseFees(
  planner: Planner,
  request: TransferRequest,
  baseFee: bigint,
  previous: Plan | null,
  warnings: Warning[],
): Promise<{ tip: Shown<bigint>; maxFeePerGas: bigint }> {
  const set = request.exactly ?? request.fees
  if (set) return setFees(set, askerOf(request) ?? CHOSEN_BY_USER, baseFee, planner.now, warnings)
  const before = previous && figure(previous.maxPriorityFeePerGas)
  if (previous && before !== null && previous.transaction.maxFeePerGas >= baseFee + baseFee / 8n + before!) {
    warnings.push(...previous.warnings.filter(({ code }) => code.startsWith('TIP_') || code.startsWith('FEE_')))
    return { tip: previous.maxPriorityFeePerGas, maxFeePerGas: previous.transaction.maxFeePerGas }
  }
  const { proposed } = request
  const suggested = proposed?.maxPriorityFeePerGas ?? null
  const hint =
    suggested !== null && proposed !== null
      ? { value: suggested, by: proposed.by, checkedAt: planner.now }
      : await planner.client.tipHint().catch(() => ({ value: DEFAULT_TIP, by: OWN, checkedAt: planner.now }))
  const bounds = boundedTip(hint.value, baseFee)
  const { cut } = bounds
  const raise = request.replaces?.least ?? NO_FEES
  const { maxPriorityFeePerGas: tip } = atLeast({ maxFeePerGas: 0n, maxPriorityFeePerGas: bounds.tip }, raise)
  if (cut)
    warnings.push({
      code: 'TIP_LIMITED',
      message: `${hint.by} suggested a tip of ${hint.value} wei; it was limited to ${tip} wei.`,
    })
  const suggestion = { maxFeePerGas: proposed?.maxFeePerGas ?? feeLimit(baseFee, tip), maxPriorityFeePerGas: tip }
  const limit = request.replaces ? atLeast(suggestion, raise).maxFeePerGas : suggestion.maxFeePerGas
  const most = 10n * feeLimit(baseFee, tip)
  if (limit > most)
    warnings.push({
      code: 'FEE_HIGH',
      message: `${proposed?.by ?? OWN} proposes a fee limit far above what the network asks.`,
    })
  if (limit < baseFee)
    warnings.push({
      code: 'FEE_LOW',
      message: 'The proposed fee limit is below the base fee: it may never be included.',
    })
  const bounded = lesser(tip, limit)
  return {
    tip: {
      kind: 'attested',
      value: bounded,
      by: cut ? `${hint.by}, limited by ${OWN}` : hint.by,
      checkedAt: hint.checkedAt,
    },
    maxFeePerGas: limit,
  }
}

const NO_FEES: Fees = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
/** Who chose a figure that the person in front of the screen has set. */
export const CHOSEN_BY_USER = 'you'

/** Who asks for exactly these figures; null where nobody does. */
const askerOf = ({ exactly, proposed }: TransferRequest): string | null => (exactly && proposed ? proposed.by : null)

function setFees(fees: Fees, by: string, baseFee: bigint, now: number, warnings: Warning[]) {
  const { maxFeePerGas, maxPriorityFeePerGas } = fees
  if (maxFeePerGas < baseFee)
    warnings.push({ code: 'FEE_LOW', message: 'The fee limit is below the base fee: it may never be included.' })
  if (maxFeePerGas > 10n * feeLimit(baseFee, DEFAULT_TIP))
    warnings.push({ code: 'FEE_HIGH', message: 'The fee limit is far above what the network asks.' })
  const tip: Shown<bigint> = { kind: 'attested', value: maxPriorityFeePerGas, by, checkedAt: now }
  return { tip, maxFeePerGas }
}

async function chooseNonce(
  planner: Planner,
  request: TransferRequest,
  sender: Answer<Account>,
  own: OwnPending,
  previous: Plan | null,
  warnings: Warning[],
): Promise<Shown<bigint>> {
  const lowest = sender.verified.value.nonce
  const asker = askerOf(request)
  if (request.exactly && asker)
    return { kind: 'attested', value: request.exactly.nonce, by: asker, checkedAt: planner.now }
  if (request.replaces) return { kind: 'attested', value: request.replaces.nonce, by: OWN, checkedAt: planner.now }
  const onChain = shownProven(sender, planner.handles, (account) => account.nonce)
  const fromOwn: Shown<bigint> | null =
    own.nextNonce !== null && own.nextNonce > lowest
      ? { kind: 'attested', value: own.nextNonce, by: OWN, checkedAt: planner.now }
      : null
  const best = fromOwn ?? onChain
  const said =
    previous?.nonce.kind === 'attested' && previous.nonce.by !== OWN
      ? previous.nonce
      : previous
        ? null
        : await planner.client.pendingNonce(request.from).then(shownAttested, () => null)
  const pending = said && figure(said)
  if (pending === null || pending <= (figure(best) ?? lowest)) return best
  if (pending <= lowest + MOST_PENDING) return said!
  warnings.push({
    code: 'NONCE_CLAIM_IGNORED',
    message: `A source claims ${pending - lowest} transactions under way; that was not believed.`,
  })
  return best
}

async function chooseGas(
  planner: Planner,
  request: TransferRequest,
  recipient: Answer<Account> | null,
  previous: Plan | null,
  warnings: Warning[],
): Promise<{ shown: Shown<bigint>; blocked: Problem | null }> {
  const plain = recipient !== null && request.to !== null && isPlain(request.to, recipient.verified.value)
  if (recipient !== null && !plain && request.data === '0x')
    warnings.push({
      code: 'RECIPIENT_IS_CONTRACT',
      message: 'The recipient is a contract: what it does with the amount is up to its code.',
    })
  if (plain && request.data !== '0x')
    warnings.push({ code: 'DATA_TO_PLAIN_ADDRESS', message: 'Data is sent to an address that has no code to read it.' })
  const asker = askerOf(request)
  if (request.exactly && asker) {
    const value = request.exactly.gasLimit
    return { shown: { kind: 'attested', value, by: asker, checkedAt: planner.now }, blocked: null }
  }
  if (request.replaces) {
    const value = request.replaces.gasLimit
    return { shown: { kind: 'attested', value, by: OWN, checkedAt: planner.now }, blocked: null }
  }
  const proposedGas = request.proposed?.gasLimit ?? null
  if (proposedGas !== null) {
    const value = lesser(proposedGas, MOST_GAS)
    return { shown: { kind: 'attested', value, by: request.proposed!.by, checkedAt: planner.now }, blocked: null }
  }
  if (plain && request.data === '0x')
    return { shown: shownProven(recipient, planner.handles, () => TRANSFER_GAS), blocked: null }
  if (previous && figure(previous.gasLimit) !== null) return { shown: previous.gasLimit, blocked: null }
  const unknown = (error: unknown) => ({
    shown: { kind: 'unproven', problem: problemOf(error) } as const,
    blocked: new GasUnknown(error).problem,
  })
  const { client, handles, now } = planner
  const { from, to, value, data } = request
  try {
    const estimate = await client.estimateGas({ from, to, value, data }, { at: 'optimistic' })
    const { gas, failure } = estimate.verified.value
    // That it fails is proven too: no source's better word stands against that.
    if (gas === null) return unknown(new CallFails(failure?.halt ?? null))
    if (gas > MOST_GAS) return unknown(new CallFails('it needs more gas than a transaction may use'))
    return { shown: shownProven(estimate, handles, () => boundedGas(gas)), blocked: null }
  } catch (error) {
    // No block could contain it as it stands: nobody need be asked.
    if ((error as { code?: string }).code === 'CALL_REFUSED') return unknown(error)
  }
  try {
    const hint = await client.gasHint(request)
    const by = `${hint.by}, plus a fifth; not executed here`
    return { shown: { kind: 'attested', value: boundedGas(hint.value), by, checkedAt: now }, blocked: null }
  } catch (error) {
    return unknown(error)
  }
}

function lesser(a: bigint, b: bigint): bigint {
  if (a < b) return a
  return b
}

/** Proven to have no code, and none of the low addresses that are precompiled contracts. */
export function isPlain(to: Hex, account: Account): boolean {
  return BigInt(to) > 0xffffn && (!account.exists || account.codeHash === NO_CODE)
}

async function proven<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof WalletError ? error : new NotProven(error)
  }
}
