/**
 * What waits for the user's yes or no. The queue knows nothing of what is asked: each entry brings what to do on yes,
 * on no, and how to look again whether what was shown still holds.
 * @module
 */
import { type CommandFailed, WalletError } from '../errors.ts'
import type { Approval, DeviceAnswer, FeeOptions, Fees } from '../facade/facade.ts'
import type { VpToken } from '../identity/holder/access.ts'
import type { Verdict } from '../policy/judge.ts'
import { AboveOwnLimit } from '../safety/limits.ts'
import type { Signable } from '../signing/signable.ts'
import { AgainstSiteRule } from '../sites/site-rules.ts'
import type { AccountRecord } from '../vault/content.ts'

export interface Request {
  /** How it looks now. Its `revision` grows when something essential changes. */
  readonly approval: Approval
  /**
   * Looks again; returns the approval as it stands now, or null when it has been settled without an answer.
   * @param insist it is about to be carried out: what cannot be looked at again does not stay as it was shown
   */
  renew?(insist: boolean): Promise<Approval | null>
  /** Carries it out. When it throws, the request stays in the queue. */
  approve(given: Given): Promise<void>
  /** What would be signed as it stands now, and in whose name; absent where nothing is. */
  signable?(): { readonly account: AccountRecord; readonly signable: Signable }
  /** Of transactions: what the fees could be, and other ones from the next `renew` on. */
  feeOptions?(): Promise<FeeOptions>
  setFees?(fees: Fees): Promise<void>
  rejected(error: WalletError | CommandFailed): void
}

/** What comes with the user's yes. */
export interface Given {
  readonly accounts?: readonly string[] | undefined
  readonly freshAccount?: string | undefined
  readonly answer?: DeviceAnswer | undefined
  /** Of `present`: what identity made of the credentials that were chosen. */
  readonly vpToken?: VpToken | undefined
}

export interface Approvals {
  readonly list: readonly Approval[]
  /** @throws {TooManyRequests} {@link AgainstSiteRule} */
  add(request: Request): void
  approve(id: string, revision: number, given: Given): Promise<void>
  /** What waits under this id. @throws {ApprovalGone} */
  find(id: string): Request
  /** What waits under this id, if it is still the revision that was shown. @throws {ApprovalGone} {@link ApprovalChanged} */
  shown(id: string, revision: number): Request
  /** Sets the fees and looks again. @throws {ApprovalGone} */
  setFees(id: string, fees: Fees): Promise<void>
  reject(id: string, error?: WalletError | CommandFailed): void
  /** Rejects all, or those that match. */
  rejectAll(error: WalletError, match?: (approval: Approval) => boolean): void
  /** Looks at one request again. Never rejects. */
  renew(id: string): Promise<void>
  /** Looks at every request again, e.g. after a new head. Never rejects. */
  renewAll(): Promise<void>
  has(match: (approval: Approval) => boolean): boolean
}

/** Only sites are limited: the user's own requests always find room. */
const MOST_WAITING = { perSite: 10, together: 30 } as const

interface Entry {
  readonly request: Request
  approval: Approval
  busy: boolean
  /** Approved once where that takes two. */
  once: boolean
  /** Set when everything was rejected while this one was being carried out: it does not come back. */
  doom: WalletError | null
}

/** @param judged what the user's rules for the asking site say now */
export function createApprovals(
  changed: () => void,
  judged: (approval: Approval) => Verdict = () => ({ verdict: 'allow' }),
): Approvals {
  const waiting = new Map<string, Entry>()

  async function renew(id: string, insist: boolean): Promise<void> {
    const entry = waiting.get(id)
    if (!entry?.request.renew) return
    const approval = await entry.request.renew(insist)
    if (waiting.get(id) !== entry) return
    if (approval === null) waiting.delete(id)
    else entry.approval = approval
    changed()
  }

  /** @throws {AgainstSiteRule} and then it waits no longer @throws {ApproveAgain} the first time */
  function obey(id: string, entry: Entry): void {
    const verdict = judged(entry.approval)
    if (verdict.verdict === 'refuse') {
      const error = refusalOf(verdict)
      waiting.delete(id)
      entry.request.rejected(error)
      throw error
    }
    if (verdict.verdict === 'allow' || entry.once) return
    entry.once = true
    throw new ApproveAgain()
  }

  /** What cannot be looked at again now stays as it was shown; `approve` looks once more and then insists. */
  async function renewQuietly(id: string): Promise<void> {
    if (!waiting.get(id)?.busy) await renew(id, false).catch(() => undefined)
  }

  function reject(id: string, error: WalletError | CommandFailed = new UserRejected()): void {
    const entry = waiting.get(id)
    if (!entry || entry.busy) throw new ApprovalGone()
    waiting.delete(id)
    changed()
    entry.request.rejected(error)
  }

  function find(id: string): Request {
    const entry = waiting.get(id)
    if (!entry || entry.busy) throw new ApprovalGone()
    return entry.request
  }

  return {
    find,
    shown(id, revision) {
      const request = find(id)
      if (waiting.get(id)!.approval.revision !== revision) throw new ApprovalChanged()
      return request
    },
    async setFees(id, fees) {
      const request = find(id)
      if (!request.setFees) throw new ApprovalGone()
      await request.setFees(fees)
      await renew(id, false)
    },
    get list() {
      return [...waiting.values()].map(({ approval }) => approval)
    },
    add(request) {
      const { origin } = request.approval
      const verdict = judged(request.approval)
      if (verdict.verdict === 'refuse') throw refusalOf(verdict)
      if (origin !== null) {
        const fromSites = [...waiting.values()].filter(({ approval }) => approval.origin !== null)
        const fromThis = fromSites.filter(({ approval }) => approval.origin === origin)
        if (fromSites.length >= MOST_WAITING.together || fromThis.length >= MOST_WAITING.perSite)
          throw new TooManyRequests()
      }
      waiting.set(request.approval.id, { request, approval: request.approval, busy: false, once: false, doom: null })
      changed()
    },
    async approve(id, revision, given) {
      const entry = waiting.get(id)
      if (!entry || entry.busy) throw new ApprovalGone()
      entry.busy = true
      try {
        await renew(id, true)
        if (waiting.get(id) !== entry) return
        if (entry.approval.revision !== revision) throw new ApprovalChanged()
        if (entry.approval.kind === 'send-transaction' && entry.approval.blocked)
          throw new Blocked(entry.approval.blocked.message, entry.approval.blocked.next)
        obey(id, entry)
        await entry.request.approve(given)
        waiting.delete(id)
      } finally {
        entry.busy = false
        changed()
        if (entry.doom && waiting.get(id) === entry) reject(id, entry.doom)
      }
    },
    reject,
    rejectAll(error, match = () => true) {
      for (const [id, entry] of waiting) {
        if (!match(entry.approval)) continue
        if (entry.busy) entry.doom = error
        else reject(id, error)
      }
    },
    renew: renewQuietly,
    async renewAll() {
      await Promise.all([...waiting.keys()].map(renewQuietly))
      for (const [id, { busy, approval }] of [...waiting]) {
        const verdict = busy || !waiting.has(id) ? null : judged(approval)
        if (verdict?.verdict === 'refuse') reject(id, refusalOf(verdict))
      }
    },
    has: (match) => [...waiting.values()].some(({ approval }) => match(approval)),
  }
}

export class ApprovalGone extends WalletError {
  constructor() {
    super(
      { name: 'Approvals.Gone', code: 'APPROVAL_GONE', kind: 'usage' },
      'This request is not waiting any more: it was answered, or is being carried out.',
    )
  }
}

function refusalOf({ why, own }: Extract<Verdict, { verdict: 'refuse' }>): WalletError {
  return own ? new AboveOwnLimit(why) : new AgainstSiteRule(why)
}

/** What would be signed is no longer what was shown. Nothing was signed. */
export class ApprovalChanged extends WalletError {
  constructor() {
    super(
      { name: 'Approvals.Changed', code: 'APPROVAL_CHANGED', kind: 'refused' },
      'The request changed while it was shown. Nothing was signed.',
      { next: 'Read it again, then decide.' },
    )
  }
}

/** The site's rule wants a second yes. Nothing was signed yet. */
export class ApproveAgain extends WalletError {
  constructor() {
    super(
      { name: 'Approvals.Again', code: 'APPROVE_AGAIN', kind: 'refused' },
      'Your rule for this site asks for a second yes. Nothing was signed yet.',
      { next: 'Read it once more, then approve again.' },
    )
  }
}

export class Blocked extends WalletError {
  constructor(message: string, next: string | null) {
    super({ name: 'Approvals.Blocked', code: 'BLOCKED', kind: 'refused' }, message, next === null ? {} : { next })
  }
}

export class UserRejected extends WalletError {
  constructor(message = 'You rejected the request.') {
    super({ name: 'Approvals.UserRejected', code: 'USER_REJECTED', kind: 'refused' }, message)
  }
}

export class TooManyRequests extends WalletError {
  constructor() {
    super(
      { name: 'Approvals.TooMany', code: 'TOO_MANY_REQUESTS', kind: 'refused' },
      'Too many requests are waiting for the user already.',
      { next: 'Answer those first.' },
    )
  }
}
