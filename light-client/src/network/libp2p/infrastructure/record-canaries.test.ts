/**
 * Faults that cost time for each record of a connection, in the versions that are installed. These tests fail when
 * upstream has mended one: then the work-around it names can go.
 */
import { KeyObject } from 'node:crypto'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { expect, test } from 'vitest'
import type { EncrypterFactory, MuxerFactory, Stream } from '../node-types.ts'
import { until } from '../test-nodes.ts'
import { withKeptKeys } from './record-keys.ts'
import { chunksOf, drained } from './upstream-faults.ts'
import { inHalfWindows } from './window-updates.ts'

const PROTOCOL = '/canary/1'

const start = (listen: string[], muxer: MuxerFactory, encrypter: EncrypterFactory = noise()) =>
  createLibp2p({
    addresses: { listen },
    transports: [tcp()],
    connectionEncrypters: [encrypter],
    streamMuxers: [muxer],
    connectionGater: { denyDialMultiaddr: () => false },
  })

/** Two nodes of a kind; what one sends, the other hears. */
async function between(
  kind: { muxer: () => MuxerFactory; encrypter?: () => EncrypterFactory },
  work: (sender: Stream, hearer: Stream) => Promise<void>,
): Promise<void> {
  const make = (listen: string[]) => start(listen, kind.muxer(), kind.encrypter?.())
  const [listening, dialling] = await Promise.all([make(['/ip4/127.0.0.1/tcp/0']), make([])])
  try {
    const heard = Promise.withResolvers<Stream>()
    await listening.handle(PROTOCOL, (stream: Stream) => heard.resolve(stream))
    const stream: Stream = await dialling.dialProtocol(listening.getMultiaddrs(), PROTOCOL)
    stream.send(Uint8Array.of(0))
    const hearer = await heard.promise
    await until(() => (hearer as unknown as { readBufferLength: number }).readBufferLength > 0)
    await work(stream, hearer)
  } finally {
    await Promise.all([dialling.stop(), listening.stop()])
  }
}

/** Frames that give back receive window for so many small messages. */
async function updatesFor(messages: number, muxer: () => MuxerFactory): Promise<number> {
  let updates = 0
  await between({ muxer }, async (sender, hearer) => {
    const yamuxStream = hearer as unknown as { sendFrame(header: { type: number }, data?: unknown): boolean }
    const sendFrame = yamuxStream.sendFrame
    yamuxStream.sendFrame = (header, data) => {
      if (header.type === 1) updates++
      return sendFrame(header, data)
    }
    let bytes = 0
    hearer.addEventListener('message', ({ data }) => {
      bytes += data.byteLength
    })
    for (let i = 1; i <= messages; i++) {
      sender.send(new Uint8Array(100))
      await until(() => bytes >= i * 100)
    }
  })
  return updates
}

test('every frame of data is answered with one that gives its bytes back (inHalfWindows)', async () => {
  expect(await updatesFor(20, () => yamux())).toBeGreaterThanOrEqual(20)
  // one is the acknowledgement of the stream
  expect(await updatesFor(20, () => inHalfWindows(yamux()))).toBeLessThanOrEqual(1)
})

const LARGE = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 13 + (i >> 10)) & 0xff)

test('many windows of data arrive whole, with half of the updates left out and kept keys at either or both ends', async () => {
  const kinds = [
    { muxer: () => inHalfWindows(yamux()), encrypter: () => withKeptKeys(noise()) },
    { muxer: () => inHalfWindows(yamux({ streamOptions: { initialStreamWindowSize: 256 * 1024 } })) },
  ]
  for (const kind of kinds)
    await between(kind, async (sender, hearer) => {
      const arrived = (async () => {
        const pieces: Uint8Array[] = []
        for await (const chunk of chunksOf(hearer)) pieces.push(chunk)
        return Buffer.concat(pieces)
      })()
      for (let at = 0; at < LARGE.length; at += 10_000) {
        sender.send(LARGE.subarray(at, at + 10_000))
        await drained(sender, AbortSignal.timeout(10_000))
      }
      await sender.close()
      expect(Buffer.compare((await arrived).subarray(1), LARGE)).toBe(0)
    })
})

test('each longer record hands Node the bytes of its key (withKeptKeys)', async () => {
  type Noise = {
    readonly crypto: { encrypt(text: Uint8Array, nonce: Uint8Array, ad: Uint8Array, k: unknown): Uint8Array }
  }
  const keysGiven: unknown[] = []
  const watched: EncrypterFactory = (components) => {
    const made = noise()(components)
    const { crypto } = made as unknown as Noise
    const encrypt = crypto.encrypt
    crypto.encrypt = (text, nonce, ad, k) => {
      if (text.byteLength >= 1200) keysGiven.push(k)
      return encrypt(text, nonce, ad, k)
    }
    return made
  }
  const sendTwo = async (sender: Stream) => {
    keysGiven.length = 0
    sender.send(new Uint8Array(2000))
    sender.send(new Uint8Array(2000))
    await until(() => keysGiven.length >= 2)
  }
  await between({ muxer: () => yamux(), encrypter: () => watched }, sendTwo)
  for (const key of keysGiven) expect(key).toBeInstanceOf(Uint8Array)
  await between({ muxer: () => yamux(), encrypter: () => withKeptKeys(watched) }, sendTwo)
  expect(keysGiven[0]).toBeInstanceOf(KeyObject)
  expect(keysGiven[1]).toBe(keysGiven[0])
})

test('an encrypter or muxer of another kind is left as it is', () => {
  const encrypter = { protocol: '/other' }
  expect(withKeptKeys((() => encrypter) as unknown as EncrypterFactory)({} as never)).toBe(encrypter)
  const muxer = { streams: [] }
  const muxers = { protocol: '/other', createStreamMuxer: () => muxer }
  const wrapped = inHalfWindows((() => muxers) as unknown as MuxerFactory)({} as never)
  expect(wrapped.createStreamMuxer({} as never)).toBe(muxer)
})
