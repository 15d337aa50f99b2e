import { InvalidInput } from '../errors.ts'
import { keyOf } from '../ledgers/ethereum/evidence.ts'
import { isFamilyType, type PeerRequest } from '../ledgers/ledger-evidence.ts'
import { type EvidenceSource, longestAnswer, NotAvailable, type SourceDescription } from './evidence-source.ts'

export interface MemorySource extends EvidenceSource {
  /** The answer, if it is held. */
  get(request: PeerRequest): Uint8Array | undefined
  /** Keeps an answer, replacing the one before. @throws {InvalidInput} when it is larger than an answer may be */
  put(request: PeerRequest, bytes: Uint8Array): void
}

/** What can be kept because it can be proven again; hearsay is out of date as soon as it is said. */
const HEARSAY: ReadonlySet<string> = new Set([
  'pending_nonce',
  'fee_hint',
  'gas_hint',
  'access_list_hint',
  'log_blocks_hint',
  'send_transaction',
])

/** Bytes that an entry takes besides its key and answer, so that answers of no bytes are not free. */
const ENTRY = 256

/**
 * Evidence that is held in memory, for example what this tab has verified and serves to others. When it takes more
 * than `maxBytes`, the answers that were used the longest time ago are dropped.
 */
export function memorySource(description: SourceDescription, maxBytes: number): MemorySource {
  /** In order of last use. */
  const answers = new Map<string, Uint8Array>()
  let held = 0

  const costOf = (key: string, { length }: Uint8Array) => key.length + length + ENTRY
  const drop = (key: string) => {
    const answer = answers.get(key)
    if (answer) held -= costOf(key, answer)
    answers.delete(key)
  }

  const get = (request: PeerRequest) => {
    const key = keyOf(request)
    const answer = answers.get(key)
    if (!answer) return undefined
    answers.delete(key)
    answers.set(key, answer)
    return answer.slice()
  }

  return {
    description,
    get,
    // also what it does not hold now: it may later, and a source that says no is not asked again soon
    serves: (type) => !HEARSAY.has(type) && !isFamilyType(type),
    put(request, bytes) {
      if (bytes.length > longestAnswer(request))
        throw new InvalidInput('answer', `expected at most ${longestAnswer(request)} bytes, got ${bytes.length}`)
      const key = keyOf(request)
      drop(key)
      answers.set(key, bytes.slice())
      held += costOf(key, bytes)
      for (const oldest of answers.keys()) {
        if (held <= maxBytes) break
        drop(oldest)
      }
    },
    async request(request, signal) {
      signal.throwIfAborted()
      const bytes = get(request)
      if (!bytes) throw new NotAvailable(description.words, `what ${request.type} asks for`)
      return { bytes, from: description }
    },
    async close() {
      answers.clear()
      held = 0
    },
  }
}
