import { afterEach, describe, expect, test } from 'vitest'
import { platformClock } from '../infrastructure/clock.ts'
import type { PeerRequest } from '../ledgers/ledger-evidence.ts'
import {
  type EvidenceSource,
  MAX_ANSWER_BYTES,
  MalformedAnswer,
  NotAvailable,
  Rejected,
  SourceUnreachable,
} from './evidence-source.ts'
import { InvalidRequest } from './libp2p/evidence-request.ts'
import type { UpdateKind } from './libp2p/gossip.ts'
import { type Channel, clonedChannel, jsonChannel, namedChannel } from './message-channel.ts'
import { exposeSources, type RemoteSourcesOptions, remoteSources } from './message-port-source.ts'

const HASH = `0x${'11'.repeat(32)}` as const
const HEADER: PeerRequest = { type: 'execution_header', blockHash: HASH }
const signal = () => new AbortController().signal
const settle = () => new Promise((resolve) => setTimeout(resolve, 30))

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

function clonedPair(): [Channel, Channel] {
  const { port1, port2 } = new MessageChannel()
  cleanups.push(() => port1.close())
  return [clonedChannel(port1), clonedChannel(port2)]
}

/** Two ends that carry JSON text only, as chrome.runtime.Port does. */
function jsonPair(): [Channel, Channel] {
  const sides = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const
  const end = (own: 0 | 1) =>
    jsonChannel({
      postMessage(message) {
        const text = JSON.stringify(message)
        queueMicrotask(() => {
          for (const listener of sides[own === 0 ? 1 : 0]) listener(JSON.parse(text))
        })
      },
      onMessage: {
        addListener: (listener) => sides[own].add(listener),
        removeListener: (listener) => sides[own].delete(listener),
      },
    })
  return [end(0), end(1)]
}

function source(
  request: (request: PeerRequest, signal: AbortSignal) => Promise<Uint8Array>,
  serves: EvidenceSource['serves'] = () => true,
): EvidenceSource {
  const description = { id: 'peer-1', carrier: 'webrtc', words: 'peer 12D3…abcd over WebRTC' } as const
  return {
    description,
    serves,
    request: async (what, given) => ({ bytes: await request(what, given), from: description }),
    close: async () => {},
  }
}

function connect([page, worker]: [Channel, Channel], options: Partial<RemoteSourcesOptions> = {}) {
  const found: EvidenceSource[] = []
  const gone: string[] = []
  const exposed = exposeSources(page, platformClock)
  const remote = remoteSources(worker, {
    onSource: (one) => found.push(one),
    onSourceGone: (id) => gone.push(id),
    ...options,
  })
  cleanups.push(() => {
    remote.close()
    exposed.close()
  })
  return { exposed, remote, found, gone }
}

describe.each([
  ['structured clone', clonedPair],
  ['JSON', jsonPair],
])('over %s', (_name, pair) => {
  test('a source crosses with its description and answers', async () => {
    const held = Uint8Array.from({ length: 100_000 }, (_, i) => i & 0xff)
    const { exposed, found } = connect(pair())
    exposed.add(
      source(
        async (what) => (what.type === 'receipts' ? held : new Uint8Array(0)),
        (type) => type !== 'fee_hint',
      ),
    )
    await settle()
    expect(found).toHaveLength(1)
    const [one] = found as [EvidenceSource]
    expect(one.description).toEqual({ id: 'peer-1', carrier: 'webrtc', words: 'peer 12D3…abcd over WebRTC' })
    expect([one.serves('receipts'), one.serves('fee_hint')]).toEqual([true, false])
    const { bytes, from } = await one.request({ type: 'receipts', blockHash: HASH }, signal())
    expect(bytes).toEqual(held)
    expect(from).toEqual(one.description)
    expect(held.byteLength).toBe(100_000)
    expect((await one.request(HEADER, signal())).bytes).toEqual(new Uint8Array(0))
  })

  test('a source added before the other side listens is found all the same', async () => {
    const [page, worker] = pair()
    const exposed = exposeSources(page, platformClock)
    exposed.add(source(async () => Uint8Array.of(1)))
    await settle()
    const found: EvidenceSource[] = []
    const remote = remoteSources(worker, { onSource: (one) => found.push(one), onSourceGone: () => {} })
    cleanups.push(() => remote.close())
    await settle()
    expect(found.map(({ description }) => description.id)).toEqual(['peer-1'])
  })

  test.each([
    ['NotAvailable', new NotAvailable('peer', 'it'), NotAvailable],
    ['SourceUnreachable', new SourceUnreachable('peer', 'cable cut'), SourceUnreachable],
    ['MalformedAnswer', new MalformedAnswer('peer', 'odd'), MalformedAnswer],
    ['Rejected', new Rejected('peer', 'nonce too low'), Rejected],
  ])('%s survives the crossing', async (_error, error, Class) => {
    const { exposed, found } = connect(pair())
    exposed.add(source(() => Promise.reject(error)))
    await settle()
    const failed = await found[0]?.request(HEADER, signal()).catch((cause: unknown) => cause)
    expect(failed).toBeInstanceOf(Class)
    const { name, code, kind, message, next } = error
    expect(failed).toMatchObject({ name, code, kind, message, next })
    if (error instanceof Rejected) expect(failed).toMatchObject({ reason: 'nonce too low' })
  })

  test('an error that is not ours becomes an unreachable source', async () => {
    const { exposed, found } = connect(pair())
    exposed.add(source(() => Promise.reject(new TypeError('boom'))))
    await settle()
    await expect(found[0]?.request(HEADER, signal())).rejects.toBeInstanceOf(SourceUnreachable)
  })

  test('aborting reaches the source, and the caller gets its own reason at once', async () => {
    let given: AbortSignal | undefined
    const { exposed, found } = connect(pair())
    exposed.add(
      source((_what, inner) => {
        given = inner
        return new Promise(() => {})
      }),
    )
    await settle()
    const controller = new AbortController()
    const asked = found[0]?.request(HEADER, controller.signal)
    await settle()
    controller.abort(new Error('no longer wanted'))
    await expect(asked).rejects.toThrow('no longer wanted')
    await settle()
    expect(given?.aborted).toBe(true)
    await expect(found[0]?.request(HEADER, AbortSignal.abort(new Error('never')))).rejects.toThrow('never')
  })

  test('a source that is removed takes its requests with it', async () => {
    const { exposed, found, gone } = connect(pair())
    exposed.add(source(() => new Promise(() => {})))
    await settle()
    const asked = found[0]?.request(HEADER, signal())
    await settle()
    exposed.remove('peer-1')
    await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
    expect(gone).toEqual(['peer-1'])
  })

  test('updates cross, and so do verdicts', async () => {
    const updates: [UpdateKind, number[], string][] = []
    const { exposed } = connect(pair(), {
      onUpdate: (kind, bytes, from) => updates.push([kind, [...bytes], from]),
      validate: async (_kind, bytes) => {
        if (bytes[0] === 9) throw new Error('cannot tell')
        return bytes[0] === 1 ? 'accept' : 'reject'
      },
    })
    exposed.update('finality_update', Uint8Array.of(1, 2), 'peer-1')
    expect(await exposed.validate('finality_update', Uint8Array.of(1))).toBe('accept')
    expect(await exposed.validate('optimistic_update', Uint8Array.of(2))).toBe('reject')
    expect(await exposed.validate('optimistic_update', Uint8Array.of(9))).toBe('ignore')
    expect(updates).toEqual([['finality_update', [1, 2], 'peer-1']])
  })

  test('what a source serves may change', async () => {
    let serves = true
    const { exposed, found } = connect(pair())
    exposed.add(
      source(
        async () => {
          serves = false
          throw new NotAvailable('peer', 'it')
        },
        () => serves,
      ),
    )
    await settle()
    expect(found[0]?.serves('code')).toBe(true)
    await expect(found[0]?.request(HEADER, signal())).rejects.toBeInstanceOf(NotAvailable)
    await settle()
    expect(found[0]?.serves('code')).toBe(false)
    expect(found).toHaveLength(1)
  })

  test('a worker that starts anew on the same channel is served anew', async () => {
    const [page, worker] = pair()
    const aborted: boolean[] = []
    let first = true
    const { exposed, found, remote } = connect([page, worker])
    exposed.add(
      source(async (_what, inner) => {
        if (!first) return Uint8Array.of(2)
        first = false
        inner.addEventListener('abort', () => aborted.push(true))
        return new Promise(() => {})
      }),
    )
    await settle()
    const asked = found[0]?.request(HEADER, signal())
    await settle()
    remote.close()
    await expect(asked).rejects.toBeInstanceOf(SourceUnreachable)
    const again: EvidenceSource[] = []
    const newRemote = remoteSources(worker, { onSource: (one) => again.push(one), onSourceGone: () => {} })
    cleanups.push(() => newRemote.close())
    await settle()
    expect(aborted).toEqual([true])
    expect((await again[0]?.request(HEADER, signal()))?.bytes).toEqual(Uint8Array.of(2))
  })

  test('two channels over one do not hear each other', async () => {
    const [page, worker] = pair()
    const names = ['peers', 'cache'] as const
    const [peers, cache] = names.map((name) => connect([namedChannel(page, name), namedChannel(worker, name)]))
    peers?.exposed.add(source(async () => Uint8Array.of(1)))
    await settle()
    expect([peers?.found.length, cache?.found.length]).toEqual([1, 0])
  })
})

describe('what arrives is validated', () => {
  test('a malformed request never reaches a source', async () => {
    const asked: PeerRequest[] = []
    const [page, worker] = clonedPair()
    const { exposed, found } = connect([page, worker])
    exposed.add(
      source(async (what) => {
        asked.push(what)
        return new Uint8Array(0)
      }),
    )
    await settle()
    for (const request of [null, 5, {}, { type: 'everything' }, { type: 'bootstrap', root: '0x1' }])
      worker.send({ kind: 'request', call: 77, source: 'peer-1', request })
    for (const message of [null, 'x', { kind: 'x' }, { kind: 'request' }, { kind: 'abort', call: 'x' }])
      worker.send(message)
    await settle()
    expect(asked).toEqual([])
    const wrong = found[0]?.request({ type: 'bootstrap', root: '0x1' }, signal())
    await expect(wrong).rejects.toBeInstanceOf(InvalidRequest)
  })

  test.each([
    ['no bytes', { bytes: 'AAAA', from: { id: 'a', carrier: 'tcp', words: '' } }],
    ['no description', { bytes: new Uint8Array(1) }],
    ['an unknown carrier', { bytes: new Uint8Array(1), from: { id: 'a', carrier: 'pigeon', words: '' } }],
    [
      'too many bytes',
      { bytes: new Uint8Array(MAX_ANSWER_BYTES.execution_header + 1), from: { id: 'a', carrier: 'tcp', words: '' } },
    ],
  ])('an answer with %s is malformed', async (_what, rest) => {
    const [page, worker] = clonedPair()
    const found: EvidenceSource[] = []
    const remote = remoteSources(worker, { onSource: (one) => found.push(one), onSourceGone: () => {} })
    cleanups.push(() => remote.close())
    page.listen((message) => {
      const { kind, call } = message as { kind: string; call: number }
      if (kind === 'request') page.send({ kind: 'answer', call, ...rest })
    })
    page.send({ kind: 'source', description: { id: 'a', carrier: 'tcp', words: 'a' }, serves: ['execution_header'] })
    await settle()
    await expect(found[0]?.request(HEADER, signal())).rejects.toBeInstanceOf(MalformedAnswer)
  })

  test('bad base64 is dropped', async () => {
    const heard: unknown[] = []
    const [page, worker] = jsonPair()
    worker.listen((message) => heard.push(message))
    page.send({ fine: Uint8Array.of(1) })
    page.send({ bad: { base64: '***' } })
    await settle()
    expect(heard).toEqual([{ fine: Uint8Array.of(1) }])
  })
})
