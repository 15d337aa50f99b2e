import type { ByteStream } from '../libp2p/node-types.ts'

/** What is used of an RTCDataChannel. */
export interface DataChannel extends EventTarget {
  readonly readyState: RTCDataChannelState
  readonly bufferedAmount: number
  bufferedAmountLowThreshold: number
  binaryType: string
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
}

/** Bytes on their way after which a writer waits, and below which it goes on. */
const HIGH = 256 * 1024
const LOW = 64 * 1024

/**
 * An open data channel as a stream that ends in order: closing a channel may lose what is on its way, so an empty
 * message says "no more", and the side that opened the channel closes it once both have said so.
 */
export function channelStream(channel: DataChannel, opener: boolean): ByteStream {
  const events = new EventTarget()
  const early: Uint8Array[] = []
  let earlyBytes = 0
  let listened = false
  let finished = false
  let ended = false
  let status: 'open' | 'closed' | 'aborted' = 'open'
  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = LOW

  const emit = (type: string, fields: object = {}) => events.dispatchEvent(Object.assign(new Event(type), fields))
  const leaveIfDone = () => {
    if (opener && finished && ended) channel.close()
  }
  const shut = (next: 'closed' | 'aborted', error?: Error) => {
    if (status !== 'open') return
    status = next
    channel.close()
    if (!ended && !error) {
      ended = true
      emit('end')
    }
    emit('close', error ? { error } : {})
  }
  const deliver = (bytes: Uint8Array) => {
    if (listened) return emit('message', { data: bytes })
    earlyBytes += bytes.length
    if (earlyBytes > (stream.maxReadBufferLength ?? HIGH)) return shut('aborted', new Error('more than is read'))
    early.push(bytes)
  }
  channel.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<unknown>
    if (status !== 'open' || ended) return
    if (!(data instanceof ArrayBuffer)) return shut('aborted', new Error('a message that is not bytes'))
    if (data.byteLength > 0) return deliver(new Uint8Array(data))
    ended = true
    emit('end')
    leaveIfDone()
  })
  channel.addEventListener('bufferedamountlow', () => emit('drain'))
  channel.addEventListener('close', () => shut('closed'))

  const stream: ByteStream = {
    get status() {
      return status
    },
    get readableEnded() {
      return ended && early.length === 0
    },
    get writableNeedsDrain() {
      return channel.bufferedAmount > HIGH
    },
    send(bytes) {
      if (status !== 'open' || finished) throw new Error('the stream is closed for writing')
      if (bytes.length > 0) channel.send(bytes.slice())
      return channel.bufferedAmount <= HIGH
    },
    async close() {
      if (status !== 'open' || finished) return
      finished = true
      channel.send(new Uint8Array(0))
      leaveIfDone()
    },
    abort: (error) => shut('aborted', error),
    addEventListener(type: string, listener: (event: never) => void, options?: { once?: boolean }) {
      events.addEventListener(type, listener as (event: Event) => void, options)
      if (type !== 'message') return
      listened = true
      for (const bytes of early.splice(0)) emit('message', { data: bytes })
    },
    removeEventListener(type: string, listener: (event: never) => void) {
      events.removeEventListener(type, listener as (event: Event) => void)
    },
  }
  return stream
}
