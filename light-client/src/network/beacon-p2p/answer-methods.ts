/** The req/resp methods this node answers: what whoever dials must, and light-client data it has itself verified. @module */
import type { Hashes } from '@glowworm/wasm-core'
import { toHex } from '../../data/hex.ts'
import type { Clock } from '../../infrastructure/ports.ts'
import type { EvidenceRequest } from '../../ledgers/ethereum/evidence.ts'
import type { NetworkProfile } from '../../ledgers/ethereum/profile.ts'
import { splitUpdates } from '../../ledgers/ethereum/wire.ts'
import { type EvidenceSource, NotAvailable } from '../evidence-source.ts'
import { orAborted, startDeadline } from '../libp2p/deadline.ts'
import type { Connection, Libp2p, Stream } from '../libp2p/node-types.ts'
import { type PeerLimitOptions, type PeerLimits, peerLimits } from '../libp2p/peer-limits.ts'
import { readChunks, writeBytes } from '../libp2p/stream-bytes.ts'
import { byteQueue } from './byte-queue.ts'
import {
  exactly,
  GOODBYE,
  Goodbye,
  LIGHT_CLIENT_METHODS,
  MAX_REQUEST_LIGHT_CLIENT_UPDATES,
  METADATA,
  MetaData,
  PING,
  Ping,
  STATUS_V1,
  STATUS_V2,
  Status,
  StatusV2,
  UpdatesByRangeRequest,
} from './methods.ts'
import { LOCAL_METADATA, localStatus, type StatusV2Value } from './node-state.ts'
import { CONTEXT_BYTES, encodeChunk, encodeErrorChunk, payloadReader, RESULT } from './ssz-snappy.ts'

export interface AnswerOptions {
  readonly profile: NetworkProfile
  readonly hashes: Hashes
  readonly clock: Clock
  /** What was verified; nothing else is passed on here. */
  readonly verified: EvidenceSource
  readonly times?: AnswerTimes
  /** A peer has said what chain it is on. */
  readonly onStatus: (connection: Connection, status: Omit<StatusV2Value, 'earliest_available_slot'>) => void
  readonly onGoodbye: (connection: Connection, reason: bigint) => void
  /** A peer wants more than its share. */
  readonly onGreed: (peer: string) => void
}

/** Milliseconds. */
export interface AnswerTimes {
  /** RESP_TIMEOUT: until the request has arrived. */
  readonly request: number
  /** Until the peer has taken the answer. */
  readonly answer: number
}

const DEFAULT_TIMES: AnswerTimes = { request: 10_000, answer: 20_000 }

/** A request without content is answered at once; our end waits this long, because one that comes with protocol
 * negotiation loses the answer (`chunksOf`). Milliseconds. */
const LINGER = 100

const CONTROL_LIMITS: PeerLimitOptions = {
  pendingPerPeer: 4,
  pendingTotal: 128,
  perSecond: 1,
  burst: 15,
  peersRemembered: 1024,
}
const LIGHT_CLIENT_LIMITS: PeerLimitOptions = { ...CONTROL_LIMITS, pendingPerPeer: 2, perSecond: 0.5, burst: 8 }

/** Never more than a request is buffered. */
const MAX_UNREAD_BYTES = 4096
/** libp2p resets what is above, unseen; below, `PeerLimits` refuses and the peer's standing suffers. */
const MAX_STREAMS_PER_METHOD = 64

/** A chunk of an answer, made only when the one before has been taken. */
type Answer = Iterable<Uint8Array>

interface Method {
  readonly protocol: string
  /** SSZ bytes of the request; 0 for methods without content. */
  readonly requestBytes: number
  readonly limits: PeerLimits
  answer(request: Uint8Array, connection: Connection, signal: AbortSignal): Answer | Promise<Answer>
}

/** Registers all methods. Whatever a peer sends, at worst its own stream is reset. @returns ends them */
export async function answerMethods(node: Libp2p, options: AnswerOptions): Promise<() => Promise<void>> {
  const closing = new AbortController()
  const methods = methodsOf(options)
  for (const method of methods)
    await node.handle(
      method.protocol,
      async (stream: Stream, connection: Connection) => {
        try {
          await answerStream(method, stream, connection, options, closing.signal)
        } catch (error) {
          stream.abort(error instanceof Error ? error : new Error('the request could not be answered'))
        }
      },
      { maxInboundStreams: MAX_STREAMS_PER_METHOD, runOnLimitedConnection: false },
    )
  return async () => {
    closing.abort(new Error('the node is closing'))
    for (const { protocol } of methods) await node.unhandle(protocol)
  }
}

function methodsOf(options: AnswerOptions): Method[] {
  const { profile, hashes, clock, verified } = options
  const control = peerLimits(clock, CONTROL_LIMITS)
  const data = peerLimits(clock, LIGHT_CLIENT_LIMITS)
  const status = () => localStatus(profile, clock.now(), hashes)
  const evidence = async (request: EvidenceRequest, signal: AbortSignal) =>
    (await verified.request(request, signal)).bytes
  const one = async (request: EvidenceRequest, signal: AbortSignal) => [
    lightClientChunk(await evidence(request, signal)),
  ]

  return [
    {
      protocol: STATUS_V1,
      requestBytes: Status.size!,
      limits: control,
      answer(request, connection) {
        options.onStatus(connection, Status.deserialize(request))
        return [encodeChunk(Status.serialize(status()))]
      },
    },
    {
      protocol: STATUS_V2,
      requestBytes: StatusV2.size!,
      limits: control,
      answer(request, connection) {
        options.onStatus(connection, StatusV2.deserialize(request))
        return [encodeChunk(StatusV2.serialize(status()))]
      },
    },
    {
      protocol: PING,
      requestBytes: Ping.size!,
      limits: control,
      answer: () => [encodeChunk(Ping.serialize(LOCAL_METADATA.seq_number))],
    },
    ...([1, 2, 3] as const).map((version) => ({
      protocol: METADATA[version],
      requestBytes: 0,
      limits: control,
      answer: () => [encodeChunk(MetaData[version].serialize(LOCAL_METADATA))],
    })),
    {
      protocol: GOODBYE,
      requestBytes: Goodbye.size!,
      limits: control,
      answer(request, connection) {
        options.onGoodbye(connection, Goodbye.deserialize(request))
        return []
      },
    },
    {
      protocol: LIGHT_CLIENT_METHODS.bootstrap,
      requestBytes: 32,
      limits: data,
      answer: (root, _, signal) => one({ type: 'bootstrap', root: toHex(root) }, signal),
    },
    {
      protocol: LIGHT_CLIENT_METHODS.updates,
      requestBytes: UpdatesByRangeRequest.size!,
      limits: data,
      async answer(request, _, signal) {
        const { start_period, count } = UpdatesByRangeRequest.deserialize(request)
        if (count === 0n || start_period + count > 2n ** 53n) throw new InvalidMethodRequest('a range of no use')
        const wanted = Math.min(Number(count), MAX_REQUEST_LIGHT_CLIENT_UPDATES)
        const updates = await evidence({ type: 'updates', startPeriod: Number(start_period), count: wanted }, signal)
        return mapLazily(splitUpdates(updates), lightClientChunk)
      },
    },
    ...(['finality_update', 'optimistic_update'] as const).map((type) => ({
      protocol: LIGHT_CLIENT_METHODS[type],
      requestBytes: 0,
      limits: data,
      answer: (_request: Uint8Array, _connection: Connection, signal: AbortSignal) => one({ type }, signal),
    })),
  ]
}

const lightClientChunk = (bytes: Uint8Array) =>
  encodeChunk(bytes.subarray(CONTEXT_BYTES), bytes.subarray(0, CONTEXT_BYTES))

function* mapLazily<A, B>(items: Iterable<A>, map: (item: A) => B): Iterable<B> {
  for (const item of items) yield map(item)
}

async function answerStream(
  method: Method,
  stream: Stream,
  connection: Connection,
  options: AnswerOptions,
  closing: AbortSignal,
): Promise<void> {
  const { clock, times = DEFAULT_TIMES } = options
  const peer = connection.remotePeer.toString()
  stream.maxReadBufferLength = MAX_UNREAD_BYTES
  const gone = new AbortController()
  stream.addEventListener('close', () => gone.abort(new Error('the peer has gone')), { once: true })
  const leave = method.limits.enter(peer)
  const leavePlace = typeof leave === 'function' ? leave : () => {}
  const whole = startDeadline(clock, times.request + times.answer, AbortSignal.any([gone.signal, closing]))
  try {
    const chunks = await answerOf(
      method,
      stream,
      connection,
      typeof leave === 'string' ? leave : null,
      whole.signal,
      options,
    )
    for (const chunk of chunks) await writeBytes(stream, chunk, whole.signal)
    leavePlace()
    if (method.requestBytes === 0) await clock.sleep(LINGER, whole.signal)
    await stream.close({ signal: whole.signal })
  } finally {
    whole.clear()
    leavePlace()
  }
}

async function answerOf(
  method: Method,
  stream: Stream,
  connection: Connection,
  busy: string | null,
  signal: AbortSignal,
  { clock, times = DEFAULT_TIMES, onGreed }: AnswerOptions,
): Promise<Answer> {
  try {
    const deadline = startDeadline(clock, times.request, signal)
    const request = await readRequest(stream, method.requestBytes, deadline.signal).finally(deadline.clear)
    if (busy !== null) {
      onGreed(connection.remotePeer.toString())
      return [encodeErrorChunk(RESULT.resourceUnavailable, busy)]
    }
    return await orAborted(Promise.resolve(method.answer(request, connection, signal)), signal)
  } catch (error) {
    signal.throwIfAborted()
    return [refusalFor(error)]
  }
}

async function readRequest(stream: Stream, size: number, signal: AbortSignal): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array(0)
  const queue = byteQueue()
  const reader = payloadReader(exactly(size))
  for await (const bytes of readChunks(stream, signal)) {
    queue.append(bytes)
    const request = reader.read(queue)
    if (!request) continue
    if (queue.length > 0) throw new InvalidMethodRequest('bytes after the request')
    return request
  }
  throw new InvalidMethodRequest('it ends too early')
}

/** Inner failures are not spelt out. */
function refusalFor(error: unknown): Uint8Array {
  if (error instanceof NotAvailable) return encodeErrorChunk(RESULT.resourceUnavailable, 'not here')
  const kind = (error as { kind?: unknown }).kind
  if (error instanceof InvalidMethodRequest || kind === 'lie')
    return encodeErrorChunk(RESULT.invalidRequest, (error as Error).message)
  return encodeErrorChunk(RESULT.serverError, '')
}

/** What was asked cannot be a request of this method. */
class InvalidMethodRequest extends Error {
  constructor(reason: string) {
    super(`invalid request: ${reason}`)
    this.name = 'InvalidMethodRequest'
  }
}
