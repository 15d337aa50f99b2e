import { expect, test } from 'vitest'
import { createSourcePool } from '../../application/source-pool.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { MalformedAnswer, SourceUnreachable } from '../evidence-source.ts'
import { DEFAULT_ASK_TIMES } from './ask-session.ts'
import { EVIDENCE_PROTOCOL } from './evidence-protocol.ts'
import type { Stream } from './node-types.ts'
import { HEADER, RECEIPTS, sourceOf, until } from './test-nodes.ts'
import { part, signal, twoNodes } from './two-nodes.test-kit.ts'

const nodes = twoNodes()
const { addressOf, connect, serve, lie } = nodes

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
  const [first, second] = await Promise.allSettled([source.request(HEADER, signal()), source.request(HEADER, signal())])
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
  for (const one of nodes.server.node.getConnections()) one.abort(new Error('the machine lost its power'))
  await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
  await nodes.client.node.hangUp(nodes.server.node.peerId)
  // it comes back, and behaves: the same source is as good as before
  await nodes.server.node.unhandle(EVIDENCE_PROTOCOL)
  await serve(async () => Uint8Array.of(7))
  await nodes.client.node.dial(addressOf(/\/ws\//))
  expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
})

test('silence and dripping end at their time limits', async () => {
  await lie(() => {})
  const silent = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, silence: 200, whole: 60_000, jitter: 50 })
  await expect(silent.source.request(HEADER, signal())).rejects.toThrow(/no answer within/)
  await nodes.server.node.unhandle(EVIDENCE_PROTOCOL)
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
