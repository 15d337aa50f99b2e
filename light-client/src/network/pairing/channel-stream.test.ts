import { expect, it } from 'vitest'
import { concatBytes } from '../../data/hex.ts'
import { platformClock } from '../../infrastructure/clock.ts'
import { NotAvailable, SourceUnreachable } from '../evidence-source.ts'
import { DEFAULT_ASK_TIMES } from '../libp2p/ask-session.ts'
import { encodePartHeader } from '../libp2p/evidence-protocol.ts'
import type { StreamOpener } from '../libp2p/node-types.ts'
import { streamSource } from '../libp2p/peer-source.ts'
import { answerEvidence } from '../libp2p/serve-evidence.ts'
import { HEADER, RECEIPTS, sourceOf } from '../libp2p/test-nodes.ts'
import { channelStream, type DataChannel } from './channel-stream.ts'

class FakeChannel extends EventTarget implements DataChannel {
  readyState: RTCDataChannelState = 'open'
  bufferedAmount = 0
  bufferedAmountLowThreshold = 0
  binaryType = 'blob'
  most = 0
  other!: FakeChannel
  /** As a channel does: delivered later, in order, and what is on its way when it closes is lost. */
  send(bytes: Uint8Array<ArrayBuffer>) {
    if (this.readyState !== 'open') throw new Error('InvalidStateError')
    this.bufferedAmount += bytes.length
    this.most = Math.max(this.most, this.bufferedAmount)
    setTimeout(() => {
      this.bufferedAmount -= bytes.length
      if (this.bufferedAmount <= this.bufferedAmountLowThreshold) this.dispatchEvent(new Event('bufferedamountlow'))
      if (this.other.readyState !== 'open') return
      this.other.dispatchEvent(Object.assign(new Event('message'), { data: bytes.buffer }))
    }, 1)
  }
  text(data: string) {
    this.other.dispatchEvent(Object.assign(new Event('message'), { data }))
  }
  close() {
    for (const end of [this, this.other]) {
      if (end.readyState === 'closed') continue
      end.readyState = 'closed'
      queueMicrotask(() => end.dispatchEvent(new Event('close')))
    }
  }
}

function channels(): [FakeChannel, FakeChannel] {
  const [one, two] = [new FakeChannel(), new FakeChannel()]
  one.other = two
  two.other = one
  return [one, two]
}

const times = { ...DEFAULT_ASK_TIMES, idle: 100 }
const LARGE = Uint8Array.from({ length: 2_000_000 }, (_, i) => (i * 7) & 255)

function connect(meet: (far: FakeChannel) => void) {
  const made: [FakeChannel, FakeChannel][] = []
  const connection: StreamOpener = {
    async newStream() {
      const pair = channels()
      made.push(pair)
      meet(pair[1])
      return channelStream(pair[0], true)
    },
  }
  const description = { id: 'paired', carrier: 'webrtc', words: 'the other device' } as const
  return { source: streamSource(() => ({ connection, description }), { clock: platformClock, times }), made }
}

it('carries the evidence protocol: large answers whole and in bounded memory, refusals as themselves', async () => {
  const answerer = answerEvidence(
    sourceOf(async (request) => {
      if (request.type === 'receipts') return LARGE
      throw new NotAvailable('it', 'that')
    }),
    { clock: platformClock },
  )
  const { source, made } = connect((far) => void answerer.answer(channelStream(far, false), 'paired'))
  const signal = AbortSignal.timeout(20_000)
  const [large, refused] = await Promise.allSettled([source.request(RECEIPTS, signal), source.request(HEADER, signal)])
  expect(large).toMatchObject({ status: 'fulfilled', value: { bytes: LARGE } })
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'NOT_AVAILABLE' } })
  expect(made).toHaveLength(1)
  // both ends are closed, in order, by the side that opened them
  await expect.poll(() => made.flat().every(({ readyState }) => readyState === 'closed')).toBe(true)
  expect(Math.max(...made.map(([, far]) => far.most))).toBeLessThan(512 * 1024)
})

it('a connection that ends in the middle of an answer is no answer', async () => {
  const { source } = connect((far) => {
    const stream = channelStream(far, false)
    stream.addEventListener('message', () => {
      stream.send(concatBytes(encodePartHeader(1, 'ok', 256, 3), Uint8Array.of(1, 2, 3)))
      setTimeout(() => far.close(), 20)
    })
  })
  await expect(source.request(HEADER, AbortSignal.timeout(10_000))).rejects.toBeInstanceOf(SourceUnreachable)
})

it('what comes before anybody listens is kept within bounds; text is refused', async () => {
  const [near, far] = channels()
  const stream = channelStream(near, true)
  stream.maxReadBufferLength = 1000
  far.send(new Uint8Array(900))
  far.send(new Uint8Array(200))
  await expect.poll(() => stream.status).toBe('aborted')
  const [other, sender] = channels()
  const second = channelStream(other, true)
  sender.text('hello')
  expect(second.status).toBe('aborted')
})

it('nothing can be sent after the end', async () => {
  const [near] = channels()
  const stream = channelStream(near, true)
  await stream.close()
  expect(() => stream.send(Uint8Array.of(1))).toThrow('closed')
})
