/**
 * Remembers what a quorum signed, so that a quorum that signs two things is noticed. Honest validators never sign two
 * headers of one slot, so two thirds for each of two is a contradiction that no fault of a source explains.
 * @module
 */

/** `signed`: a quorum signed this header. `final`: a quorum signed a state in which this header is final. */
export type StatementKind = 'signed' | 'final'

export interface Statement<Evidence> {
  readonly kind: StatementKind
  readonly slot: number
  readonly root: `0x${string}`
  /** What proves that it was signed. */
  readonly evidence: Evidence
}

export interface Witness<Evidence> {
  /** An earlier statement that says otherwise about the same slot; nothing is remembered by asking. */
  against(statement: Statement<Evidence>): Statement<Evidence> | null
  /** Keeps a statement whose signatures were checked; the first about a slot stays. */
  remember(statement: Statement<Evidence>): void
}

/** Keeps the newest `limit` statements of each kind. */
export function createWitness<Evidence>(limit = 128): Witness<Evidence> {
  const kept: Record<StatementKind, Map<number, Statement<Evidence>>> = { signed: new Map(), final: new Map() }
  return {
    against({ kind, slot, root }) {
      const earlier = kept[kind].get(slot)
      return earlier && earlier.root !== root ? earlier : null
    },
    remember(statement) {
      const statements = kept[statement.kind]
      if (statements.has(statement.slot)) return
      statements.set(statement.slot, statement)
      if (statements.size > limit) statements.delete(Math.min(...statements.keys()))
    },
  }
}
