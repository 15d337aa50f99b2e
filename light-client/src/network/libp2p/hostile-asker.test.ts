import { expect, test } from 'vitest'
import { concatBytes } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import { EVIDENCE_PROTOCOL, encodeAsk, encodeRequest, partReader, type Status } from './evidence-protocol.ts'
import { encodeFrame } from './frame.ts'
import { chunksOf } from './infrastructure/upstream-faults.ts'
import type { Connection } from './node-types.ts'
import { DEFAULT_PEER_LIMITS } from './peer-limits.ts'
import { peerSource } from './peer-source.ts'
import { MAX_STREAMS_PER_PEER } from './serve-evidence.ts'
import { HEADER, RECEIPTS, startNode, until } from './test-nodes.ts'
import { signal, twoNodes } from './two-nodes.test-kit.ts'

const nodes = twoNodes()
const { addressOf, connect, serve } = nodes
const large = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 0xff)

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
  expect(nodes.evidence?.served).toMatchObject({ invalidRequest: 4, ok: 3 })
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
  expect(nodes.evidence!.served.ok).toBeLessThan(8)
  expect(nodes.evidence!.served.busy).toBeGreaterThan(8)
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
  await until(() => nodes.evidence!.served.ok + nodes.evidence!.served.busy === 16)
  // of 5 MiB each, in 16 places
  expect(nodes.evidence!.served.ok).toBe(3)
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
  await until(() => nodes.evidence!.served.ok === 1)
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
    const source = peerSource(other.node, nodes.server.node.peerId, { clock: platformClock, role: 'bridge' })
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
