/**
 * Where a checkpoint comes from when nobody hands one over: several independent operators are asked, and all of them
 * must say the same. There is no majority: one honest operator among them suffices to stop a false start.
 * @module
 */
import { GlowwormError, InvalidInput } from '../errors.ts'

/** What one operator says is final. */
export interface FinalityStatement {
  /** The operator's origin, e.g. `https://node.example`. */
  readonly by: string
  /** Block root, 0x-hex. */
  readonly root: `0x${string}`
  readonly slot: number
}

/** What one operator says about a block it was asked for: null when it does not have it as a final block of its chain. */
export interface Confirmation {
  readonly by: string
  readonly confirms: boolean
  /** In words, for the person who must decide. */
  readonly says: string
}

/** Fewer than this many operators agree with nobody. */
export const LEAST_OPERATORS = 2

/** Operators must differ in more than a path or a port, or one of them alone decides. @throws {InvalidInput} */
export function requireIndependent(urls: readonly string[], argument: string): void {
  const hosts = new Set(urls.map((url) => operatorOf(url, argument)))
  // On the loopback every node has the same name; there the port tells them apart.
  if (hosts.size !== urls.length) throw new InvalidInput(argument, 'two of the addresses belong to one operator')
  if (urls.length < LEAST_OPERATORS)
    throw new InvalidInput(
      argument,
      `at least ${LEAST_OPERATORS} independent operators are needed, got ${urls.length}`,
      'Name nodes of different operators: each alone could choose the chain you follow.',
    )
}

function operatorOf(url: string, argument: string): string {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new InvalidInput(argument, 'one of the addresses is not a URL')
  }
  const { hostname, host } = parsed
  if (hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]') return host
  if (/^[\d.]+$/.test(hostname) || hostname.startsWith('[')) return hostname
  // `a.example.org` and `b.example.org` are one operator; `a.co.uk` and `b.co.uk` are two.
  const labels = hostname.split('.')
  const secondLevel = (labels.at(-1)?.length ?? 0) === 2 && (labels.at(-2)?.length ?? 0) <= 3
  return labels.slice(secondLevel ? -3 : -2).join('.')
}

/** The statement all can be asked to confirm: the oldest, which every honest operator has as final already. */
export function oldestStatement(statements: readonly FinalityStatement[]): FinalityStatement {
  return statements.reduce((oldest, one) => (one.slot < oldest.slot ? one : oldest))
}

/** @throws {CheckpointDisagreement} unless every operator confirms it */
export function requireAgreement(candidate: FinalityStatement, confirmations: readonly Confirmation[]): void {
  if (confirmations.some(({ confirms }) => !confirms)) throw new CheckpointDisagreement(candidate, confirmations)
}

/** The operators asked do not all stand behind one block. Who is right cannot be known here. */
export class CheckpointDisagreement extends GlowwormError {
  readonly candidate: FinalityStatement
  readonly confirmations: readonly Confirmation[]
  constructor(candidate: FinalityStatement, confirmations: readonly Confirmation[]) {
    super(
      { name: 'Consensus.CheckpointDisagreement', code: 'CHECKPOINT_DISAGREEMENT', kind: 'unprovable' },
      `no agreement on a checkpoint. ${candidate.by} says block ${candidate.root} at slot ${candidate.slot} is final; ${confirmations
        .filter(({ by }) => by !== candidate.by)
        .map(({ by, says }) => `${by} ${says}`)
        .join('; ')}`,
      { next: 'Find out who is wrong before you go on, or ask other operators. Nothing was started.' },
    )
    this.candidate = candidate
    this.confirmations = confirmations
  }
}
