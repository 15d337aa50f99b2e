import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { MalformedAnswer, NotAvailable, Rejected, SourceUnreachable } from '../evidence-source.ts'
import { EVIDENCE_PROTOCOL, encodeHeader, encodeRequest, STATUS } from './evidence-protocol.ts'
import { encodeFrame } from './frame.ts'
import { chunksOf } from './infrastructure/upstream-faults.ts'
import type { Connection, Stream } from './node-types.ts'
import { DEFAULT_PEER_LIMITS } from './peer-limits.ts'
import { peerSource } from './peer-source.ts'
import { type EvidenceServer, type ServeOptions, serveEvidence } from './serve-evidence.ts'
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

async function connect(part = /\/ws\//, times = { silence: 5_000, whole: 20_000, jitter: 0 }) {
  const connection = await client.node.dial(addressOf(part))
  return {
    connection,
    source: peerSource(client.node, server.node.peerId, { clock: platformClock, role: 'bridge', times }),
  }
}

async function serve(
  answer: (request: EthereumRequest, signal: AbortSignal) => Promise<Uint8Array>,
  options: Partial<ServeOptions> = {},
) {
  evidence = await serveEvidence(server.node, sourceOf(answer), { clock: platformClock, ...options })
  return evidence
}

/** A peer that answers each request as `answer` does, whatever is asked. */
async function lie(answer: (stream: Stream) => Promise<void> | void) {
  const hearThenAnswer = async (stream: Stream) => {
    for await (const _request of chunksOf(stream)) break
    await answer(stream)
  }
  await server.node.handle(EVIDENCE_PROTOCOL, (stream: Stream) => {
    hearThenAnswer(stream).catch(() => {})
  })
}

describe('honest peers', () => {
  test.each([
    ['tcp', /\/tcp\/\d+\/p2p\//, 'tcp', 'TCP'],
    ['WebSocket', /\/ws\//, 'websocket', 'WebSocket'],
    ['webrtc-direct', /\/webrtc-direct\//, 'webrtc-direct', 'WebRTC'],
  ] as const)('evidence over %s', async (_name, part, carrier, word) => {
    await serve(async (request) => (request.type === 'receipts' ? large : Uint8Array.of(1, 2, 3)))
    const { source } = await connect(part)
    const { bytes, from } = await source.request(RECEIPTS, signal())
    expect(Buffer.compare(bytes, large)).toBe(0)
    const id = server.node.peerId.toString()
    const words = `bridge 12D3…${id.slice(-4)} over ${word}`
    expect(from).toEqual({ id, carrier, words, origins: ['device', `bridge:${id}`] })
    const small = await Promise.all(Array.from({ length: 40 }, () => source.request(HEADER, signal())))
    expect(small.map((answer) => [...answer.bytes])).toEqual(Array(40).fill([1, 2, 3]))
    expect(evidence?.served.ok).toBe(41)
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
    await lie((stream) => send(stream, encodeHeader('ok', 4097)))
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
      send(stream, encodeHeader('ok', 100))
      while (!stopped) {
        send(stream, new Uint8Array(1000))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
    await until(() => stopped)
  })

  test('surplus after a whole answer is refused', async () => {
    await lie(async (stream) => {
      send(stream, encodeHeader('ok', 2), Uint8Array.of(1, 2), Uint8Array.of(3))
      await stream.close()
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
  })

  test('a truncated answer is no answer', async () => {
    await lie(async (stream) => {
      send(stream, encodeHeader('ok', 2), Uint8Array.of(1))
      await stream.close()
    })
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a peer that vanishes in the middle of an answer is unreachable, and leaves nothing waiting', async () => {
    const begun = Promise.withResolvers<void>()
    await lie(async (stream) => {
      send(stream, encodeHeader('ok', 4000), new Uint8Array(1000))
      begun.resolve()
    })
    const { source } = await connect(/\/ws\//, { silence: 500, whole: 20_000, jitter: 0 })
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

  test('an unknown status and plain rubbish are malformed', async () => {
    await lie((stream) => send(stream, new TextEncoder().encode('HTTP/1.1 200 OK')))
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
  })

  test('silence and dripping end at their time limits', async () => {
    await lie(() => {})
    const silent = await connect(/\/ws\//, { silence: 200, whole: 60_000, jitter: 50 })
    await expect(silent.source.request(HEADER, signal())).rejects.toThrow(/no answer within/)
    await server.node.unhandle(EVIDENCE_PROTOCOL)
    await lie(async (stream) => {
      send(stream, encodeHeader('ok', 4000))
      for (;;) {
        send(stream, Uint8Array.of(1))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    })
    const dripping = await connect(/\/ws\//, { silence: 60_000, whole: 300, jitter: 0 })
    await expect(dripping.source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('a peer that does not speak the protocol is unreachable', async () => {
    const { source } = await connect()
    await expect(source.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })
})

describe('hostile askers', () => {
  const times = { request: 300, source: 300, answer: 300, farewell: 300 }

  /** Sends raw bytes; resolves with what comes back until the stream ends. */
  async function raw(connection: Connection, bytes: Uint8Array): Promise<Uint8Array> {
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    const received: number[] = []
    const reading = (async () => {
      for await (const chunk of chunksOf(stream)) received.push(...chunk)
    })().catch(() => {})
    if (bytes.length > 0) stream.send(bytes)
    await reading
    stream.abort(new Error('done'))
    return Uint8Array.from(received)
  }

  test('malformed requests get a refusal and nothing else happens', async () => {
    const { invalidRequest } = STATUS
    await serve(async () => Uint8Array.of(7), { times })
    const { connection, source } = await connect()
    const json = (text: string) => encodeFrame(new TextEncoder().encode(text))
    for (const bytes of [
      json('{"type":"everything"}'),
      json('[]'),
      json('nonsense'),
      json('{"type":"bootstrap","root":"0x12"}'),
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(...encodeRequest(HEADER), ...encodeRequest(HEADER)),
    ])
      expect((await raw(connection, bytes))[0]).toBe(invalidRequest)
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
    expect(evidence?.served).toMatchObject({ invalidRequest: 6, ok: 1 })
  })

  test('a request that never comes, or never ends, is given up', async () => {
    await serve(async () => Uint8Array.of(7), { times })
    const { connection, source } = await connect()
    expect(await raw(connection, new Uint8Array(0))).toEqual(new Uint8Array(0))
    expect(await raw(connection, encodeRequest(HEADER).subarray(0, 10))).toEqual(new Uint8Array(0))
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('an asker that does not read loses its stream, others do not notice', async () => {
    await serve(async (request) => (request.type === 'receipts' ? large : Uint8Array.of(7)), { times })
    const { connection, source } = await connect()
    const stream = await connection.newStream(EVIDENCE_PROTOCOL)
    stream.pause()
    stream.send(encodeRequest(RECEIPTS))
    await until(() => stream.status !== 'open')
    expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
  })

  test('a flood is answered with busy, and the flooder alone pays', async () => {
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
    const codes: (number | undefined)[] = []
    for (let round = 0; round < 12; round++) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => raw(connection, encodeRequest(HEADER)).catch(() => new Uint8Array(0))),
      )
      codes.push(...answers.map((answer) => answer[0]))
    }
    expect(most).toBeLessThanOrEqual(4)
    expect(codes.filter((code) => code === STATUS.ok).length).toBeLessThanOrEqual(31)
    expect(codes.filter((code) => code === STATUS.busy).length).toBeGreaterThan(40)
    const other = await startNode()
    try {
      await other.node.dial(addressOf(/\/ws\//))
      const source = peerSource(other.node, server.node.peerId, { clock: platformClock, role: 'bridge' })
      expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
    } finally {
      await other.node.stop()
    }
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
