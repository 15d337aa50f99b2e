/**
 * Work-arounds for faults in the libraries this folder stands on. Each says what is wrong, in which version it was
 * seen, and when it can go.
 * @module
 */
import type { ByteStream, EncrypterFactory, Libp2p } from '../node-types.ts'

/**
 * Waits until a stream takes more bytes.
 *
 * Fault (@libp2p/utils 7.4.1, `AbstractMessageStream.onDrain`): the promise behind `onDrain()` is made once and never
 * renewed, so from the second wait on it resolves at once. Bytes then pile up in memory instead of waiting for a slow
 * reader. Here every wait listens for its own `drain` event. Goes when upstream clears the promise after `drain`.
 */
export function drained(stream: ByteStream, signal: AbortSignal): Promise<void> {
  if (!stream.writableNeedsDrain) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const done = () => {
      stream.removeEventListener('drain', onDrain)
      stream.removeEventListener('close', onClose)
      signal.removeEventListener('abort', onAbort)
    }
    const onDrain = () => {
      // the stream goes on with what it holds in a microtask, and may be full again after that
      queueMicrotask(() => {
        if (stream.writableNeedsDrain) return
        done()
        resolve()
      })
    }
    const onClose = () => {
      done()
      reject(new Error('the stream was closed'))
    }
    const onAbort = () => {
      done()
      reject(signal.reason)
    }
    stream.addEventListener('drain', onDrain)
    stream.addEventListener('close', onClose)
    signal.addEventListener('abort', onAbort, { once: true })
    if (signal.aborted) onAbort()
  })
}

/**
 * What arrives on a stream, until the other side has finished. Throws when the stream is reset.
 *
 * Fault (@libp2p/utils 7.4.1, `AbstractMessageStream[Symbol.asyncIterator]`): the iterator ends on `remoteCloseWrite`,
 * which has already been and gone when a short answer and its end came with the last bytes of protocol negotiation.
 * It then waits for ever. This one ends on `end`, which comes after the last data, or was there before
 * (`readableEnded`). Goes when upstream's iterator looks at `readableEnded` first.
 *
 * A neighbouring fault: when the end of a stream arrives during protocol negotiation, the stream counts as ended
 * although data that came with it are pushed back afterwards. They are delivered here as long as this side has not
 * closed its own end; once it has, `push` refuses them and they are lost. So a side that answers must read something
 * first, which the other side sends after negotiation (docs/protocol.md demands it), or the side that asks must keep its
 * end open until the answer begins.
 */
export async function* chunksOf(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const arrived: Uint8Array[] = []
  let ended = false
  let failure: Error | undefined
  let wake = () => {}
  const onMessage = (event: { readonly data: Uint8Array | { subarray(): Uint8Array } }) => {
    arrived.push(event.data instanceof Uint8Array ? event.data : event.data.subarray())
    wake()
  }
  const onEnd = () => {
    ended = true
    wake()
  }
  const onClose = (event: { readonly error?: Error | undefined }) => {
    // a graceful close says nothing about data that is still to be delivered; `end` does
    failure = event.error
    wake()
  }
  stream.addEventListener('message', onMessage)
  stream.addEventListener('end', onEnd)
  stream.addEventListener('close', onClose)
  try {
    if (stream.readableEnded) {
      // what negotiation had read too much was pushed back; it is delivered in a microtask after `message` is listened to
      await Promise.resolve()
      ended = true
    } else if (stream.status === 'aborted' || stream.status === 'reset') throw new Error('the stream was reset')
    for (;;) {
      const chunk = arrived.shift()
      if (chunk) yield chunk
      else if (failure) throw failure
      else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    stream.removeEventListener('message', onMessage)
    stream.removeEventListener('end', onEnd)
    stream.removeEventListener('close', onClose)
  }
}

/** The part of a raw connection that is wrapped. */
interface RawConnection {
  send(bytes: Uint8Array | { subarray(): Uint8Array }): boolean
}

/**
 * An encrypter that hands each of its records to the transport in one piece, and looks for the next one at no cost.
 *
 * Fault (@libp2p/noise 17.0.3, `utils.ts`): a record is its length, two bytes, and its content as pieces of their own,
 * and a WebSocket sends each piece as a message: twice the messages, system calls and events, at both ends. Goes when
 * upstream joins them.
 *
 * Fault (@libp2p/utils 7.4.1, `LengthPrefixedDecoder`): it learns that no further record has arrived from a RangeError,
 * whose stack trace is a tenth of what a small answer costs. Here it is told of a record longer than what is there, and
 * waits for it. Goes when upstream looks at the length of what is there.
 */
export function inWholeRecords(factory: EncrypterFactory): EncrypterFactory {
  return (components) => {
    const encrypter = factory(components)
    const [inbound, outbound] = [encrypter.secureInbound.bind(encrypter), encrypter.secureOutbound.bind(encrypter)]
    encrypter.secureInbound = async (connection, options) =>
      withoutExceptions(await inbound(joinPieces(connection), options))
    encrypter.secureOutbound = async (connection, options) =>
      withoutExceptions(await outbound(joinPieces(connection), options))
    return encrypter
  }
}

/** Of a record of noise; two bytes of its length come before it. */
const LONGEST_RECORD = 0xffff

interface Decoding {
  readonly decoder?: { lengthDecoder(bytes: { readonly length: number }): number }
}

/** Nothing but speed depends on it: a decoder of another kind is left as it is. */
function withoutExceptions<T extends { readonly connection: object }>(secured: T): T {
  const { decoder } = secured.connection as Decoding
  if (typeof decoder?.lengthDecoder !== 'function') return secured
  const decode = decoder.lengthDecoder
  decoder.lengthDecoder = (bytes) => (bytes.length < 2 ? LONGEST_RECORD : decode(bytes))
  return secured
}

function joinPieces<T extends RawConnection>(connection: T): T {
  const send = connection.send.bind(connection)
  connection.send = (bytes) => send(bytes.subarray())
  return connection
}

/**
 * Lets a node note only once, for each peer that is connected, that it speaks a protocol.
 *
 * Fault (libp2p 3.3.11, `connection.ts`): every stream, in or out, has its protocol merged into what is stored of the
 * peer, known or not: a lock, a look-up, decoding and comparing, a quarter of what a small answer costs. Goes when
 * upstream looks first.
 */
export function noteProtocolsOnce(node: Pick<Libp2p, 'peerStore' | 'addEventListener'>): void {
  const { peerStore } = node
  const merge = peerStore.merge.bind(peerStore)
  const noted = new Map<string, Map<string, ReturnType<typeof merge>>>()
  peerStore.merge = (peer, data, options) => {
    const [protocol, another] = data.protocols ?? []
    if (protocol === undefined || another !== undefined || Object.keys(data).length > 1)
      return merge(peer, data, options)
    const id = peer.toString()
    const of = noted.get(id) ?? new Map()
    noted.set(id, of)
    const known = of.get(protocol)
    if (known) return known
    const merging = merge(peer, data, options)
    of.set(protocol, merging)
    merging.catch(() => of.delete(protocol))
    return merging
  }
  node.addEventListener('peer:disconnect', ({ detail }) => void noted.delete(detail.toString()))
}

/** The part of RTCPeerConnection's prototype that is wrapped. */
export interface DataChannelMaker {
  createDataChannel(label: string, init?: RTCDataChannelInit): RTCDataChannel
}

export interface InitChannelRepair {
  /** How often a waiter was released that would have waited for ever. */
  hits(): number
}

const repaired = new WeakMap<DataChannelMaker, InitChannelRepair>()

/**
 * Lets concurrent WebRTC dials finish. Call before the node is made, with `RTCPeerConnection.prototype` where there is
 * one; calling again does nothing more.
 *
 * Fault (@libp2p/webrtc 6.0.33, `private-to-private/initiate-connection.ts`): the dialling side opens a data channel
 * labelled `init` so that its offer has media. The other side closes that channel as soon as it sees it. The dialler
 * then waits for `open`, or for `close`, on a channel that may have passed that state already, and hangs until its
 * deadline. Measured: 7 of 30 concurrent dials among five tabs.
 *
 * A channel that closes has got through, so whoever waits for `open` or `close` on the `init` channel is released when
 * that state is behind it. Other channels are not touched. Goes when upstream checks `readyState` before each wait.
 */
export function repairInitChannel(maker: DataChannelMaker): InitChannelRepair {
  const known = repaired.get(maker)
  if (known) return known
  let hits = 0
  const create = maker.createDataChannel
  maker.createDataChannel = function (this: DataChannelMaker, label, init) {
    const channel = create.call(this, label, init)
    if (label === 'init') releaseWaiters(channel, () => hits++)
    return channel
  }
  const repair = { hits: () => hits }
  repaired.set(maker, repair)
  return repair
}

function releaseWaiters(channel: RTCDataChannel, count: () => void): void {
  const listen = channel.addEventListener.bind(channel)
  let opened = channel.readyState === 'open'
  listen('open', () => {
    opened = true
  })
  const replay = (name: 'open' | 'close') =>
    queueMicrotask(() => {
      count()
      channel.dispatchEvent(new Event(name))
    })
  listen('close', () => {
    if (!opened) replay('open')
  })
  const lateListen = (
    name: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void => {
    listen(name, listener, options)
    const state = channel.readyState
    if (name === 'open' && (state === 'closing' || state === 'closed')) replay('open')
    if (name === 'close' && state === 'closed') replay('close')
  }
  channel.addEventListener = lateListen
}

/**
 * Takes a peer's place at the relay from it.
 *
 * Fault (@libp2p/circuit-relay-v2 4.2.13, `reservation-store.ts`): `removeReservation` forgets the place only. Its timer
 * runs on for two hours, holds what it stands for, and then removes whatever place the peer has by that time. So does the
 * timer of a place that was renewed (retimeable-signal 1.0.1: what `reset` listens with, no later `reset` or `clear` takes
 * away), some two kilobytes for each renewal; who renews gives back first. Goes when upstream clears both.
 */
export function givePlaceBack<P>(
  store: {
    get(peer: P): { readonly signal: { clear(): void } } | undefined
    removeReservation(peer: P): void
  },
  peer: P,
): void {
  store.get(peer)?.signal.clear()
  store.removeReservation(peer)
}
