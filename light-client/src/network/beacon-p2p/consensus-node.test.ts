/** Two of our own nodes over TCP on loopback, and strangers of whom the test writes every byte. */
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { concatBytes } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import { memoryStore } from '../../infrastructure/memory-store.ts'
import type { EthereumRequest } from '../../ledgers/ethereum/evidence.ts'
import { splitUpdates } from '../../ledgers/ethereum/wire.ts'
import type { EvidenceSource } from '../evidence-source.ts'
import { until } from '../libp2p/test-nodes.ts'
import { byteQueue } from './byte-queue.ts'
import type { ConsensusNode, ConsensusNodeOptions } from './consensus-node.ts'
import { exactly, GOODBYE, Goodbye, LIGHT_CLIENT_METHODS, METADATA, MetaData, PING, Ping } from './methods.ts'
import { requestChunks } from './request-chunks.ts'
import { encodeChunk, encodeErrorChunk, encodePayload, payloadReader } from './ssz-snappy.ts'
import {
  answering,
  type Behaviour,
  hashes,
  madeBootstrap,
  madeEvidence,
  madeUpdate,
  PROFILE,
  ROOT,
  type Stranger,
  startConsensusNode,
  startStranger,
} from './test-consensus.ts'
import { encodeUvarint } from './uvarint.ts'

const nodes: ConsensusNode[] = []
const strangers: Stranger[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()))
  await Promise.all(strangers.splice(0).map(({ node }) => node.stop()))
})

async function start(given: Partial<ConsensusNodeOptions> = {}): Promise<ConsensusNode> {
  const node = await startConsensusNode(given)
  nodes.push(node)
  return node
}
async function meet(methods: Record<string, Behaviour> = {}): Promise<Stranger> {
  const stranger = await startStranger(methods)
  strangers.push(stranger)
  return stranger
}
const signal = () => new AbortController().signal
const ask = async (source: EvidenceSource | undefined, request: EthereumRequest) =>
  (await source!.request(request, signal())).bytes
const FINALITY: EthereumRequest = { type: 'finality_update' }
const UPDATES: EthereumRequest = { type: 'updates', startPeriod: 0, count: 4 }
const QUICK = { firstByte: 1_000, chunk: 1_500, whole: 8_000 }
/** Digest and SSZ as one chunk of an answer. */
const chunkOf = (evidence: Uint8Array) => encodeChunk(evidence.subarray(4), evidence.subarray(0, 4))

/** A client whose only peer answers a method as the test says. */
async function clientOf(method: keyof typeof LIGHT_CLIENT_METHODS, behaviour: Behaviour, given = {}) {
  const stranger = await meet({ [LIGHT_CLIENT_METHODS[method]]: behaviour })
  const client = await start({ peers: [stranger.address], times: QUICK, pollInterval: 0, ...given })
  return { client, source: client.sources[0], stranger }
}

describe('two nodes', () => {
  it('exchange all four kinds of light-client data, byte for byte', async () => {
    const server = await start()
    const client = await start({ peers: server.multiaddrs() })
    const [source] = client.sources
    const honest = madeEvidence()
    const requests: EthereumRequest[] = [
      { type: 'bootstrap', root: ROOT },
      UPDATES,
      FINALITY,
      { type: 'optimistic_update' },
    ]
    for (const request of requests) expect(await ask(source, request)).toEqual(await ask(honest, request))
    expect(client.peers()).toEqual([{ peerId: server.peerId, state: 'connected' }])
    await expect(ask(source, { type: 'bootstrap', root: `0x${'22'.repeat(32)}` })).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
    })
    expect(source!.serves('execution_header')).toBe(false)
  })

  it('meet over QUIC, where its library is installed; without it TCP is left, and that is said', async () => {
    const update = madeUpdate('finality_update', 150)
    const stranger = await startStranger(
      { [LIGHT_CLIENT_METHODS.finality_update]: answering(() => chunkOf(update)) },
      'quic',
    )
    strangers.push(stranger)
    const client = await start({ peers: [stranger.address] })
    expect(await ask(client.sources[0], FINALITY)).toEqual(update)

    vi.doMock('@chainsafe/libp2p-quic', () => {
      throw new Error('no native library')
    })
    vi.resetModules()
    const { createConsensusNode } = await import('./consensus-node.ts')
    const reports: string[] = []
    const without = await createConsensusNode({
      profile: PROFILE,
      hashes,
      clock: platformClock,
      peers: [stranger.address],
      verified: madeEvidence(),
      validate: async () => 'ignore',
      report: (message) => reports.push(message),
    })
    nodes.push(without)
    expect(reports[0]).toContain('QUIC is not available here')
    vi.doUnmock('@chainsafe/libp2p-quic')
  })

  it('keep their identity in the store', async () => {
    const store = memoryStore()
    const { peerId } = await start({ store })
    expect(peerId).toMatch(/^16Uiu2/)
    expect((await start({ store })).peerId).toBe(peerId)
    expect((await start()).peerId).not.toBe(peerId)
  })

  it('come together again after one was away', async () => {
    const store = memoryStore()
    const server = await start({ store })
    const [address] = server.multiaddrs()
    const port = Number(/tcp\/(\d+)/.exec(address!)![1])
    const client = await start({ peers: [address!] })
    await ask(client.sources[0], FINALITY)
    await nodes.splice(nodes.indexOf(server), 1)[0]!.close()
    await until(() => client.peers()[0]!.state !== 'connected')
    await start({ store, listen: { host: '127.0.0.1', tcpPort: port } })
    expect(await ask(client.sources[0], UPDATES)).toEqual(await ask(madeEvidence(), UPDATES))
  })

  it('of different networks part with a goodbye', async () => {
    const goodbyes: bigint[] = []
    const stranger = await meet({
      [GOODBYE]: async (stream) => {
        const queue = byteQueue()
        for await (const bytes of stream) queue.append(bytes.subarray())
        goodbyes.push(Goodbye.deserialize(payloadReader(exactly(8)).read(queue)!))
      },
    })
    const elsewhere = { ...PROFILE, genesis: { ...PROFILE.genesis, validatorsRoot: ROOT } }
    const node = await start({ profile: elsewhere, peers: [stranger.address] })
    await expect(ask(node.sources[0], FINALITY)).rejects.toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      message: expect.stringContaining('another network'),
    })
    await until(() => node.connections().length === 0)
    expect(goodbyes).toEqual([2n])
  })

  it('have nothing to do with a banned one any more, whoever dials', async () => {
    const store = memoryStore()
    const server = await start({ store })
    const client = await start({ peers: server.multiaddrs() })
    await ask(client.sources[0], FINALITY)
    await client.ban(server.peerId)
    await until(() => client.peers()[0]!.state === 'barred' && client.connections().length === 0)
    await expect(ask(client.sources[0], UPDATES)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
    await nodes.splice(nodes.indexOf(server), 1)[0]!.close()
    const reports: string[] = []
    const back = await start({ store, peers: client.multiaddrs(), report: (message) => reports.push(message) })
    expect(back.peerId).toBe(server.peerId)
    await until(() => reports.length > 0)
    expect(back.peers()[0]!.state).toBe('waiting')
  })
})

describe('a dialler is answered', () => {
  const exchange = async (node: ConsensusNode, protocol: string, content: Uint8Array | null, size: number) => {
    const stranger = await meet()
    const connection = await stranger.node.dial(multiaddr(node.multiaddrs()[0]!))
    const spoken = () => ({ content, contextBytes: 0 as const, boundsOf: () => exactly(size) })
    return requestChunks(connection, { protocols: [protocol], maxChunks: 1, spoken }, signal(), platformClock)
  }

  it('ping, and metadata in three versions', async () => {
    const node = await start()
    const pong = await exchange(node, PING, Ping.serialize(7n), 8)
    expect(pong.chunks).toEqual([expect.objectContaining({ result: 'success', ssz: new Uint8Array(8) })])
    for (const version of [1, 2, 3] as const) {
      const { chunks } = await exchange(node, METADATA[version], null, MetaData[version].size!)
      expect(chunks[0]).toMatchObject({ result: 'success', ssz: new Uint8Array([16, 17, 25][version - 1]!) })
    }
  })

  it('goodbye with a closed connection', async () => {
    const node = await start()
    const stranger = await meet()
    const connection = await stranger.node.dial(multiaddr(node.multiaddrs()[0]!))
    await until(() => node.connections().length === 1)
    const stream = await connection.newStream(GOODBYE)
    stream.send(encodePayload(Goodbye.serialize(1n)))
    await until(() => node.connections().length === 0)
  })

  it.each([
    ['a request that is too long', encodeUvarint(33)],
    ['one that is too short', encodePayload(new Uint8Array(31))],
    ['a bomb', concatBytes(encodeUvarint(32), Uint8Array.of(0xff, 0xff, 0xff, 0xff))],
    ['bytes after the request', concatBytes(encodePayload(new Uint8Array(32)), Uint8Array.of(1))],
  ])('%s with result 1', async (_, bytes) => {
    const node = await start()
    const stranger = await meet()
    const connection = await stranger.node.dial(multiaddr(node.multiaddrs()[0]!))
    const stream = await connection.newStream(LIGHT_CLIENT_METHODS.bootstrap)
    stream.send(bytes)
    const answer = await new Promise<Uint8Array>((resolve) =>
      stream.addEventListener('message', ({ data }) => resolve(data.subarray()), { once: true }),
    )
    expect(answer[0]).toBe(1)
  })

  it('a flood with refusals, until it is barred, on whatever connection', async () => {
    const reports: string[] = []
    const node = await start({ report: (message) => reports.push(message) })
    const stranger = await meet()
    const dial = () => stranger.node.dial(multiaddr(node.multiaddrs()[0]!))
    const spoken = () => ({ content: null, contextBytes: 4 as const, boundsOf: () => ({ min: 0, max: 5000 }) })
    const request = { protocols: [LIGHT_CLIENT_METHODS.finality_update], maxChunks: 1, spoken }
    const results: string[] = []
    const barred = () => reports.some((report) => report.includes(`${stranger.node.peerId} is barred`))
    while (!barred() && results.length < 300) {
      // The multiplexer, too, may cut off who opens streams this fast.
      const answer = await requestChunks(await dial(), request, signal(), platformClock).catch(() => null)
      const [chunk] = answer?.chunks ?? []
      results.push(chunk?.result === 'error' ? `error ${chunk.code}` : (chunk?.result ?? 'none'))
    }
    expect(results.slice(0, 8)).toEqual(Array(8).fill('success'))
    expect(results).toContain('error 3')
    expect(barred(), results.join(', ')).toBe(true)
    await until(() => node.connections().length === 0)
    const again = (async () => requestChunks(await dial(), request, signal(), platformClock))()
    await expect(again).rejects.toThrow()
  }, 40_000)
})

describe('an answer', () => {
  it('of two periods and then an error is two periods', async () => {
    const updates = [madeUpdate('updates', 5), madeUpdate('updates', 70)]
    const { source } = await clientOf(
      'updates',
      answering(() => concatBytes(...updates.map(chunkOf), encodeErrorChunk(2, 'No partialUpdate'))),
    )
    expect(splitUpdates(await ask(source, UPDATES))).toEqual(updates)
  })

  it('that breaks off in the second period is one period', async () => {
    const update = madeUpdate('updates', 5)
    const { source } = await clientOf('updates', async (stream) => {
      stream.send(concatBytes(chunkOf(update), chunkOf(update).subarray(0, -20)))
      await new Promise((resolve) => setTimeout(resolve, 100))
      stream.abort(new Error('gone'))
    })
    expect(splitUpdates(await ask(source, UPDATES))).toEqual([update])
  })

  it.each([
    [1, 'REJECTED_BY_SOURCE'],
    [2, 'SOURCE_UNREACHABLE'],
    [3, 'NOT_AVAILABLE'],
    [139, 'SOURCE_UNREACHABLE'],
  ])('with result %i is an error with its text', async (result, code) => {
    const { source } = await clientOf(
      'finality_update',
      answering(() => encodeErrorChunk(result, 'in its own words')),
    )
    await expect(ask(source, FINALITY)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('in its own words'),
    })
  })

  const update = () => madeUpdate('finality_update', 150)
  const digest = () => update().subarray(0, 4)
  it.each([
    [
      'under the digest of another epoch',
      () => chunkOf(concatBytes(madeUpdate('finality_update', 800_010).subarray(0, 4), update().subarray(4))),
    ],
    [
      'of a declared length that its type cannot have',
      () => concatBytes(Uint8Array.of(0), digest(), encodeUvarint(100_000)),
    ],
    [
      'that is a bomb',
      () =>
        concatBytes(
          Uint8Array.of(0),
          digest(),
          encodeUvarint(update().length - 4),
          Uint8Array.of(
            0xff,
            6,
            0,
            0,
            0x73,
            0x4e,
            0x61,
            0x50,
            0x70,
            0x59,
            0,
            0x12,
            0,
            0,
            1,
            2,
            3,
            4,
            0xff,
            0xff,
            0xff,
            0xff,
            0x0f,
            ...new Uint8Array(9),
          ),
        ),
    ],
    [
      'with a changed byte',
      () => {
        const bytes = chunkOf(update())
        bytes[bytes.length - 3]! ^= 1
        return bytes
      },
    ],
    ['that is SSZ of another type', () => chunkOf(madeBootstrap(8))],
    ['that goes on', () => concatBytes(chunkOf(update()), chunkOf(update()))],
    ['of rubbish', () => Uint8Array.of(0, ...digest(), 0x84, 0x07, 0xfd, 0xff, 0xff, 0xff)],
  ])('%s is malformed', async (_, bytes) => {
    const { source } = await clientOf('finality_update', answering(bytes))
    await expect(ask(source, FINALITY)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER', kind: 'lie' })
  })

  it('under a digest that nobody knows is not available in a known form', async () => {
    const { source } = await clientOf(
      'finality_update',
      answering(() => encodeChunk(update().subarray(4), Uint8Array.of(9, 9, 9, 9))),
    )
    await expect(ask(source, FINALITY)).rejects.toMatchObject({
      code: 'NOT_AVAILABLE',
      message: expect.stringContaining('09090909'),
    })
  })

  it('that is malformed again and again bars the peer', async () => {
    const { client, source } = await clientOf(
      'finality_update',
      answering(() => Uint8Array.of(0, 1, 2)),
    )
    await ask(source, FINALITY).catch(() => {})
    const { source: other, client: second } = await clientOf(
      'finality_update',
      answering(() =>
        chunkOf(concatBytes(madeUpdate('finality_update', 800_010).subarray(0, 4), update().subarray(4))),
      ),
    )
    for (let i = 0; i < 4; i++) await expect(ask(other, FINALITY)).rejects.toMatchObject({ code: 'MALFORMED_ANSWER' })
    await until(() => second.peers()[0]!.state === 'barred' && second.connections().length === 0)
    expect(client.peers()[0]!.state).toBe('connected')
  })

  it.each<[string, Behaviour]>([
    ['never comes', async () => {}],
    [
      'is empty',
      async (stream) => {
        await new Promise((resolve) => setTimeout(resolve, 50))
        await stream.close()
      },
    ],
    [
      'drips a byte at a time',
      async (stream) => {
        for (const byte of chunkOf(update())) {
          if (stream.status !== 'open') return
          stream.send(Uint8Array.of(byte))
          await new Promise((resolve) => setTimeout(resolve, 100))
        }
      },
    ],
    ['ends in the middle', answering(() => chunkOf(update()).subarray(0, -20))],
    [
      'is cut off',
      async (stream) => {
        stream.send(Uint8Array.of(0))
        stream.abort(new Error('cut'))
      },
    ],
  ])('that %s is no answer', async (_, behaviour) => {
    const { source } = await clientOf('finality_update', behaviour)
    await expect(ask(source, FINALITY)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' })
  })

  it('that never ends is refused after as much as its type can need', async () => {
    let sent = 0
    const { source } = await clientOf('finality_update', async (stream) => {
      stream.send(
        concatBytes(
          Uint8Array.of(0),
          digest(),
          encodeUvarint(update().length - 4),
          Uint8Array.of(0xff, 6, 0, 0, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59),
        ),
      )
      while (stream.status === 'open' && sent < 50_000_000) {
        const padding = new Uint8Array(1000)
        padding.set([0xfe, 0xe4, 3, 0])
        stream.send(padding)
        await new Promise((resolve) => setImmediate(resolve))
        sent += padding.length
      }
    })
    await expect(ask(source, FINALITY)).rejects.toThrow('longer than their content can need')
    expect(sent).toBeLessThan(5_000_000)
  })

  it('of a node that does not serve light clients is not asked for again', async () => {
    const stranger = await meet()
    const client = await start({ peers: [stranger.address], pollInterval: 0 })
    const [source] = client.sources
    expect(source!.serves('finality_update')).toBe(true)
    await expect(ask(source, FINALITY)).rejects.toMatchObject({ code: 'NOT_AVAILABLE' })
    expect(source!.serves('finality_update')).toBe(false)
    expect(source!.serves('bootstrap')).toBe(true)
  })

  it('is given again until the node may be asked again, and not asked for beyond its patience', async () => {
    let asked = 0
    const behaviour = answering(() => {
      asked++
      return chunkOf(madeUpdate('finality_update', 150 + asked))
    })
    const { source } = await clientOf('finality_update', behaviour, { pollInterval: 60_000 })
    const first = await ask(source, FINALITY)
    expect(await ask(source, FINALITY)).toEqual(first)
    expect(asked).toBe(1)
    const { source: eager } = await clientOf('finality_update', behaviour)
    const outcomes = []
    for (let i = 0; i < 6; i++)
      outcomes.push(
        await ask(eager, FINALITY).then(
          () => 'ok',
          ({ message }) => message,
        ),
      )
    expect(outcomes.slice(0, 4)).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(outcomes[5]).toContain('asked too often')
  })
})
