import { expect, it } from 'vitest'
import { MOST_TEXT, pageLine, type TextChannel } from './page-line.ts'

class FakeChannel extends EventTarget implements TextChannel {
  readyState: RTCDataChannelState = 'open'
  bufferedAmount = 0
  other: FakeChannel | null = null
  readonly sent: string[] = []
  send(text: string): void {
    this.sent.push(text)
    this.other?.receive(text)
  }
  receive(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
  }
  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closed'
    this.dispatchEvent(new Event('close'))
    this.other?.close()
  }
}

function open() {
  const [here, there] = [new FakeChannel(), new FakeChannel()]
  here.other = there
  there.other = here
  const heard: string[] = []
  let ends = 0
  const line = pageLine(here, { text: () => {}, closed: () => {} })
  pageLine(there, { text: (text) => heard.push(text), closed: () => ends++ })
  return { here, there, line, heard, ends: () => ends }
}

it('texts of any length arrive whole, in order', () => {
  const { here, line, heard } = open()
  const texts = [
    '',
    'short',
    'x'.repeat(16 * 1024),
    'y'.repeat(16 * 1024 + 1),
    'ünï'.repeat(100_000),
    'z'.repeat(MOST_TEXT),
  ]
  for (const text of texts) line.send(text)
  expect(heard).toEqual(texts)
  expect(Math.max(...here.sent.map((piece) => piece.length))).toBe(16 * 1024 + 1)
})

it.each([
  ['bytes', new ArrayBuffer(4)],
  ['a piece without its mark', 'hello'],
  ['nothing', ''],
])('%s ends the line', (_, data) => {
  const { there, heard, ends } = open()
  there.receive(data)
  there.receive('.late')
  expect([heard, ends(), there.readyState]).toEqual([[], 1, 'closed'])
})

it('a text without an end does not fill the memory', () => {
  const { there, heard, ends } = open()
  for (let i = 0; i < 100; i++) there.receive(`+${'x'.repeat(16 * 1024)}`)
  expect([heard, ends()]).toEqual([[], 1])
})

it('who does not read is left', () => {
  const { here, line, ends } = open()
  here.bufferedAmount = 9 * 1024 * 1024
  line.send('more')
  expect(ends()).toBe(1)
  line.send('after the end')
  expect(here.sent).toEqual([])
})
