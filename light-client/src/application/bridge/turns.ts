/** Nodes asked one after another: who hangs must not use up the time in which the next would have answered. @module */
import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceSource } from '../../network/evidence-source.ts'
import { DeadlinePassed, orAborted, startDeadline } from '../../network/libp2p/deadline.ts'

/** Milliseconds. A peer waits ten seconds for an answer (`docs/protocol.md`). */
const TURN = 5_000
/** For how long a node that let its turn pass is asked after all others. */
const LAST_FOR = 60_000

export interface Turns {
  /** The nodes in the order in which they are asked now. */
  inOrder(nodes: readonly EvidenceSource[]): EvidenceSource[]
  /** @throws {DeadlinePassed} when the node let its turn pass */
  give<T>(node: EvidenceSource, ask: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createTurns(clock: Clock): Turns {
  const late = new Map<EvidenceSource, number>()
  const isLate = (node: EvidenceSource) => (late.get(node) ?? 0) > clock.now()
  return {
    inOrder: (nodes) => [...nodes.filter((node) => !isLate(node)), ...nodes.filter(isLate)],
    async give(node, ask, signal) {
      const turn = startDeadline(clock, TURN, signal)
      try {
        return await orAborted(ask(turn.signal), turn.signal)
      } catch (cause) {
        // whoever waited may have gone: that says nothing about the node
        signal.throwIfAborted()
        if (cause instanceof DeadlinePassed) late.set(node, clock.now() + LAST_FOR)
        throw cause
      } finally {
        turn.clear()
      }
    },
  }
}
