/**
 * Carries evidence sources across a message channel, so that a page, which can hold peer connections, serves the
 * worker that verifies. Requests and answers cross, nothing else; each side validates what arrives.
 * `message-channel.ts` has the channels, `message-port-protocol.ts` the messages.
 * @module
 */
import type { Clock } from '../infrastructure/ports.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import {
  type EvidenceAnswer,
  type EvidenceSource,
  longestAnswer,
  MalformedAnswer,
  SourceUnreachable,
} from './evidence-source.ts'
import { startDeadline } from './libp2p/deadline.ts'
import { parseRequest, REQUEST_TYPES } from './libp2p/evidence-request.ts'
import type { UpdateKind, ValidateUpdate, Verdict } from './libp2p/gossip.ts'
import type { Channel } from './message-channel.ts'
import { brokenReplyTo, type Parcel, packError, readParcel, unpackError } from './message-port-protocol.ts'

export interface ExposedSources {
  add(source: EvidenceSource): void
  /** Requests under way at that source are cancelled. */
  remove(id: string): void
  /** Tells the other side of an update that has been accepted. */
  update(kind: UpdateKind, bytes: Uint8Array, from: string): void
  /** Has the other side, which verifies, judge an update. `ignore` when it does not answer. */
  readonly validate: ValidateUpdate
  close(): void
}

/** Verdicts waited for at a time; a verifier that does not keep up gets no more. */
const MAX_VERDICTS = 32

/** Milliseconds a verdict is waited for. */
const VERDICT_WITHIN = 15_000

/** The side that has the sources. */
export function exposeSources(channel: Channel, clock: Clock): ExposedSources {
  const sources = new Map<string, EvidenceSource>()
  const calls = new Map<number, { source: string; abort: AbortController }>()
  const verdicts = new Map<number, (verdict: Verdict) => void>()
  let counter = 0
  const send = (parcel: Parcel) => channel.send(parcel)

  const present = (source: EvidenceSource) =>
    send({
      kind: 'source',
      description: { ...source.description },
      serves: REQUEST_TYPES.filter((type) => source.serves(type)),
    })

  const answer = async (call: number, id: string, request: PeerRequest) => {
    const source = sources.get(id)
    if (!source) {
      send({ kind: 'failure', call, error: packError(new SourceUnreachable(id, 'the source is gone')) })
      return
    }
    const abort = new AbortController()
    const running = { source: id, abort }
    calls.set(call, running)
    try {
      const { bytes, from } = await source.request(request, abort.signal)
      if (abort.signal.aborted) return
      send({ kind: 'answer', call, bytes, from: { ...from } })
    } catch (error) {
      if (abort.signal.aborted) return
      send({ kind: 'failure', call, error: packError(error) })
      // what a source serves may just have changed
      if (sources.get(id) === source) present(source)
    } finally {
      if (calls.get(call) === running) calls.delete(call)
    }
  }

  /** The other side is new, for example a worker that was stopped and started again; it counts calls from one. */
  const welcome = () => {
    for (const { abort } of calls.values()) abort.abort(new Error('the asker has gone'))
    calls.clear()
    for (const source of sources.values()) present(source)
  }

  const remove = (id: string) => {
    if (!sources.delete(id)) return
    send({ kind: 'gone', id })
    for (const { source, abort } of calls.values()) if (source === id) abort.abort(new Error('the source is gone'))
  }

  const stop = channel.listen((message) => {
    const parcel = readParcel(message)
    if (!parcel) return
    if (parcel.kind === 'hello') welcome()
    else if (parcel.kind === 'request') {
      // a number in use would mix up two answers
      if (!calls.has(parcel.call)) void answer(parcel.call, parcel.source, parcel.request)
    } else if (parcel.kind === 'abort') calls.get(parcel.call)?.abort.abort(new Error('the request was cancelled'))
    else if (parcel.kind === 'verdict') verdicts.get(parcel.call)?.(parcel.verdict)
  })

  return {
    add(source) {
      sources.set(source.description.id, source)
      present(source)
    },
    remove,
    update: (update, bytes, from) => send({ kind: 'update', update, bytes, from }),
    async validate(update, bytes) {
      if (verdicts.size >= MAX_VERDICTS) return 'ignore'
      const call = ++counter
      const deadline = startDeadline(clock, VERDICT_WITHIN)
      try {
        return await new Promise<Verdict>((resolve) => {
          verdicts.set(call, resolve)
          deadline.signal.addEventListener('abort', () => resolve('ignore'), { once: true })
          send({ kind: 'validate', call, update, bytes })
        })
      } finally {
        deadline.clear()
        verdicts.delete(call)
      }
    },
    close() {
      for (const id of [...sources.keys()]) remove(id)
      for (const resolve of verdicts.values()) resolve('ignore')
      stop()
    },
  }
}

export interface RemoteSourcesOptions {
  readonly onSource: (source: EvidenceSource) => void
  readonly onSourceGone: (id: string) => void
  /** Updates other peers sent and the verifier accepted. */
  readonly onUpdate?: (kind: UpdateKind, bytes: Uint8Array, from: string) => void
  /** Judges updates for the other side. Absent: every update is ignored, so none is passed on. */
  readonly validate?: ValidateUpdate
}

export interface RemoteSources {
  sources(): EvidenceSource[]
  /** The other side has gone: its sources go, and what they were asked fails, until it presents them anew. */
  forget(): void
  close(): void
}

interface Call {
  readonly source: string
  readonly type: PeerRequest['type']
  resolve(answer: EvidenceAnswer): void
  reject(error: unknown): void
}

/** The side that wants the evidence. */
export function remoteSources(channel: Channel, options: RemoteSourcesOptions): RemoteSources {
  const sources = new Map<string, RemoteSource>()
  const calls = new Map<number, Call>()
  let counter = 0

  const ask = async (id: string, request: PeerRequest, signal: AbortSignal): Promise<EvidenceAnswer> => {
    signal.throwIfAborted()
    // the other side ignores what it cannot read; the caller would wait for ever
    const parcel: Parcel = { kind: 'request', call: ++counter, source: id, request: parseRequest(request) }
    const { call } = parcel
    const answered = Promise.withResolvers<EvidenceAnswer>()
    const onAbort = () => {
      channel.send({ kind: 'abort', call } satisfies Parcel)
      answered.reject(signal.reason)
    }
    calls.set(call, { source: id, type: request.type, resolve: answered.resolve, reject: answered.reject })
    signal.addEventListener('abort', onAbort, { once: true })
    channel.send(parcel)
    return answered.promise.finally(() => {
      calls.delete(call)
      signal.removeEventListener('abort', onAbort)
    })
  }

  const drop = (id: string) => {
    const source = sources.get(id)
    if (!source) return
    sources.delete(id)
    for (const call of calls.values())
      if (call.source === id) call.reject(new SourceUnreachable(source.description.words, 'the source is gone'))
    options.onSourceGone(id)
  }

  const receive = (parcel: Parcel) => {
    switch (parcel.kind) {
      case 'source': {
        const known = sources.get(parcel.description.id)
        if (known) return known.update(parcel.description, parcel.serves)
        const source = remoteSource(parcel.description, parcel.serves, ask)
        sources.set(parcel.description.id, source)
        return options.onSource(source)
      }
      case 'gone':
        return drop(parcel.id)
      case 'answer': {
        const call = calls.get(parcel.call)
        if (!call) return
        if (parcel.bytes.length > longestAnswer(call))
          return call.reject(new MalformedAnswer(parcel.from.words, `${parcel.bytes.length} bytes for ${call.type}`))
        return call.resolve({ bytes: parcel.bytes, from: parcel.from })
      }
      case 'failure':
        return calls.get(parcel.call)?.reject(unpackError(parcel.error))
      case 'update':
        return options.onUpdate?.(parcel.update, parcel.bytes, parcel.from)
      case 'validate':
        return void judge(options.validate, parcel.update, parcel.bytes).then((verdict) =>
          channel.send({ kind: 'verdict', call: parcel.call, verdict } satisfies Parcel),
        )
    }
  }

  const stop = channel.listen((message) => {
    const parcel = readParcel(message)
    if (parcel) return receive(parcel)
    const call = calls.get(brokenReplyTo(message) ?? 0)
    const words = call && (sources.get(call.source)?.description.words ?? call.source)
    call?.reject(new MalformedAnswer(words ?? '', 'the message that carries it is malformed'))
  })
  // whoever comes second: sources added before this side listened are presented again
  channel.send({ kind: 'hello' } satisfies Parcel)

  const forget = () => {
    for (const id of [...sources.keys()]) drop(id)
  }
  return {
    sources: () => [...sources.values()],
    forget,
    close() {
      stop()
      forget()
    },
  }
}

async function judge(validate: ValidateUpdate | undefined, kind: UpdateKind, bytes: Uint8Array): Promise<Verdict> {
  try {
    return (await validate?.(kind, bytes)) ?? 'ignore'
  } catch {
    return 'ignore'
  }
}

type Ask = (id: string, request: PeerRequest, signal: AbortSignal) => Promise<EvidenceAnswer>
type RemoteSource = EvidenceSource & {
  update(description: EvidenceSource['description'], serves: readonly PeerRequest['type'][]): void
}

function remoteSource(
  first: EvidenceSource['description'],
  types: readonly PeerRequest['type'][],
  ask: Ask,
): RemoteSource {
  const closing = new AbortController()
  let description = first
  let serves = new Set(types)
  return {
    get description() {
      return description
    },
    serves: (type) => !closing.signal.aborted && serves.has(type),
    request: (request, signal) => ask(description.id, request, AbortSignal.any([signal, closing.signal])),
    async close() {
      closing.abort(new SourceUnreachable(description.words, 'the source was closed'))
    },
    update(newer, newTypes) {
      description = newer
      serves = new Set(newTypes)
    },
  }
}
