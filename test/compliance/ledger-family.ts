/**
 * What every ledger family must satisfy (architecture: "one interface for every ledger family"). A family is finished
 * when this suite passes for it: honest evidence is accepted; each single-byte change of it throws a typed error or
 * yields the identical anchor and value, but for the exceptions listed with their reason; stale evidence is refused;
 * nothing is proven without evidence.
 */
import { GlowwormError, isVerified, type Verified } from '@glowworm/light-client'
import type { LedgerFamily } from '@glowworm/light-client/ledgers/ledger-family'
import { beforeAll, describe, expect, it } from 'vitest'

export interface FamilyUnderTest<TrustRoot, Anchor, Advance, Claim extends { type: string }, Request> {
  readonly family: LedgerFamily<TrustRoot, Anchor, Advance, Claim, Record<Claim['type'], unknown>, Request>
  readonly trust: TrustRoot
  readonly bootstrap: Uint8Array
  /** Honest steps in order, each with its bytes in a place where they can be changed. */
  readonly advances: readonly { readonly bytes: Uint8Array; with(bytes: Uint8Array): Advance }[]
  readonly claims: readonly { readonly claim: Claim; readonly evidence: ReadonlyMap<string, Uint8Array> }[]
  readonly now: number
  /** A time at which the trust root is too old. */
  readonly tooLate: number
  /** What an anchor says, without the objects it says it with. */
  identity(anchor: Anchor): string
  /** Bytes of `advances[0]` that may change without effect, and why. */
  readonly mayChange: { readonly reason: string; covers(position: number, bytes: Uint8Array): boolean }
}

export function ledgerFamilyCompliance<TrustRoot, Anchor, Advance, Claim extends { type: string }, Request>(
  name: string,
  setUp: () => Promise<FamilyUnderTest<TrustRoot, Anchor, Advance, Claim, Request>>,
): void {
  describe(`ledger family ${name}`, () => {
    let given: FamilyUnderTest<TrustRoot, Anchor, Advance, Claim, Request>
    let first: Anchor
    let last: Anchor
    beforeAll(async () => {
      given = await setUp()
      first = given.family.bootstrap(given.trust, given.bootstrap, given.now)
      last = given.advances.reduce(
        (anchor, step) => given.family.advance(anchor, step.with(step.bytes), given.now),
        first,
      )
    })

    it('says what it can prove and what not', () => {
      expect(given.family.capabilities.claims.length).toBeGreaterThan(0)
      expect(given.family.capabilities.limits.length).toBeGreaterThan(0)
      for (const { claim } of given.claims) expect(given.family.capabilities.claims).toContain(claim.type)
    })

    it('accepts honest evidence, and proves the same from the same', async () => {
      expect(given.identity(last)).not.toBe(given.identity(first))
      for (const { claim, evidence } of given.claims) {
        const verified = await given.family.prove(last, claim, evidence, given.now)
        expect(isVerified(verified)).toBe(true)
        expect(verified).toMatchObject({ checkedAt: given.now })
        expect(saidBy(await given.family.prove(last, claim, evidence, given.now))).toBe(saidBy(verified))
      }
    })

    it('proves nothing without evidence, and lists what to ask', async () => {
      for (const { claim } of given.claims)
        await expect(given.family.prove(last, claim, new Map(), given.now)).rejects.toMatchObject({
          code: 'MISSING_EVIDENCE',
          requests: [expect.objectContaining({ type: expect.any(String) })],
        })
    })

    it('refuses a trust root that has become too old', () => {
      expect(() => given.family.bootstrap(given.trust, given.bootstrap, given.tooLate)).toThrow(
        expect.objectContaining({ kind: 'stale' }),
      )
    })

    it('never goes back: a step taken twice, or an earlier one, changes nothing', () => {
      const before = given.identity(last)
      for (const step of given.advances) {
        try {
          last = given.family.advance(last, step.with(step.bytes), given.now)
        } catch (error) {
          expect(error).toBeInstanceOf(GlowwormError)
        }
        expect(given.identity(last)).toBe(before)
      }
    })

    it('refuses each changed byte of the bootstrap', () => {
      const honest = given.identity(first)
      const changed = changeEach(given.bootstrap, (bytes) =>
        given.identity(given.family.bootstrap(given.trust, bytes, given.now)),
      )
      expect(changed.filter(({ outcome }) => outcome !== null && outcome !== honest)).toEqual([])
      expect(changed.filter(({ outcome }) => outcome === honest)).toEqual([])
    })

    it('refuses each changed byte of a step, but for those that carry nothing', () => {
      const step = given.advances[0]!
      const honest = given.identity(given.family.advance(first, step.with(step.bytes), given.now))
      const changed = changeEach(step.bytes, (bytes) =>
        given.identity(given.family.advance(first, step.with(bytes), given.now)),
      )
      expect(changed.filter(({ outcome }) => outcome !== null && outcome !== honest)).toEqual([])
      const harmless = changed.filter(({ outcome }) => outcome === honest).map(({ at }) => at)
      expect(
        harmless.filter((at) => !given.mayChange.covers(at, step.bytes)),
        given.mayChange.reason,
      ).toEqual([])
    })

    it('refuses each changed byte of the evidence of a claim', async () => {
      for (const { claim, evidence } of given.claims)
        for (const [key, bytes] of evidence) {
          const changed = await changeEachAsync(bytes, async (candidate) =>
            saidBy(await given.family.prove(last, claim, new Map([...evidence, [key, candidate]]), given.now)),
          )
          expect(
            changed.filter(({ outcome }) => outcome !== null),
            `${claim.type}: ${key}`,
          ).toEqual([])
        }
    })
  })
}

interface Change {
  readonly at: number
  /** Null when a typed error was thrown. */
  readonly outcome: string | null
}

function* mutations(bytes: Uint8Array): Generator<{ at: number; candidate: Uint8Array }> {
  for (let at = 0; at < bytes.length; at++) {
    const candidate = bytes.slice()
    candidate[at] = candidate[at]! ^ (1 << (at % 8))
    yield { at, candidate }
  }
}

function changeEach(bytes: Uint8Array, run: (bytes: Uint8Array) => string): Change[] {
  return [...mutations(bytes)].map(({ at, candidate }) => {
    try {
      return { at, outcome: run(candidate) }
    } catch (error) {
      return { at, outcome: refusal(error) }
    }
  })
}

async function changeEachAsync(bytes: Uint8Array, run: (bytes: Uint8Array) => Promise<string>): Promise<Change[]> {
  const changes: Change[] = []
  for (const { at, candidate } of mutations(bytes)) changes.push({ at, outcome: await run(candidate).catch(refusal) })
  return changes
}

/** A refusal is a typed error; anything else is a bug and surfaces. */
function refusal(error: unknown): null {
  if (error instanceof GlowwormError) return null
  throw error
}

function saidBy({ value, anchor, finality }: Verified<unknown>): string {
  return JSON.stringify([value, anchor, finality], (_, item) => (typeof item === 'bigint' ? item.toString() : item))
}
