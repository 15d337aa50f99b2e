/**
 * Executes a transaction on proven state and reads off what it does to the account. Twice: first to see which contracts
 * it touches, then between two looks at the account's balances there. A log can tell anything; balances are compared.
 * @module
 */
import type { Hex } from '@glowworm/light-client'
import type { BlockOverrides, CallRequest, SimulatedCall } from '@glowworm/light-client/ledgers/ethereum/call-claims'
import type { Shown } from '../../facade/facade.ts'
import { encodeCall } from '../abi/encode.ts'
import { allowanceOf } from '../functions/allowances.ts'
import { PERMIT2 } from '../functions/permit2-functions.ts'
import type { ExplainedCall } from '../intent.ts'
import { derived, provenValue, type Resolvers } from '../resolvers.ts'
import { readToken } from '../tokens.ts'
import { failureOf } from './failure.ts'
import { createLogReader, type Told } from './logs.ts'
import { NOTHING, type Outcome, type Permission, type TokenChange } from './outcome.ts'

export interface Simulator extends Resolvers {
  /** Executes calls one after another in the block that would follow. Does not reject. */
  simulate(calls: readonly CallRequest[], block: BlockOverrides): Promise<Shown<readonly SimulatedCall[]>>
}

/** On which terms it is executed: those it would be included on, so that no contract can tell the two apart by them. */
export interface Terms {
  readonly gas: bigint
  /** What each gas costs, and the base fee in it; null where the account could not pay it. */
  readonly price: { readonly perGas: bigint; readonly baseFee: bigint } | null
  /** Any word: what a block's randomness looks like. */
  readonly prevRandao: Hex
}

/** Contracts looked at for balances, and permissions looked up. */
const MOST_LOOKS = 24
const LOOK_GAS = 300_000n
/** Intrinsic gas of a transfer without data (EIP-2028). */
const TRANSFER_GAS = 21_000n

export async function simulateOutcome(
  call: ExplainedCall,
  terms: Terms,
  simulator: Simulator,
): Promise<Shown<Outcome>> {
  const { from, to, value, data } = call
  if (to !== null && data === '0x' && BigInt(to) > 0xffffn) {
    // No code runs: what happens follows from that alone.
    const code = await simulator.code(to)
    if (provenValue(code) === '0x')
      return derived(code, () => ({ ...NOTHING, gasUsed: TRANSFER_GAS, native: to === from ? 0n : -value }))
  }
  const { gas, price, prevRandao } = terms
  const request: CallRequest = { from, to, value, data, gas, ...(price ? { gasPrice: price.perGas } : {}) }
  const block: BlockOverrides = { prevRandao, ...(price ? { baseFeePerGas: price.baseFee } : {}) }
  const first = await simulator.simulate([request], block)
  const [seen] = provenValue(first) ?? []
  if (!seen) return first as Shown<never>
  if (seen.status !== 'success')
    return derived(first, () => ({ ...NOTHING, failure: failureOf(seen), gasUsed: seen.gasUsed }))

  const readLogs = createLogReader(simulator.keccak256)
  const told = readLogs(seen.logs, from)
  const contracts = [...new Set([...seen.logs.map(({ address }) => address), ...(to === null ? [] : [to])])]
    .filter((address) => !told.collections.has(address))
    .slice(0, MOST_LOOKS)
  const allowed = told.permissions.flatMap((one) => (one.kind === 'token' ? [one] : [])).slice(0, MOST_LOOKS)
  const look = (at: Hex, signature: string, values: readonly Hex[]): CallRequest => ({
    from,
    to: at,
    gas: LOOK_GAS,
    data: encodeCall(signature, values, simulator.keccak256),
  })
  const balances = contracts.map((address) => look(address, 'balanceOf(address)', [from]))
  const allowances = allowed.map(({ token, spender }) => look(token, 'allowance(address,address)', [from, spender]))
  const second = await simulator.simulate([...balances, request, ...balances, ...allowances], block)
  const results = provenValue(second)
  if (!results) return second as Shown<never>
  const done = results[contracts.length]!
  if (done.status !== 'success')
    // Looking cannot change what it looks at, but for gas and what was read before.
    return derived(second, () => ({ ...NOTHING, failure: failureOf(done), gasUsed: done.gasUsed }))
  const after = results.slice(contracts.length + 1)
  const numbers = (list: readonly SimulatedCall[]) => list.map(numberOf)
  const before = numbers(results.slice(0, contracts.length))
  const final = readLogs(done.logs, from)
  const own = done.changes.find(({ address }) => address === from)
  const [{ tokens, contradicted }, permissions] = await Promise.all([
    tokenChanges(contracts, before, numbers(after.slice(0, contracts.length)), final, simulator),
    permissionsOf(final, allowed, numbers(after.slice(contracts.length)), simulator),
  ])
  return derived(second, () => ({
    failure: null,
    gasUsed: done.gasUsed,
    native: (own?.after?.balance ?? 0n) - (own?.before?.balance ?? 0n) + done.gasUsed * (price?.perGas ?? 0n),
    tokens,
    nfts: final.nfts,
    permissions,
    created: done.created,
    ownCode: own !== undefined && own.before?.codeHash !== own.after?.codeHash,
    contradicted,
  }))
}

async function tokenChanges(
  contracts: readonly Hex[],
  before: readonly (bigint | null)[],
  after: readonly (bigint | null)[],
  told: Told,
  resolvers: Resolvers,
): Promise<Pick<Outcome, 'tokens' | 'contradicted'>> {
  const contradicted: Hex[] = []
  const addresses = [...new Set([...contracts, ...told.tokens.keys()])]
  const changes = addresses.map(async (address): Promise<TokenChange[]> => {
    const place = contracts.indexOf(address)
    const [was, is, logged] = [before[place] ?? null, after[place] ?? null, told.tokens.get(address)]
    const counted = was !== null && is !== null ? is - was : null
    if (counted !== null && logged !== undefined && logged !== counted) contradicted.push(address)
    const change = counted ?? logged ?? 0n
    if (change === 0n) return []
    return [{ token: await readToken(address, resolvers), change, told: counted === null ? 'log' : 'balance' }]
  })
  return { tokens: (await Promise.all(changes)).flat(), contradicted }
}

async function permissionsOf(
  told: Told,
  looked: readonly { readonly token: Hex; readonly spender: Hex }[],
  allowances: readonly (bigint | null)[],
  resolvers: Resolvers,
): Promise<Permission[]> {
  const each = told.permissions.map(async (one): Promise<Permission> => {
    if (one.kind === 'nft' || one.kind === 'all') return one
    const place = looked.findIndex(({ token, spender }) => token === one.token && spender === one.spender)
    const held = one.kind === 'token' ? (allowances[place] ?? one.amount) : one.amount
    const bits = one.kind === 'token' ? 256 : 160
    const token = await readToken(one.token, resolvers)
    const { amount, until } = allowanceOf(held, bits, one.kind === 'permit2' ? one.until : null)
    return {
      kind: 'token',
      token,
      spender: one.spender,
      amount,
      until,
      through: one.kind === 'permit2' ? PERMIT2 : null,
    }
  })
  return Promise.all(each)
}

function numberOf({ status, returnData }: SimulatedCall): bigint | null {
  return status === 'success' && returnData.length === 66 ? BigInt(returnData) : null
}
