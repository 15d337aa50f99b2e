/** What a light client says of itself: its status, who listens to it, and the wait for the first head. @module */
import { GlowwormError } from '../errors.ts'
import { CommitteeContradiction } from '../ledgers/ethereum/contradiction.ts'
import type { Head, Status } from './light-client.ts'

export interface StatusBoard {
  readonly status: Status
  /** A client that is closed says nothing more, and one that met a contradiction only that it is closed. */
  set(next: Status): void
  /** Says the same status again: something beside it has changed. */
  announce(): void
  subscribe(listener: (status: Status) => void): () => void
  /** See `LightClient.ready`. */
  ready(signal?: AbortSignal): Promise<Head>
}

export function createStatusBoard(): StatusBoard {
  const listeners = new Set<(status: Status) => void>()
  let status: Status = { state: 'starting', step: 'checkpoint', done: 0, of: 0 }
  const announce = () => {
    for (const listener of listeners) listener(status)
  }
  return {
    get status() {
      return status
    },
    set(next) {
      if (isLast(status, next)) return
      status = next
      announce()
    },
    announce,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready: (signal) =>
      new Promise((resolve, reject) => {
        const settle = (candidate: Status) => {
          const outcome = outcomeOf(candidate)
          if (outcome === null) return
          stop()
          if (outcome instanceof GlowwormError) reject(outcome)
          else resolve(outcome)
        }
        const onAbort = () => {
          stop()
          reject(signal?.reason)
        }
        const stop = () => {
          listeners.delete(settle)
          signal?.removeEventListener('abort', onAbort)
        }
        listeners.add(settle)
        signal?.addEventListener('abort', onAbort, { once: true })
        settle(status)
      }),
  }
}

function isLast(status: Status, next: Status): boolean {
  if (status.state === 'closed') return true
  return status.state === 'stalled' && status.cause instanceof CommitteeContradiction && next.state !== 'closed'
}

/** What whoever waits for the first head is told; null: to wait on. */
function outcomeOf(status: Status): Head | GlowwormError | null {
  if (status.state === 'following') return status.head
  if (status.state === 'stalled') return status.head ?? status.cause
  return status.state === 'closed' ? new Closed() : null
}

/** The client was closed. */
export class Closed extends GlowwormError {
  constructor() {
    super({ name: 'Application.Closed', code: 'CLOSED', kind: 'closed' }, 'the light client was closed')
  }
}
