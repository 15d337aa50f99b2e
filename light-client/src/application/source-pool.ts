/** Asks several sources, believes none: an answer counts when the caller's check accepts it. @module */
import { type ErrorKind, GlowwormError } from '../errors.ts'
import type { Clock } from '../infrastructure/ports.ts'
import { type EthereumRequest, keyOf } from '../ledgers/ethereum/evidence.ts'
import type { EvidenceAnswer, EvidenceSource, SourceDescription } from '../network/evidence-source.ts'

/** A source with what it has delivered so far. */
export interface SourceRecord {
  readonly source: EvidenceSource
  answers: number
  bytes: number
  /** Recent failures; sources with fewer are asked first. */
  failures: number
  /** The false evidence it was caught with; it is not asked again. */
  lie: { readonly error: GlowwormError; readonly request: EthereumRequest; readonly evidence: Uint8Array } | null
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
/** Liars remembered with their evidence; peers can take new names at will, so the oldest are forgotten. */
const MAX_LIARS = 64
/** Milliseconds after which what was asked for ahead is asked for again. */
const AHEAD_KEPT = 30_000

export interface SourcePool {
  readonly records: readonly SourceRecord[]
  /** Whether anybody can be asked for this. */
  offers(type: EthereumRequest['type']): boolean
  add(source: EvidenceSource): void
  remove(id: string): void
  /**
   * Asks one source after another until `check` accepts an answer. A check that throws an error of kind `lie` proves
   * the source a liar: the evidence is kept and the source is not asked again.
   * @throws {GlowwormError} the cause, or `NoSourceCouldProve` naming all causes
   */
  ask<T>(
    request: EthereumRequest,
    check: (bytes: Uint8Array) => T | Promise<T>,
    signal: AbortSignal,
  ): Promise<Checked<T>>
  /**
   * Lets the source that would be asked first answer already, while other work goes on. The next `ask` of the same takes
   * that answer and checks it like any other.
   */
  ahead(request: EthereumRequest, signal: AbortSignal): void
  /** Whether it was asked for ahead, and nobody has taken the answer yet. */
  isAhead(request: EthereumRequest): boolean
  /**
   * Asks every source that serves this at once; returns what they said, without waiting long for the last ones.
   * @param except a source that has said it already
   */
  askAll(request: EthereumRequest, signal: AbortSignal, except?: SourceDescription): Promise<Said[]>
  close(): Promise<void>
}

export function createSourcePool(clock: Clock, onLie: (record: SourceRecord) => void = () => {}): SourcePool {
  const records: SourceRecord[] = []
  const able = (type: EthereumRequest['type']) =>
    records
      .filter((record) => record.lie === null && record.source.serves(type))
      .sort((a, b) => a.failures - b.failures)

  const early = new Map<
    string,
    { readonly record: SourceRecord; readonly answer: Promise<EvidenceAnswer>; readonly since: number }
  >()
  /** What a source was asked for ahead, once, unless it is too old by now. */
  const takeEarly = (request: EthereumRequest, record: SourceRecord): Promise<EvidenceAnswer> | null => {
    const key = keyOf(request)
    const known = early.get(key)
    if (known?.record !== record) return null
    early.delete(key)
    return clock.now() - known.since < AHEAD_KEPT ? known.answer : null
  }

  const forgetOldestLiars = () => {
    const liars = records.filter(({ lie }) => lie !== null)
    for (const liar of liars.slice(0, Math.max(0, liars.length - MAX_LIARS))) records.splice(records.indexOf(liar), 1)
  }

  return {
    records,
    offers: (type) => able(type).length > 0,
    add(source) {
      // One origin may be a beacon node and an execution node: two sources, not one that replaces the other.
      const { id, carrier } = source.description
      const known = records.findIndex(
        ({ source: { description } }) => description.id === id && description.carrier === carrier,
      )
      const previous = known >= 0 ? records.splice(known, 1)[0]! : null
      // A liar that reconnects is still a liar.
      records.push({
        source,
        answers: previous?.answers ?? 0,
        bytes: previous?.bytes ?? 0,
        failures: 0,
        lie: previous?.lie ?? null,
      })
    },
    remove(id) {
      for (const record of records.filter(({ source, lie }) => source.description.id === id && lie === null))
        records.splice(records.indexOf(record), 1)
    },
    async ask(request, check, signal) {
      const causes: GlowwormError[] = []
      for (const record of able(request.type)) {
        signal.throwIfAborted()
        const start = clock.now()
        let bytes: Uint8Array
        try {
          ;({ bytes } = await (takeEarly(request, record) ?? record.source.request(request, signal)))
        } catch (cause) {
          signal.throwIfAborted()
          record.failures++
          causes.push(asGlowwormError(cause))
          continue
        }
        record.answers++
        record.bytes += bytes.length
        try {
          const result = await check(bytes)
          record.failures = Math.max(0, record.failures - 1)
          return { result, bytes, from: record.source.description, milliseconds: clock.now() - start }
        } catch (cause) {
          const error = asGlowwormError(cause)
          causes.push(error)
          record.failures++
          if (error.kind === 'lie') {
            record.lie = { error, request, evidence: bytes }
            forgetOldestLiars()
            onLie(record)
          }
        }
      }
      // Whoever could be asked has been caught lying: that is the reason, not silence.
      if (causes.length === 0)
        for (const { source, lie } of records) if (lie && source.serves(request.type)) causes.push(lie.error)
      throw causes.length === 1 ? causes[0]! : new NoSourceCouldProve(request, causes)
    },
    ahead(request, signal) {
      const [record] = able(request.type)
      if (!record) return
      const answer = record.source.request(request, signal)
      answer.catch(() => {}) // said to whoever takes it
      early.set(keyOf(request), { record, answer, since: clock.now() })
    },
    isAhead: (request) => early.has(keyOf(request)),
    async askAll(request, signal, except) {
      const said: Said[] = []
      const heard = Promise.withResolvers<void>()
      const others = able(request.type).filter(({ source: { description } }) => description !== except)
      const all = others.map(async ({ source }) => {
        const from = source.description
        try {
          said.push({ from, bytes: (await source.request(request, signal)).bytes, error: null })
          heard.resolve()
        } catch (error) {
          said.push({ from, bytes: null, error })
        }
      })
      // One silent source must not keep everybody waiting once another has answered.
      const patience = heard.promise.then(() => clock.sleep(PATIENCE, signal)).catch(() => {})
      await Promise.race([Promise.all(all), patience])
      return [...said]
    },
    async close() {
      await Promise.allSettled(records.map(({ source }) => source.close()))
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
  constructor(request: EthereumRequest, causes: readonly GlowwormError[]) {
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

function describe(request: EthereumRequest): string {
  return request.type.replaceAll('_', ' ') + (request.type === 'bootstrap' ? ` ${request.root}` : '')
}
