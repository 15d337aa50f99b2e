import { expect, test } from 'vitest'
import { platformClock } from '../../infrastructure/clock.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import type { PeerRequest } from '../../ledgers/ledger-evidence.ts'
import { MalformedAnswer, NotAvailable, Rejected, SourceUnreachable } from '../evidence-source.ts'
import { DEFAULT_SERVE_TIMES } from './answer-session.ts'
import { DEFAULT_ASK_TIMES } from './ask-session.ts'
import { askReader, decodeAsk, EVIDENCE_PROTOCOL } from './evidence-protocol.ts'
import { chunksOf } from './infrastructure/upstream-faults.ts'
import { peerSource } from './peer-source.ts'
import { HEADER, RECEIPTS, startNode, until } from './test-nodes.ts'
import { evidenceStreams, part, signal, twoNodes } from './two-nodes.test-kit.ts'

const nodes = twoNodes()
const { addressOf, connect, serve, lie } = nodes
const large = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 0xff)

test.each([
  ['tcp', /\/tcp\/\d+\/p2p\//, 'tcp', 'TCP'],
  ['WebSocket', /\/ws\//, 'websocket', 'WebSocket'],
  ['webrtc-direct', /\/webrtc-direct\//, 'webrtc-direct', 'WebRTC'],
] as const)('evidence over %s', async (_name, address, carrier, word) => {
  await serve(async (request) => (request.type === 'receipts' ? large : Uint8Array.of(1, 2, 3)))
  const { source, connection } = await connect(address)
  const { bytes, from } = await source.request(RECEIPTS, signal())
  expect(Buffer.compare(bytes, large)).toBe(0)
  const id = nodes.server.node.peerId.toString()
  const words = `bridge 12D3…${id.slice(-4)} over ${word}`
  expect(from).toEqual({ id, carrier, words, origins: ['device', `bridge:${id}`] })
  const small = await Promise.all(Array.from({ length: 40 }, () => source.request(HEADER, signal())))
  expect(small.map((answer) => [...answer.bytes])).toEqual(Array(40).fill([1, 2, 3]))
  expect(nodes.evidence?.served.ok).toBe(41)
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
        return peerSource(node, nodes.server.node.peerId, { clock: platformClock, role: 'bridge' })
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
    const serving = await serve(async () => Uint8Array.of(7), { times: { ...DEFAULT_SERVE_TIMES, idle: answerer } })
    const { source, connection } = await connect(/\/ws\//, { ...DEFAULT_ASK_TIMES, idle: asker })
    for (let i = 0; i < 2; i++) {
      expect((await source.request(HEADER, signal())).bytes).toEqual(Uint8Array.of(7))
      expect(evidenceStreams(connection)).toHaveLength(1)
      await until(() => evidenceStreams(connection).length === 0)
    }
    await serving.close()
  }
})

test('a server that closes answers what is under way first', async () => {
  const begun = Promise.withResolvers<void>()
  const held = Promise.withResolvers<Uint8Array>()
  const serving = await serve(async ({ type }) => {
    begun.resolve()
    return type === 'receipts' ? held.promise : Uint8Array.of(7)
  })
  const { source } = await connect()
  const asked = source.request(RECEIPTS, signal())
  await begun.promise
  const closing = serving.close(10_000)
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
  await until(() => nodes.evidence?.served.withdrawn === 1)
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
  await until(() => nodes.client.node.getConnections().length === 0)
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
