/**
 * Asks several sources, believes none: an answer counts when the caller's check accepts it. Whom to ask is the peer
 * book's and the assignment's decision; what each learns by it is written down.
 * @module
 */
import { type ErrorKind, GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { keyOf } from '../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import type { EvidenceSource, SourceDescription } from '../network/evidence-source.ts'
import type { Diversity, Origin } from '../network/peer-book/origins.ts'
import { createPeerBook, type PeerBook } from '../network/peer-book/peer-book.ts'
import { isInForce, type Lie, lieOf } from './lies.ts'
import type { Assignment } from './query-privacy/assignment.ts'
import type { Decoys } from './query-privacy/decoys.ts'
import { createLearnedLedger, type Learned } from './query-privacy/ledger.ts'
import { addressesIn } from './query-privacy/what-it-tells.ts'

/** A source with what it has delivered so far, and what it has learned by being asked. */
export interface SourceRecord {
  readonly source: EvidenceSource
  readonly answers: number
  readonly bytes: number
  /** The false evidence it was caught with; it is not asked again. */
  readonly lie: Lie | null
  readonly learned: Learned
}

export interface Checked<T> {
  readonly result: T
  readonly bytes: Uint8Array
  readonly from: SourceDescription
  readonly milliseconds: number
}

/** What one of several sources said. */
export interface Said {
  readonly from: SourceDescription
  readonly bytes: Uint8Array | null
  readonly error: unknown
}

/** Milliseconds the slower sources are waited for after the first answer. */
const PATIENCE = 1500
/** Milliseconds after which what was asked for ahead is asked for again. */
const AHEAD_KEPT = 30_000

/** News of the chain: asked in turn of different hands, so that nobody can keep it back alone. */
const NEWS: ReadonlySet<PeerRequest['type']> = new Set([
  'finality_update',
  'optimistic_update',
  'compact_finality_update',
])

export interface SourcePool {
  readonly records: readonly SourceRecord[]
  /** Everybody who was caught, also those that are not connected; oldest first. */
  readonly lies: readonly Lie[]
  /** From how many hands the news of the last minutes came. */
  readonly diversity: Diversity
  /** Whether anybody can be asked for this. */
  offers(type: PeerRequest['type']): boolean
  add(source: EvidenceSource): void
  remove(id: string): void
  /** It was caught in an earlier run. */
  ban(lie: Lie): void
  /** This source has shown, unasked for this, what is believed about the newest blocks. */
  vouched(from: SourceDescription): void
  /**
   * Asks one source after another until `check` accepts an answer. A check that throws an error of kind `lie` proves
   * the source a liar: the evidence is kept and the source is not asked again.
   * @throws {GlowwormError} the cause, or `NoSourceCouldProve` naming all causes
   */
  ask<T>(
    request: PeerRequest,
    check: (bytes: Uint8Array, from: SourceDescription) => T | Promise<T>,
    signal: AbortSignal,
  ): Promise<Checked<T>>
  /**
   * Lets the source that would be asked first answer already, while other work goes on. The next `ask` of the same takes
   * that answer and checks it like any other.
   */
  ahead(request: PeerRequest, signal: AbortSignal): void
  /** Whether it was asked for ahead, and nobody has taken the answer yet. */
  isAhead(request: PeerRequest): boolean
  /**
   * Asks every source that serves this at once; returns what they said, without waiting long for the last ones.
   * @param except a source that has said it already
   */
  askAll(request: PeerRequest, signal: AbortSignal, except?: SourceDescription): Promise<Said[]>
  close(): Promise<void>
}

export interface SourcePoolOptions {
  readonly book?: PeerBook<Lie>
  /** Splits questions about addresses over the sources. Absent: the best source gets them all. */
  readonly assignment?: Assignment
  /** Questions to hide the real ones among. */
  readonly decoys?: Decoys
}

interface Entry {
  readonly key: string
  readonly source: EvidenceSource
  answers: number
  bytes: number
}

/** One origin may be a beacon node and an execution node: two sources. A peer is one, over whatever carrier it comes. */
const keyOfSource = ({ id, carrier }: SourceDescription): string =>
  carrier === 'beacon-rest' || carrier === 'execution-rpc' ? `${carrier} ${id}` : id

const originsOf = ({ id, origins }: SourceDescription): readonly Origin[] => origins ?? [`source:${id}`]

export function createSourcePool(
  clock: Clock,
  onLie: (record: SourceRecord) => void = () => {},
  options: SourcePoolOptions = {},
): SourcePool {
  const { assignment, decoys } = options
  const book = options.book ?? createPeerBook<Lie>()
  const ledger = createLearnedLedger()
  const entries: Entry[] = []

  const recordOf = ({ key, source, answers, bytes }: Entry): SourceRecord => ({
    source,
    answers,
    bytes,
    lie: book.lieOf(key),
    learned: ledger.of(key),
  })
  const candidateOf = ({ key, source }: Entry) => ({ key, origins: originsOf(source.description) })
  const canBeAsked = ({ key, source }: Entry, type: PeerRequest['type']) =>
    book.lieOf(key) === null && source.serves(type)

  /** Everybody who can be asked for this, in the order in which to ask. */
  function inOrder(request: PeerRequest): Entry[] {
    const now = clock.now()
    for (const [key, lie] of book.lies()) if (!isInForce(lie, now)) book.pardon(key)
    const able = entries.filter((entry) => canBeAsked(entry, request.type))
    const byKey = new Map(able.map((entry) => [entry.key, entry]))
    const how = NEWS.has(request.type) ? 'diverse' : 'best'
    const keys = book.order(able.map(candidateOf), how, now).map(({ key }) => key)
    const addresses = addressesIn(request)
    if (!assignment || addresses.length === 0) return keys.map((key) => byKey.get(key)!)
    // Who rests cannot be counted on: it comes after all others, whoever the question belongs to.
    const [ready, resting] = [true, false].map((wanted) => keys.filter((key) => book.isResting(key, now) !== wanted))
    return [ready!, resting!].flatMap((group) => assignment.order(group, addresses, now).map((key) => byKey.get(key)!))
  }

  /** Puts one question to one source, among others if so wished, and notes what it learns. */
  async function put(entry: Entry, request: PeerRequest, signal: AbortSignal): Promise<Uint8Array> {
    const beside = decoys ? await decoys.beside(entry.key, request, signal) : []
    signal.throwIfAborted()
    assignment?.learned(entry.key, addressesIn(request), clock.now())
    ledger.note(entry.key, request, 'earnest')
    const place = beside.length === 0 ? 0 : decoys!.placeAmong(beside.length + 1)
    let answer: Promise<{ bytes: Uint8Array }> | undefined
    for (let i = 0; i <= beside.length; i++) {
      if (i === place) {
        answer = entry.source.request(request, signal)
        continue
      }
      const decoy = beside[i < place ? i : i - 1]!
      ledger.note(entry.key, decoy, 'decoy')
      entry.source.request(decoy, signal).catch(() => {}) // nobody waits for it
    }
    return (await answer!).bytes
  }

  const early = new Map<
    string,
    { readonly entry: Entry; readonly answer: Promise<Uint8Array>; readonly since: number }
  >()
  /** What a source was asked for ahead, once, unless it is too old by now. */
  const takeEarly = (request: PeerRequest, entry: Entry): Promise<Uint8Array> | null => {
    const key = keyOf(request)
    const known = early.get(key)
    if (known?.entry !== entry) return null
    early.delete(key)
    return clock.now() - known.since < AHEAD_KEPT ? known.answer : null
  }

  const noteFailure = (entry: Entry, cause: unknown) => {
    const failed = cause instanceof GlowwormError && (cause.kind === 'unreachable' || cause.kind === 'lie')
    book.note(entry.key, { kind: failed ? 'failed' : 'useless' }, clock.now())
  }

  function convict(entry: Entry, lie: Lie): void {
    book.ban(entry.key, lie)
    forgetWhomTheBookForgot()
    onLie(recordOf(entry))
  }
  const convicted = new Set<string>()
  /** Liars are many and cheap: one the book has forgotten leaves the list too, and has to be added anew. */
  function forgetWhomTheBookForgot(): void {
    const lies = new Set(book.lies().map(([key]) => key))
    for (const key of lies) convicted.add(key)
    for (const key of convicted) {
      if (lies.has(key)) continue
      convicted.delete(key)
      const at = entries.findIndex((entry) => entry.key === key)
      if (at >= 0) entries.splice(at, 1)
    }
  }

  return {
    get records() {
      return entries.map(recordOf)
    },
    get lies() {
      return book.lies().map(([, lie]) => lie)
    },
    get diversity() {
      return book.diversity(clock.now())
    },
    offers: (type) => entries.some((entry) => canBeAsked(entry, type)),
    add(source) {
      const key = keyOfSource(source.description)
      const known = entries.findIndex((entry) => entry.key === key)
      // A liar that reconnects is still a liar: the book knows it by its key.
      const previous = known >= 0 ? entries.splice(known, 1)[0]! : null
      entries.push({ key, source, answers: previous?.answers ?? 0, bytes: previous?.bytes ?? 0 })
    },
    remove(id) {
      for (const entry of entries.filter(({ key, source }) => source.description.id === id && !book.lieOf(key)))
        entries.splice(entries.indexOf(entry), 1)
    },
    ban(lie) {
      book.ban(keyOfSource(lie.source), lie)
      forgetWhomTheBookForgot()
    },
    vouched(from) {
      book.vouched({ key: keyOfSource(from), origins: originsOf(from) }, clock.now())
    },
    async ask(request, check, signal) {
      const causes: GlowwormError[] = []
      for (const entry of inOrder(request)) {
        signal.throwIfAborted()
        // Others may have been asked for long, and caught it meanwhile.
        if (!canBeAsked(entry, request.type)) continue
        const start = clock.now()
        let bytes: Uint8Array
        try {
          bytes = await (takeEarly(request, entry) ?? put(entry, request, signal))
        } catch (cause) {
          signal.throwIfAborted()
          noteFailure(entry, cause)
          causes.push(asGlowwormError(cause))
          continue
        }
        entry.answers++
        entry.bytes += bytes.length
        const arrived = clock.now()
        const from = entry.source.description
        try {
          const result = await check(bytes, from)
          book.note(entry.key, { kind: 'held', milliseconds: arrived - start }, arrived)
          if (NEWS.has(request.type)) book.vouched(candidateOf(entry), arrived)
          return { result, bytes, from, milliseconds: clock.now() - start }
        } catch (cause) {
          const error = asGlowwormError(cause)
          // What was believed at the start is too old: no source can help that, or is to blame for it.
          if (error.kind === 'stale') throw error
          causes.push(error)
          if (error.kind === 'lie') convict(entry, lieOf(from, request, bytes, error, arrived))
          else noteFailure(entry, error)
        }
      }
      // Whoever could be asked has been caught lying: that is the reason, not silence.
      if (causes.length === 0)
        for (const { key, source } of entries) {
          const lie = book.lieOf(key)
          if (lie && source.serves(request.type)) causes.push(lie.error)
        }
      throw causes.length === 1 ? causes[0]! : new NoSourceCouldProve(request, causes)
    },
    ahead(request, signal) {
      const [entry] = inOrder(request)
      if (!entry) return
      const answer = put(entry, request, signal)
      answer.catch(() => {}) // said to whoever takes it
      early.set(keyOf(request), { entry, answer, since: clock.now() })
    },
    isAhead: (request) => early.has(keyOf(request)),
    async askAll(request, signal, except) {
      const said: Said[] = []
      const heard = Promise.withResolvers<void>()
      const others = inOrder(request).filter(({ source: { description } }) => description !== except)
      const all = others.map(async (entry) => {
        const from = entry.source.description
        try {
          said.push({ from, bytes: await put(entry, request, signal), error: null })
          heard.resolve()
        } catch (error) {
          if (!signal.aborted) noteFailure(entry, error)
          said.push({ from, bytes: null, error })
        }
      })
      // One silent source must not keep everybody waiting once another has answered.
      const patience = heard.promise.then(() => clock.sleep(PATIENCE, signal)).catch(() => {})
      await Promise.race([Promise.all(all), patience])
      return [...said]
    },
    async close() {
      await Promise.allSettled(entries.map(({ source }) => source.close()))
    },
  }
}

function asGlowwormError(cause: unknown): GlowwormError {
  if (cause instanceof GlowwormError) return cause
  throw cause // a bug of ours, not a fault of the source: let it be seen
}

/** Every source was asked and none gave evidence that holds. `causes` says why, one entry a source. */
export class NoSourceCouldProve extends GlowwormError {
  readonly causes: readonly GlowwormError[]
  constructor(request: PeerRequest, causes: readonly GlowwormError[]) {
    const kinds: ErrorKind[] = ['lie', 'unprovable', 'unreachable']
    const kind = kinds.find((candidate) => causes.some((cause) => cause.kind === candidate)) ?? 'unreachable'
    const reasons = causes.map((cause) => cause.message).join('; ')
    super(
      { name: 'Application.NoSourceCouldProve', code: 'NO_SOURCE_COULD_PROVE', kind },
      causes.length === 0
        ? `no source can be asked for ${describe(request)}`
        : `no source could prove ${describe(request)}: ${reasons}`,
      { next: 'Add another source, or try again later.' },
    )
    this.causes = causes
  }
}

function describe(request: PeerRequest): string {
  return request.type.replaceAll('_', ' ') + (request.type === 'bootstrap' ? ` ${request.root}` : '')
}
