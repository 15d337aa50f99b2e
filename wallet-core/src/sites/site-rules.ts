/** What the user has laid down for a site, connected or not: pure changes to the records, and the judgement by them. */
import type { Hex } from '@glowworm/light-client'
import { fromHex } from '@glowworm/light-client/data/hex'
import { decodeTransaction } from '@glowworm/light-client/ledgers/ethereum/transaction'
import type { Engines } from '@glowworm/wasm-core'
import { activityOf, MOST_ENTRIES } from '../activity/activity.ts'
import { WalletError } from '../errors.ts'
import type { Approval, SiteRule } from '../facade/facade.ts'
import { type Act, IDENTITY_METHODS, judge, type Past, type Verdict } from '../policy/judge.ts'
import type { Policy } from '../policy/policy.ts'
import type { Records } from '../vault/content.ts'

const MOST_RULES = 1000

export function ruleOf(records: Records, origin: string): SiteRule | null {
  return records.siteRules?.find((rule) => rule.origin === origin) ?? null
}

/** A rule that says nothing is none. @throws {TooManyRules} */
export function withRule(records: Records, rule: SiteRule): Records {
  const others = (records.siteRules ?? []).filter(({ origin }) => origin !== rule.origin)
  const says = rule.blocked || rule.expiresAt !== null || rule.policy !== null
  if (says && others.length >= MOST_RULES) throw new TooManyRules()
  return { ...records, siteRules: says ? [...others, rule] : others }
}

/** Sites whose permission is over. */
export function expiredSites(records: Records, now: number): readonly string[] {
  return (records.siteRules ?? []).flatMap(({ origin, blocked, expiresAt }) =>
    !blocked && expiresAt !== null && now >= expiresAt ? [origin] : [],
  )
}

/** Whether a site is to be heard at all. */
export function isShut(records: Records, origin: string, now: number): boolean {
  const rule = ruleOf(records, origin)
  return rule !== null && (rule.blocked || (rule.expiresAt !== null && now >= rule.expiresAt))
}

/** What the site's rule says of a request. The user's own requests have no rule. */
export function judgeRequest(
  records: Records,
  approval: Approval,
  where: { readonly network: string; readonly chainId: number; readonly now: number; readonly engines: Engines },
): Verdict {
  const { origin } = approval
  const rule = origin === null ? null : ruleOf(records, origin)
  if (origin === null || rule === null) return { verdict: 'allow' }
  if (rule.blocked) return { verdict: 'refuse', why: 'this site is blocked' }
  // A permission that ended is gone; asking anew is up to the site.
  if (rule.policy === null) return { verdict: 'allow' }
  return judgeByPolicy(records, rule.policy, approval, where, (asker) => asker === origin)
}

/** The same for a policy that is no site's own. @param counts whose past transactions its limits count */
export function judgeByPolicy(
  records: Records,
  policy: Policy,
  approval: Approval,
  where: { readonly network: string; readonly chainId: number; readonly now: number; readonly engines: Engines },
  counts: (asker: string | null) => boolean = () => true,
): Verdict {
  const { network, chainId, now, engines } = where
  const past = pastOf(records, policy, counts, network, now, engines)
  if (past === null) return { verdict: 'refuse', why: 'there were more transactions than are remembered' }
  return judge(policy, actOf(records, approval, chainId), past, now)
}

function actOf(records: Records, approval: Approval, chainId: number): Act {
  const account = 'accountId' in approval ? records.accounts.find(({ id }) => id === approval.accountId) : undefined
  const act = { chainId, account: account?.address ?? null, transaction: null, verifyingContract: null }
  switch (approval.kind) {
    case 'connect':
      return { ...act, method: 'eth_requestAccounts' }
    case 'authenticate':
      return { ...act, method: IDENTITY_METHODS.authenticate }
    case 'present':
      return { ...act, method: IDENTITY_METHODS.present }
    case 'watch-asset':
      return { ...act, method: 'wallet_watchAsset' }
    case 'sign-message':
      return { ...act, method: 'personal_sign' }
    case 'sign-typed-data': {
      const contract = approval.domain.find(({ name }) => name === 'verifyingContract')?.value
      const verifyingContract = typeof contract === 'string' ? (contract.toLowerCase() as Hex) : null
      return { ...act, method: 'eth_signTypedData_v4', verifyingContract }
    }
    case 'send-transaction': {
      const { to, data, mostThatLeaves } = approval
      return { ...act, method: 'eth_sendTransaction', transaction: { to, data, mostThatLeaves } }
    }
  }
}

/** What was signed as far back as a limit reaches; null when that is not remembered any more. */
function pastOf(
  records: Records,
  { limits }: Policy,
  counts: (asker: string | null) => boolean,
  network: string,
  now: number,
  engines: Engines,
): Past[] | null {
  const reach = Math.max(0, ...(limits ?? []).map(({ per }) => (per === 'transaction' ? 0 : per * 1000)))
  if (reach === 0) return []
  const entries = activityOf(records, network)
  const recent = entries.filter(({ at }) => at > now - reach)
  if (recent.length >= MOST_ENTRIES) return null
  return recent.flatMap(({ at, origin, signed }) => {
    if (!counts(origin) || signed === null) return []
    const { to, data } = decodeTransaction(fromHex(signed.raw, 'transaction'), engines)
    return [{ at, to, data, mostThatLeaves: signed.mostThatLeaves }]
  })
}

/** What a site hears does not say which rule it was: the limits are nobody's business. */
export class AgainstSiteRule extends WalletError {
  /** For the user, and for whoever wrote the policy. */
  readonly why: string
  constructor(why: string) {
    super(
      { name: 'Sites.AgainstRule', code: 'AGAINST_SITE_RULE', kind: 'refused' },
      'The rules that the user set for this site do not allow this.',
      { next: 'Look at the site’s rules in the settings.' },
    )
    this.why = why
  }
}

export class TooManyRules extends WalletError {
  constructor() {
    super(
      { name: 'Sites.TooManyRules', code: 'TOO_MANY_SITE_RULES', kind: 'usage' },
      `There are rules for ${MOST_RULES} sites already.`,
      { next: 'Remove one first.' },
    )
  }
}
