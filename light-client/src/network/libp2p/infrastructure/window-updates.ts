import type { MuxerFactory } from '../node-types.ts'

/** The parts of yamux that are wrapped. */
interface YamuxStream {
  state: number
  recvWindow: number
  recvWindowCapacity: number
  sendWindowUpdate(): void
}
interface YamuxMuxer {
  _newStream?(...given: unknown[]): Partial<YamuxStream>
}

/** `StreamState.Established` of yamux. Before it, an update carries the stream's beginning or its acknowledgement. */
const ESTABLISHED = 3

/**
 * A yamux that gives back its receive window when half of it is used, as hashicorp's does.
 *
 * Fault (@libp2p/yamux 8.0.3, `stream.ts`): every frame of data is answered with a frame that gives its bytes back. Of
 * a small question and its answer that is half of all records: each encrypted, sent, received and decrypted. Nothing
 * but speed depends on it: a muxer of another kind is left as it is. Goes when upstream waits.
 */
export function inHalfWindows(factory: MuxerFactory): MuxerFactory {
  return (components) => {
    const muxers = factory(components)
    const create = muxers.createStreamMuxer.bind(muxers)
    muxers.createStreamMuxer = (connection) => {
      const muxer = create(connection)
      const yamux = muxer as unknown as YamuxMuxer
      if (typeof yamux._newStream !== 'function') return muxer
      const newStream = yamux._newStream.bind(yamux)
      yamux._newStream = (...given) => waitForHalf(newStream(...given))
      return muxer
    }
    return muxers
  }
}

function waitForHalf(stream: Partial<YamuxStream>): Partial<YamuxStream> {
  if (!isYamuxStream(stream)) return stream
  const update = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    if (stream.state !== ESTABLISHED || stream.recvWindowCapacity * 2 <= stream.recvWindow) update()
  }
  return stream
}

function isYamuxStream(stream: Partial<YamuxStream>): stream is YamuxStream {
  return (
    typeof stream.sendWindowUpdate === 'function' &&
    [stream.state, stream.recvWindow, stream.recvWindowCapacity].every((value) => typeof value === 'number')
  )
}
