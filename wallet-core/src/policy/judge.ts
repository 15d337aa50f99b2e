/** Whether a policy allows something. Pure: who asks, what was spent and the time are given. */
import type { Hex } from '@glowworm/light-client'
import { PRODUCT } from '@glowworm/light-client/product'
import { DAYS, type Day, type Limit, type Policy, type Window } from './policy.ts'
import { type Outgoing, spent } from './spending.ts'

export interface Act {
  /** JSON-RPC name. */
  readonly method: string
  readonly chainId: number
  /** Who is to act; null while nobody is chosen, as when a site connects. */
  readonly account: Hex | null
  readonly transaction: Outgoing | null
  /** Of typed data: the contract in its domain. */
  readonly verifyingContract: Hex | null
}

/** A transaction that was signed under the same policy. `at`: ms since the epoch. */
export interface Past extends Outgoing {
  readonly at: number
}

export type Verdict =
  | { readonly verdict: 'allow' }
  /** Somebody has to say yes a second time. */
  | { readonly verdict: 'ask-again'; readonly why: string }
  /** `own`: by what the owner laid down for the whole wallet. */
  | { readonly verdict: 'refuse'; readonly why: string; readonly own?: true }

/** What concerns a person and no account: it moves nothing. */
export const IDENTITY_METHODS = {
  authenticate: `${PRODUCT.slug}_authenticate`,
  present: `${PRODUCT.slug}_present`,
} as const
const MOVES_NOTHING: readonly string[] = ['eth_requestAccounts', 'personal_sign', ...Object.values(IDENTITY_METHODS)]
/** Everything but this comes by signing something whose effect nobody counts. */
const COUNTED = [...MOVES_NOTHING, 'eth_sendTransaction']

/** @param now ms since the epoch */
export function judge(policy: Policy, act: Act, past: readonly Past[], now: number): Verdict {
  const why = refusalOf(policy, act, past, now)
  if (why !== null) return { verdict: 'refuse', why }
  const { methods, above } = policy.secondApproval ?? {}
  if (methods?.includes(act.method)) return { verdict: 'ask-again', why: `${act.method} is always asked twice` }
  for (const { asset, most } of above ?? []) {
    const amount = act.transaction === null ? 0n : spent(asset, act.transaction)
    if (amount === null || amount > most) return { verdict: 'ask-again', why: `more than ${most} of ${asset} leaves` }
  }
  return { verdict: 'allow' }
}

function refusalOf(policy: Policy, act: Act, past: readonly Past[], now: number): string | null {
  const { methods, chains, accounts, limits, windows, expiresAt } = policy
  if (expiresAt !== undefined && now >= expiresAt) return 'the policy has expired'
  if (windows && !windows.some((window) => isOpen(window, now))) return 'it is not allowed at this time'
  if (methods && !methods.includes(act.method)) return `${act.method} is not allowed`
  if (chains && !chains.includes(act.chainId)) return `chain ${act.chainId} is not allowed`
  if (accounts && act.account !== null && !accounts.includes(act.account)) return 'this account is not allowed'
  const where = placeRefused(policy, act)
  if (where !== null) return where
  // A signature can move money later, and no limit sees it; whoever wants it none the less names it.
  if (limits && limits.length > 0 && !COUNTED.includes(act.method) && !methods?.includes(act.method))
    return `${act.method} could spend what no limit counts`
  for (const limit of limits ?? []) {
    const over = act.transaction === null ? null : overrun(limit, act.transaction, past, now)
    if (over !== null) return over
  }
  return null
}

function placeRefused({ contracts }: Policy, { method, transaction, verifyingContract }: Act): string | null {
  if (!contracts) return null
  if (transaction === null) {
    if (MOVES_NOTHING.includes(method)) return null
    return contracts.some(({ address }) => address === verifyingContract) ? null : 'this contract is not allowed'
  }
  const allowed = contracts.filter(({ address }) => address === transaction.to)
  if (allowed.length === 0)
    return transaction.to === null ? 'creating contracts is not allowed' : 'this recipient is not allowed'
  const selector = transaction.data === '0x' ? '0x' : transaction.data.slice(0, 10).toLowerCase()
  const fits = allowed.some(({ selectors }) => selectors === undefined || selectors.some((one) => one === selector))
  return fits ? null : `calling ${selector} there is not allowed`
}

function overrun(
  { asset, most, per }: Limit,
  transaction: Outgoing,
  past: readonly Past[],
  now: number,
): string | null {
  const amount = spent(asset, transaction)
  if (amount === null) return `how much of ${asset} leaves cannot be told`
  if (amount === 0n) return null
  if (per === 'transaction') return amount > most ? `more than ${most} of ${asset} in one transaction` : null
  let sum = amount
  // An amount that could not be told cannot have been allowed under this limit; under an older one it counts as all.
  for (const one of past) if (one.at > now - per * 1000) sum += spent(asset, one) ?? most
  return sum > most ? `more than ${most} of ${asset} within ${per} seconds` : null
}

/** UTC. */
function isOpen({ days, from, to }: Window, now: number): boolean {
  const minutes = Math.floor(now / 60_000) % (24 * 60)
  const today = dayOf(now)
  if (from < to) return days.includes(today) && minutes >= from && minutes < to
  // Over midnight: the evening of a day that is named, or the morning after it.
  return (days.includes(today) && minutes >= from) || (days.includes(dayOf(now - 86_400_000)) && minutes < to)
}

/** The first of January 1970 was a Thursday. */
const dayOf = (instant: number): Day => DAYS[(Math.floor(instant / 86_400_000) + 4) % 7]!
