/**
 * The types that keep proven values apart from hearsay.
 *
 * `Verified<T>` is branded twice: by a type that nobody else can write, and by membership in a private set, so that
 * not even a cast or a copy passes `isVerified`. The brand does not survive serialisation on purpose: stores keep
 * evidence and re-prove on load, other threads get façade handles. `seal` may be called by ledger families only;
 * `test/architecture` enforces it.
 * @module
 */

/** Milliseconds since the Unix epoch, always given by a clock port. */
export type Instant = number

export type LedgerId = 'ethereum' | 'bitcoin' | 'tendermint' | 'qbft' | 'grandpa' | 'fabric' | 'corda'

/** How far a value can still change, in the ledger's own terms. `final` never changes; `proven` may. */
export type Finality = { readonly level: 'final' | 'proven'; readonly words: string }

/** Which trusted state a value was proven against. */
export interface AnchorReference {
  readonly ledger: LedgerId
  /** Name of the network profile, e.g. `mainnet`. */
  readonly network: string
  /** Height in the ledger's own count (execution block number for Ethereum). */
  readonly height: bigint
  /** Identity of that height (execution block hash for Ethereum), 0x-hex. */
  readonly hash: string
  /** Time the ledger gives that height, in milliseconds. */
  readonly time: Instant
}

declare const brand: unique symbol

export interface Verified<T> {
  readonly value: T
  readonly anchor: AnchorReference
  readonly finality: Finality
  /** The proof in one phrase, e.g. `account proof (Merkle-Patricia) under the state root`. */
  readonly method: string
  readonly checkedAt: Instant
  readonly [brand]: 'verified'
}

/** What somebody says and nobody can prove: a suggested tip, a pending nonce. Never satisfies `Verified<T>`. */
export interface Attested<T> {
  readonly value: T
  /** Who says so, in words for a person. */
  readonly by: string
  readonly checkedAt: Instant
  readonly attested: true
}

const sealed = new WeakSet<object>()

/** The only constructor of `Verified<T>`; for ledger families. */
export function seal<T>(value: T, proof: Omit<Verified<T>, 'value' | typeof brand>): Verified<T> {
  const verified = freezeDeep({ value, ...proof }) as Verified<T>
  sealed.add(verified)
  return verified
}

/** Values are plain data; nothing inside them can be changed after they were proven. */
function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return value
  for (const inner of Object.values(value)) freezeDeep(inner)
  return Object.freeze(value)
}

/** True only for the very object a verifier made, never for a copy or a cast. */
export function isVerified(candidate: unknown): candidate is Verified<unknown> {
  return typeof candidate === 'object' && candidate !== null && sealed.has(candidate)
}

export function attest<T>(value: T, by: string, checkedAt: Instant): Attested<T> {
  return Object.freeze({ value, by, checkedAt, attested: true })
}
