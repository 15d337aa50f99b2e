/** The façade's part about the rules of sites. */
import type { Policy } from '../policy/policy.ts'

/** What the user has laid down for a site, connected or not. */
export interface SiteRule {
  readonly origin: string
  /** It is not answered at all. */
  readonly blocked: boolean
  /** When its connection and this rule end, ms since the epoch; null: never. */
  readonly expiresAt: number | null
  /** What it may ask for once it is connected; null: everything, each time with the user's yes. */
  readonly policy: Policy | null
}

export interface SiteRuleCommands {
  /**
   * Takes the place of the site's rule; one that says nothing removes it. `policy` is the JSON of docs/policy.md.
   * A site may be given its rule before it is connected.
   * @throws problem `INVALID_POLICY` naming the field, `INVALID_ORIGIN`, `INVALID_EXPIRY`, `TOO_MANY_SITE_RULES`
   */
  setSiteRule(request: {
    origin: string
    blocked: boolean
    expiresAt: number | null
    policy: Readonly<Record<string, unknown>> | null
  }): Promise<void>
}
