import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSourcePool } from '../../application/source-pool.ts'
import { concatBytes } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { MalformedAnswer, NotAvailable, Rejected, SourceUnreachable } from '../evidence-source.ts'
import { DEFAULT_SERVE_TIMES } from './answer-session.ts'
import { DEFAULT_ASK_TIMES } from './ask-session.ts'
import {
  askReader,
  decodeAsk,
  EVIDENCE_PROTOCOL,
  encodeAsk,
  encodePartHeader,
  encodeRequest,
  partReader,
  type Status,
} from './evidence-protocol.ts'
import { encodeFrame } from './frame.ts'
import { chunksOf } from './infrastructure/upstream-faults.ts'
import type { Connection, Stream } from './node-types.ts'
import { DEFAULT_PEER_LIMITS } from './peer-limits.ts'
import { peerSource } from './peer-source.ts'
import { type EvidenceServer, MAX_STREAMS_PER_PEER, type ServeOptions, serveEvidence } from './serve-evidence.ts'
import { HEADER, RECEIPTS, sourceOf, startNode, type TestNode, until } from './test-nodes.ts'

const signal = () => new AbortController().signal
const large = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 0xff)

let server: TestNode
let client: TestNode
let evidence: EvidenceServer | undefined

beforeEach(async () => {
  server = await startNode(['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws', '/ip4/127.0.0.1/udp/0/webrtc-direct'])
  client = await startNode()
})
afterEach(async () => {
  await evidence?.close()
  evidence = undefined
  await client.node.stop()
  await server.node.stop()
})

const addressOf = (part: RegExp) => {
  const address = server.node.getMultiaddrs().find((candidate) => part.test(candidate.toString()))
  if (!address) throw new Error(`the server does not listen on ${part}`)
  return address
}

async function connect(part = /\/ws\//, times = { ...DEFAULT_ASK_TIMES, silence: 5_000, whole: 20_000, jitter: 0 }) {
  const connection = await client.node.dial(addressOf(part))
  return {
    connection,
    source: peerSource(client.node, server.node.peerId, { clock: platformClock, role: 'bridge', times }),
  }
}

async function serve(
  answer: (request: PeerRequest, signal: AbortSignal) => Promise<Uint8Array>,
  options: Partial<ServeOptions> = {},
) {
  evidence = await serveEvidence(server.node, sourceOf(answer), { clock: platformClock, ...options })
  return evidence
}

/** Once the first requests of a stream have come, a peer does as `answer` does. */
async function lie(answer: (stream: Stream) => Promise<void> | void) {
  const hearThenAnswer = async (stream: Stream) => {
    for await (const _requests of chunksOf(stream)) break
    await answer(stream)
  }
  await server.node.handle(EVIDENCE_PROTOCOL, (stream: Stream) => {
    hearThenAnswer(stream).catch(() => {})
  })
}

/** A part of the answer to a request; on a new stream the first one has the id 1. */
const part = (
  content: Uint8Array,
  { id = 1, status = 'ok', length = content.length }: { id?: number; status?: Status; length?: number } = {},
) => concatBytes(encodePartHeader(id, status, length, content.length), content)

const evidenceStreams = ({ streams }: Connection) => streams.filter(({ protocol }) => protocol === EVIDENCE_PROTOCOL)

describe('honest peers', () => {
  test.each([
    ['tcp', /\/tcp\/\d+\/p2p\//, 'tcp', 'TCP'],
    ['WebSocket', /\/ws\//, 'websocket', 'WebSocket'],
    ['webrtc-direct', /\/webrtc-direct\//, 'webrtc-direct', 'WebRTC'],
  ] as const)('evidence over %s', async (_name, address, carrier, word) => {
    await serve(async (request) => (request.type === 'receipts' ? large : Uint8Array.of(1, 2, 3)))
    const { source, connection } = await connect(address)
    const { bytes, from } = await source.request(RECEIPTS, signal())
    expect(Buffer.compare(bytes, large)).toBe(0)
    const id = server.node.peerId.toString()
    const words = `bridge 12D3…${id.slice(-4)} over ${word}`
    expect(from).toEqual({ id, carrier, words, origins: ['device', `bridge:${id}`] })
    const small = await Promise.all(Array.from({ length: 40 }, () => source.request(HEADER, signal())))
    expect(small.map((answer) => [...answer.bytes])).toEqual(Array(40).fill([1, 2, 3]))
    expect(evidence?.served.ok).toBe(41)
    expect(evidenceStreams(connection)).toHaveLength(1)
  })

  test('twenty names at one address take half of the places, not all of them', async () => {
    const slow = Promise.withResolvers<Uint8Array>()
    let asked = 0
    const { served } = await serve(() => {
      asked += 1
      return slow.promise
    })
    const names = await Promise.all(Array.from({ length: 20 }, () => startNode()))
    try {
      const sources = await Promise.all(
        names.map(async ({ node }) => {
          await node.dial(addressOf(/\/ws\//))
          return peerSource(node, server.node.peerId, { clock: platformClock, role: 'bridge' })
        }),
      )
      const asking = sources.flatMap((source) => Array.from({ length: 12 }, () => source.request(HEADER, signal())))
      const settled = Promise.allSettled(asking)
      await until(() => served.busy === 240 - 128)
      expect(asked).toBe(128)
      slow.resolve(Uint8Array.of(1))
      expect((await settled).filter(({ status }) => status === 'fulfilled').length).toBe(128)
    } finally {
      for (const { node } of names) await node.stop()
    }
  }, 20_000)

  test('nobody waits behind what takes long, or is long', async () => {
    const slow = Promise.withResolvers<Uint8Array>()
    await serve(async ({ type }) =>
      type === 'bootstrap' ? slow.promise : type === 'receipts' ? large : Uint8Array.of(3),
    )
    const { source } = await connect()
    const order: string[] = []
    const ask = async (request: PeerRequest) => {
      const { bytes } = await source.request(request, signal())
      order.push(request.type)
      return bytes
    }
    const asked = [ask({ type: 'bootstrap', root: `0x${'22'.repeat(32)}` }), ask(RECEIPTS), ask(HEADER)]
    await asked[1]
    slow.resolve(Uint8Array.of(1))
    const [first, second, third] = await Promise.all(asked)
    expect(order).toEqual(['execution_header', 'receipts', 'bootstrap'])
    expect([first, third]).toEqual([Uint8Array.of(1), Uint8Array.of(3)])
    expect(Buffer.compare(second!, large)).toBe(0)
  })

  test('a stream on which nothing is asked is closed, by either side, and the next request has a new one', async () => {
    for (const [asker, answerer] of [
      [100, 60_000],
      [60_000, 100],
    ] as const) {
      const server = await serve(async () => Uint8Array.of(7), { times: { ...DEFAULT_SERVE_TIMES, idle: answerer } })
      const { source, connection } = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, idle: asker })
      for (let i = 0; i < 2; i++) {
        expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
        expect(evidenceStreams(connection)).toHaveLength(1)
        await until(() => evidenceStreams(connection).length === 0)
      }
      await server.close()
    }
  })

  test('a server that closes answers what is under way first', async () => {
    const begun = Promise.withResolvers<void>()
    const held = Promise.withResolvers<Uint8Array>()
    const server = await serve(async ({ type }) => {
      begun.resolve()
      return type === 'receipts' ? held.promise : Uint8Array.of(7)
    })
    const { source } = await connect()
    const asked = source.request(RECEIPTS, signal())
    await begun.promise
    const closing = server.close(10_000)
    await expect(source.request(HEADER, signal())).rejects.toThrow(/closing/)
    held.resolve(Uint8Array.of(1))
    expect((await asked).bytes).toEqual(Uint8Array.of(1))
    await closing
  })

  test('an empty answer is an answer', async () => {
    await serve(async () => new Uint8Array(0))
    const { source } = await connect()
    expect((await source.request(HEADER, signal())).bytes).toEqual(new Uint8Array(0))
  })

  test('refusals arrive as what they are', async () => {
    const failures: Record<string, Error> = {
      execution_header: new NotAvailable('upstream', 'it'),
      send_transaction: new Rejected('upstream', 'nonce too low'),
      receipts: new SourceUnreachable('upstream at a secret address', 'down'),
      transactions: new MalformedAnswer('upstream', 'odd'),
    }
    await serve(async ({ type }) => {
      throw failures[type] ?? new Error('unexpected')
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(NotAvailable)
    const sent = source.request({ type: 'send_transaction', raw: '0x01' }, signal())
    await expect(sent).rejects.toMatchObject({ code: 'REJECTED_BY_SOURCE', reason: 'nonce too low' })
    const failed = source.request(RECEIPTS, signal())
    await expect(failed).rejects.toBeInstanceOf(SourceUnreachable)
    await expect(failed).rejects.not.toThrow(/secret/)
    const odd = source.request({ ...RECEIPTS, type: 'transactions' } as EthereumRequest, signal())
    await expect(odd).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a type that is not served is remembered', async () => {
    await serve(async () => new Uint8Array(0))
    const { source } = await connect()
    expect(source.serves('fee_hint')).toBe(true)
    await expect(source.request({ type: 'fee_hint' }, signal())).rejects.toBeInstanceOf(NotAvailable)
    expect(source.serves('fee_hint')).toBe(false)
    expect(source.serves('receipts')).toBe(true)
  })

  test('aborting cancels the work on both sides', async () => {
    let upstream: AbortSignal | undefined
    await serve((_request, given) => {
      upstream = given
      return new Promise(() => {})
    })
    const { source } = await connect()
    const controller = new AbortController()
    const asked = source.request(HEADER, controller.signal)
    await until(() => upstream !== undefined)
    controller.abort(new Error('no longer wanted'))
    await expect(asked).rejects.toThrow('no longer wanted')
    await until(() => upstream?.aborted === true)
    await until(() => evidence?.served.withdrawn === 1)
  })

  test('what is no longer wanted stops, and the stream goes on', async () => {
    let asked = 0
    await lie(async (stream) => {
      stream.send(part(new Uint8Array(1000), { length: 4000 }))
      asked++
      const frames = askReader()
      for await (const chunk of chunksOf(stream))
        for (const { id, json } of frames.push(chunk).map(decodeAsk)) {
          if (json.length > 0) stream.send(part(Uint8Array.of(9), { id }))
          else {
            // what was on its way, and the end of it
            stream.send(part(new Uint8Array(1000), { length: 4000 }))
            stream.send(part(new Uint8Array(0), { id, status: 'withdrawn' }))
          }
        }
    })
    const { source, connection } = await connect()
    const controller = new AbortController()
    const unwanted = source.request(HEADER, controller.signal)
    await until(() => asked === 1)
    controller.abort(new Error('no longer wanted'))
    await expect(unwanted).rejects.toThrow('no longer wanted')
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(9))
    expect(evidenceStreams(connection)).toHaveLength(1)
  })

  test('a lost connection is an unreachable source', async () => {
    await serve(() => new Promise(() => {}))
    const { source, connection } = await connect()
    const asked = source.request(HEADER, signal())
    await until(() => connection.streams.some(({ protocol }) => protocol === EVIDENCE_PROTOCOL))
    connection.abort(new Error('cable cut'))
    await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
    await until(() => client.node.getConnections().length === 0)
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a request too long for the wire leaves the choice of another source', async () => {
    await serve(async () => new Uint8Array(0))
    const { source } = await connect()
    const long = source.request({ type: 'send_transaction', raw: `0x${'00'.repeat(4096)}` }, signal())
    await expect(long).rejects.toBeInstanceOf(NotAvailable)
  })

  test('a closed source rejects what is under way', async () => {
    await serve(() => new Promise(() => {}))
    const { source } = await connect()
    const asked = source.request(HEADER, signal())
    await source.close()
    await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
    expect(source.serves('receipts')).toBe(false)
  })
})

describe('lying and failing peers', () => {
  const send = (stream: Stream, ...pieces: Uint8Array[]) => {
    for (const piece of pieces) stream.send(piece)
  }

  test('an answer announced larger than allowed is refused before it comes', async () => {
    await lie((stream) => send(stream, part(Uint8Array.of(1), { length: 4097 })))
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toThrow(/announces 4097 bytes, at most 4096/)
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
  })

  test('an endless answer is cut off', async () => {
    let stopped = false
    await lie(async (stream) => {
      stream.addEventListener('close', () => {
        stopped = true
      })
      while (!stopped) {
        send(stream, part(new Uint8Array(30), { length: 100 }))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
    await until(() => stopped)
  })

  test.each([
    [
      'an answer that is longer than announced',
      [part(Uint8Array.of(1), { length: 2 }), part(Uint8Array.of(2, 3), { length: 2 })],
    ],
    ['an answer to an id that was not asked', [part(Uint8Array.of(1), { id: 3 })]],
    ['an answer to the id 0', [part(Uint8Array.of(1), { id: 0 })]],
    ['a withdrawal of what was not withdrawn', [part(new Uint8Array(0), { status: 'withdrawn' })]],
    ['bytes that are no part', [new TextEncoder().encode('HTTP/1.1 200 OK')]],
  ])('%s is malformed, and ends the stream', async (_what, pieces) => {
    let ended = false
    await lie((stream) => {
      stream.addEventListener('close', () => {
        ended = true
      })
      send(stream, ...pieces)
    })
    const { source } = await connect()
    const asked = await Promise.allSettled([source.request(HEADER, signal()), source.request(HEADER, signal())])
    for (const one of asked) expect(one).toMatchObject({ status: 'rejected', reason: { code: 'MALFORMED_ANSWER' } })
    await until(() => ended)
  })

  test('a second answer to the same id breaks what is still open, not what was answered', async () => {
    await lie((stream) => send(stream, part(Uint8Array.of(1)), part(Uint8Array.of(2))))
    const { source } = await connect()
    const [first, second] = await Promise.allSettled([
      source.request(HEADER, signal()),
      source.request(HEADER, signal()),
    ])
    expect(first).toMatchObject({ status: 'fulfilled', value: { bytes: Uint8Array.of(1) } })
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'MALFORMED_ANSWER' } })
  })

  test('a stream that is reset midway fails only what is unanswered, which is asked elsewhere', async () => {
    await lie((stream) => {
      send(stream, part(Uint8Array.of(1)), part(new Uint8Array(10), { id: 2, length: 100 }))
      setTimeout(() => stream.abort(new Error('enough')), 50)
    })
    const { source } = await connect()
    const elsewhere: PeerRequest[] = []
    const other = sourceOf(async (request) => {
      elsewhere.push(request)
      return Uint8Array.of(8)
    })
    const pool = createSourcePool(platformClock)
    pool.add(source)
    const requests = [HEADER, RECEIPTS, { ...RECEIPTS, type: 'transactions' } as EthereumRequest]
    const asked = requests.map((request) => pool.ask(request, (bytes) => bytes, signal()))
    pool.add(other)
    // the pool had chosen whom to ask before the other one came: what fails is asked again
    const outcomes = await Promise.allSettled(asked)
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
    for (const one of outcomes.slice(1)) expect(one).toMatchObject({ reason: { code: 'SOURCE_UNREACHABLE' } })
    for (const request of requests.slice(1))
      expect((await pool.ask(request, (bytes) => bytes, signal())).bytes).toEqual(Uint8Array.of(8))
    expect(elsewhere).toEqual(requests.slice(1))
  })

  test('a truncated answer is no answer', async () => {
    await lie(async (stream) => {
      send(stream, part(Uint8Array.of(1), { length: 2 }))
      await stream.close()
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a peer that vanishes in the middle of an answer is unreachable, and leaves nothing waiting', async () => {
    const begun = Promise.withResolvers<void>()
    await lie(async (stream) => {
      send(stream, part(new Uint8Array(1000), { length: 4000 }))
      begun.resolve()
    })
    const { source } = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, silence: 500, whole: 20_000, jitter: 0 })
    const asked = source.request(HEADER, signal())
    await begun.promise
    for (const one of server.node.getConnections()) one.abort(new Error('the machine lost its power'))
    await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
    await client.node.hangUp(server.node.peerId)
    // it comes back, and behaves: the same source is as good as before
    await server.node.unhandle(EVIDENCE_PROTOCOL)
    await serve(async () => Uint8Array.of(7))
    await client.node.dial(addressOf(/\/ws\//))
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('silence and dripping end at their time limits', async () => {
    await lie(() => {})
    const silent = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, silence: 200, whole: 60_000, jitter: 50 })
    await expect(silent.source.request(HEADER, signal())).rejects.toThrow(/no answer within/)
    await server.node.unhandle(EVIDENCE_PROTOCOL)
    await lie(async (stream) => {
      for (;;) {
        send(stream, part(Uint8Array.of(1), { length: 4000 }))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
    const dripping = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, silence: 60_000, whole: 300, jitter: 0 })
    await expect(dripping.source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a peer that does not speak the protocol is unreachable', async () => {
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })
})

describe('hostile askers', () => {
  const times = { request: 300, source: 300, answer: 300, idle: 60_000, farewell: 300 }

  /** Sends raw bytes; resolves with the ids and statuses that come back until the stream ends, or `enough` have come. */
  async function raw(connection: Connection, bytes: Uint8Array, enough = Number.POSITIVE_INFINITY) {
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    const answers: [number, Status][] = []
    const reader = partReader()
    if (bytes.length > 0) stream.send(bytes)
    try {
      for await (const chunk of chunksOf(stream)) {
        for (const { id, status } of reader.push(chunk)) answers.push([id, status])
        if (answers.length >= enough) break
      }
    } catch {
      answers.push([0, 'upstreamFailure']) // the stream was reset
    }
    stream.abort(new Error('done'))
    return answers
  }
  const RESET = [0, 'upstreamFailure']
  const header = (id: number) => encodeAsk(id, encodeRequest(HEADER))

  test('malformed requests get a refusal, and those beside them their answer', async () => {
    await serve(async () => Uint8Array.of(7), { times })
    const { connection, source } = await connect()
    const json = ['{"type":"everything"}', '[]', 'nonsense', '{"type":"bootstrap","root":"0x12"}']
    const asks = json.map((text, i) => encodeAsk(i + 2, new TextEncoder().encode(text)))
    const answers = await raw(connection, concatBytes(header(1), ...asks, header(9)), 6)
    expect(answers.sort(([a], [b]) => a - b)).toEqual([
      [1, 'ok'],
      ...[2, 3, 4, 5].map((id) => [id, 'invalidRequest']),
      [9, 'ok'],
    ])
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
    expect(evidence?.served).toMatchObject({ invalidRequest: 4, ok: 3 })
  })

  test.each([
    ['a length that is too long', Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['a frame without an id', encodeFrame(Uint8Array.of(1, 2, 3))],
    ['an id that was used before', concatBytes(header(2), header(2))],
    ['an id that is less than one before', concatBytes(header(2), header(1))],
    ['a withdrawal of what was not asked', encodeAsk(1, new Uint8Array(0))],
  ])('%s ends the stream, and nothing else happens', async (_what, bytes) => {
    await serve(async () => Uint8Array.of(7), { times })
    const { connection, source } = await connect()
    expect((await raw(connection, bytes)).at(-1)).toEqual(RESET)
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('a request that never comes, or never ends, is given up', async () => {
    await serve(async () => Uint8Array.of(7), { times })
    const { connection, source } = await connect()
    expect(await raw(connection, new Uint8Array(0))).toEqual([RESET])
    expect(await raw(connection, header(1).subarray(0, 10))).toEqual([RESET])
    // also after others that were whole
    expect(await raw(connection, concatBytes(header(1), header(2).subarray(0, 10)))).toEqual([[1, 'ok'], RESET])
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('an asker that does not read loses its stream, others do not notice', async () => {
    await serve(async (request) => (request.type === 'receipts' ? large : Uint8Array.of(7)), { times })
    const { connection, source } = await connect()
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    stream.pause()
    stream.send(encodeAsk(1, encodeRequest(RECEIPTS)))
    await until(() => stream.status !== 'open')
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('an asker that asks on without reading is refused, then loses its stream; little waits for it', async () => {
    let made = 0
    await serve(async () => {
      made++
      return large
    })
    const { connection } = await connect()
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    stream.pause()
    for (let id = 1; stream.status === 'open' && id < 1000; id++) {
      stream.send(encodeAsk(id, encodeRequest(RECEIPTS)))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(stream.status).not.toBe('open')
    // beyond so many bytes even the requests that are allowed at a time are refused
    expect(evidence!.served.ok).toBeLessThan(8)
    expect(evidence!.served.busy).toBeGreaterThan(8)
    expect(made).toBeLessThanOrEqual(16)
  })

  test('over all its streams no more waits for an asker, and others at its address, than there are places', async () => {
    const long = new Uint8Array(5 * 1024 * 1024)
    await serve(async ({ type }) => (type === 'receipts' ? long : Uint8Array.of(7)))
    const { source, connection } = await connect()
    const streams = await Promise.all(Array.from({ length: 4 }, () => connection.newStream(EVIDENCE_PROTOCOL)))
    for (const stream of streams) stream.pause()
    const ask = (id: number) => {
      for (const stream of streams) stream.send(encodeAsk(id, encodeRequest(RECEIPTS)))
    }
    for (const id of [1, 2, 3, 4]) ask(id)
    await until(() => evidence!.served.ok + evidence!.served.busy === 16)
    // of 5 MiB each, in 16 places
    expect(evidence!.served.ok).toBe(3)
    for (const stream of streams) stream.abort(new Error('enough'))
    const read = () => source.request(RECEIPTS, signal()).catch(() => null)
    await expect.poll(async () => (await read())?.bytes.length, { timeout: 10_000 }).toBe(long.length)
  })

  test('an answer that is withdrawn is not sent to its end', async () => {
    await serve(async () => large)
    const { connection } = await connect()
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    stream.pause()
    stream.send(encodeAsk(1, encodeRequest(RECEIPTS)))
    await until(() => evidence!.served.ok === 1)
    stream.send(encodeAsk(1, new Uint8Array(0)))
    await new Promise((resolve) => setTimeout(resolve, 100))
    stream.resume()
    const reader = partReader()
    let [bytes, last]: [number, Status] = [0, 'ok']
    for await (const chunk of chunksOf(stream)) {
      for (const { status, content } of reader.push(chunk)) {
        bytes += content.length
        last = status
      }
      if (last !== 'ok') break
    }
    expect(last).toBe('withdrawn')
    expect(bytes).toBeLessThan(large.length / 2)
    stream.abort(new Error('done'))
  })

  test('a flood is answered with busy, then loses its stream, and the flooder alone pays', async () => {
    let pending = 0
    let most = 0
    await serve(
      async () => {
        pending += 1
        most = Math.max(most, pending)
        await new Promise((resolve) => setTimeout(resolve, 20))
        pending -= 1
        return Uint8Array.of(7)
      },
      { limits: { ...DEFAULT_PEER_LIMITS, pendingPerPeer: 4, burst: 30, perSecond: 1 } },
    )
    const { connection } = await connect()
    const statuses: Status[] = []
    for (let round = 0; round < 8; round++) {
      const asks = Array.from({ length: 12 }, (_, i) => header(i + 1))
      statuses.push(...(await raw(connection, concatBytes(...asks), 12)).map(([, status]) => status))
    }
    expect(most).toBeLessThanOrEqual(4)
    expect(statuses.filter((status) => status === 'ok').length).toBeLessThanOrEqual(31)
    expect(statuses.filter((status) => status === 'busy').length).toBeGreaterThan(60)
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    let read = 0
    stream.addEventListener('message', ({ data }) => {
      read += data.byteLength
    })
    for (let id = 1; stream.status === 'open' && id < 1000; id++) {
      stream.send(header(id))
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    expect(stream.status).not.toBe('open')
    expect(read).toBeGreaterThan(0)
    const other = await startNode()
    try {
      await other.node.dial(addressOf(/\/ws\//))
      const source = peerSource(other.node, server.node.peerId, { clock: platformClock, role: 'bridge' })
      expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
    } finally {
      await other.node.stop()
    }
  })

  test('streams beyond a few of one peer are reset', async () => {
    await serve(async () => Uint8Array.of(7), { times })
    const { connection } = await connect()
    const streams = await Promise.allSettled(Array.from({ length: 40 }, () => connection.newStream(EVIDENCE_PROTOCOL)))
    const opened = () => streams.filter((one) => one.status === 'fulfilled' && one.value.status === 'open')
    await until(() => opened().length <= MAX_STREAMS_PER_PEER)
    await until(() => opened().length === 0)
  })

  test('an upstream that never answers, or answers too much, is the server’s failure', async () => {
    await serve(
      (request) => (request.type === 'receipts' ? new Promise(() => {}) : Promise.resolve(new Uint8Array(5000))),
      { times },
    )
    const { source } = await connect()
    await expect(source.request(RECEIPTS, signal())).rejects.toThrow(/its own source failed/)
    await expect(source.request(HEADER, signal())).rejects.toThrow(/its own source failed/)
  })
})
