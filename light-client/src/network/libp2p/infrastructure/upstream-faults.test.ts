import { expect, test, vi } from 'vitest'
import type { Stream } from '../node-types.ts'
import { chunksOf, type DataChannelMaker, drained, repairInitChannel } from './upstream-faults.ts'

class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting'
  become(state: RTCDataChannelState, event?: string): void {
    this.readyState = state
    if (event) this.dispatchEvent(new Event(event))
  }
}

function repairedMaker() {
  const channels: FakeChannel[] = []
  const maker: DataChannelMaker = {
    createDataChannel() {
      const channel = new FakeChannel()
      channels.push(channel)
      return channel as unknown as RTCDataChannel
    },
  }
  const repair = repairInitChannel(maker)
  const make = (label: string) => {
    const channel = maker.createDataChannel(label)
    return { channel, fake: channels.at(-1) as FakeChannel }
  }
  return { maker, repair, make }
}

const heard = (channel: RTCDataChannel, name: string) =>
  new Promise<void>((resolve) => channel.addEventListener(name, () => resolve(), { once: true }))

test('whoever waits for `open` on a channel that closed instead is released', async () => {
  const { make, repair } = repairedMaker()
  const { channel, fake } = make('init')
  const waiting = heard(channel, 'open')
  fake.become('closed', 'close')
  await waiting
  expect(repair.hits()).toBe(1)
})

test('whoever comes too late for `open` and `close` is released', async () => {
  const { make, repair } = repairedMaker()
  const { channel, fake } = make('init')
  fake.become('closing')
  await heard(channel, 'open')
  fake.become('closed', 'close')
  await heard(channel, 'close')
  expect(repair.hits()).toBeGreaterThanOrEqual(2)
})

test('a channel that opens and closes as it should is left alone', async () => {
  const { make, repair } = repairedMaker()
  const { channel, fake } = make('init')
  const opened = heard(channel, 'open')
  fake.become('open', 'open')
  await opened
  const closed = heard(channel, 'close')
  fake.become('closed', 'close')
  await closed
  await Promise.resolve()
  expect(repair.hits()).toBe(0)
})

test('other channels are not touched, and repairing twice wraps once', async () => {
  const { maker, make, repair } = repairedMaker()
  const create = maker.createDataChannel
  expect(repairInitChannel(maker)).toBe(repair)
  expect(maker.createDataChannel).toBe(create)
  const { channel, fake } = make('')
  const listener = vi.fn()
  channel.addEventListener('open', listener)
  fake.become('closed', 'close')
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(listener).not.toHaveBeenCalled()
})

class FakeStream extends EventTarget {
  writableNeedsDrain = true
}

test('each wait for a stream to drain is a wait of its own', async () => {
  const fake = new FakeStream()
  const stream = fake as unknown as Stream
  const { signal } = new AbortController()
  for (let round = 0; round < 3; round++) {
    fake.writableNeedsDrain = true
    let done = false
    const waiting = drained(stream, signal).then(() => {
      done = true
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(done).toBe(false)
    // a drain that leaves the stream full again is not the end of the wait
    fake.dispatchEvent(new Event('drain'))
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(done).toBe(false)
    fake.writableNeedsDrain = false
    fake.dispatchEvent(new Event('drain'))
    await waiting
  }
})

test('a wait ends with the stream and with the signal', async () => {
  const fake = new FakeStream()
  const controller = new AbortController()
  const closed = drained(fake as unknown as Stream, controller.signal)
  fake.dispatchEvent(new Event('close'))
  await expect(closed).rejects.toThrow('closed')
  const cancelled = drained(fake as unknown as Stream, controller.signal)
  controller.abort(new Error('enough'))
  await expect(cancelled).rejects.toThrow('enough')
})

/** As libp2p's: what was pushed back is delivered in a microtask once somebody listens for messages. */
class PushedBackStream extends EventTarget {
  status = 'open'
  readableEnded = true
  buffered: Uint8Array[]
  constructor(buffered: Uint8Array[]) {
    super()
    this.buffered = buffered
  }
  override addEventListener(name: string, listener: EventListenerOrEventListenerObject): void {
    super.addEventListener(name, listener)
    if (name !== 'message') return
    queueMicrotask(() => {
      for (const data of this.buffered.splice(0)) this.dispatchEvent(Object.assign(new Event('message'), { data }))
    })
  }
}

test('an answer that came whole, with its end, during negotiation is not lost', async () => {
  const stream = new PushedBackStream([Uint8Array.of(1, 2), Uint8Array.of(3)])
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(stream as unknown as Stream)) chunks.push(chunk)
  expect(chunks).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3)])
  const nothing = chunksOf(new PushedBackStream([]) as unknown as Stream)
  expect((await nothing.next()).done).toBe(true)
})
