import type { Instant, LedgerId, Verified } from './verified.ts'

/** Which claims a family can prove, and what it must not pretend to know. */
export interface Capabilities {
  readonly claims: readonly string[]
  /** In words for a person: what the absence of a proof means, and what cannot be proven at all. */
  readonly limits: readonly string[]
}

/**
 * What every ledger answers alike: what do we trust (anchor), what is being said (claim), what proves it (evidence).
 * All functions are pure decisions: no clock, no network, no storage. They throw typed errors and never return a
 * failed proof. Whoever carries the evidence is irrelevant to the decision.
 */
export interface LedgerFamily<
  TrustRoot,
  Anchor,
  Advance,
  Claim extends { type: string },
  Values extends Record<Claim['type'], unknown>,
  Request,
> {
  readonly id: LedgerId
  readonly capabilities: Capabilities
  /** First anchor out of a trust root. @throws {GlowwormError} */
  bootstrap(trust: TrustRoot, evidence: Uint8Array, now: Instant): Anchor
  /** Moves the anchor on. Finality and work never decrease; heads may reorganise. @throws {GlowwormError} */
  advance(anchor: Anchor, evidence: Advance, now: Instant): Anchor
  /**
   * Proves one claim against an anchor. `evidence` maps the key of a request (see `keyOf`) to the answer.
   * @throws {MissingEvidence} listing what else to ask
   * @throws {GlowwormError} kind `lie` when the evidence is false
   */
  prove<C extends Claim>(
    anchor: Anchor,
    claim: C,
    evidence: ReadonlyMap<string, Uint8Array>,
    now: Instant,
  ): Promise<Verified<Values[C['type']]>>
  /** Identity of a request, for evidence maps and caches. */
  keyOf(request: Request): string
}
