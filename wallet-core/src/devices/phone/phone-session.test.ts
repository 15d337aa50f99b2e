import { expect, it } from 'vitest'
import { manualClock, settle } from '../../../test/wallet.ts'
import { PROVIDER_PROTOCOL } from '../../provider/injected.ts'
import { createPhoneSession } from './phone-session.ts'

/** The session, and the far ends of the lines it opened. */
function setUp() {
  const clock = manualClock()
  const lines: {
    readonly sent: Record<string, unknown>[]
    hear(text: string): void
    leave(): void
    closed: boolean
    cancelled: boolean
  }[] = []
  const session = createPhoneSession({
    clock,
    http: { fetch: () => Promise.reject(new TypeError('nobody is asked')) } as never,
    self: { name: 'Glowworm', origin: 'chrome-extension://abcdefghijklmnopabcdefghijklmnop' },
    async offerTo({ onText, onClosed }) {
      const line = {
        sent: [] as Record<string, unknown>[],
        hear: onText,
        leave: onClosed,
        closed: false,
        cancelled: false,
      }
      const number = lines.push(line)
      return {
        code: `offer ${number}`,
        expiresAt: 1,
        answer: null,
        accept: async () => ({
          send: (text: string) => void line.sent.push(JSON.parse(text)),
          close() {
            line.closed = true
            onClosed()
          },
        }),
        cancel() {
          line.cancelled = true
        },
      }
    },
  })
  const connect = async () => {
    await session.offer()
    const accepted = session.accept('answer')
    await settle()
    lines.at(-1)!.hear(JSON.stringify({ type: 'welcome', version: 1 }))
    await accepted
    return lines.at(-1)!
  }
  const reply = (line: (typeof lines)[number], what: object) =>
    line.hear(JSON.stringify({ protocol: PROVIDER_PROTOCOL, type: 'response', ...what }))
  return { session, clock, lines, connect, reply }
}

it('says who it is, asks, and brings the answer to each question', async () => {
  const { session, connect, reply } = setUp()
  expect(session.open).toBe(false)
  const line = await connect()
  expect(session.open).toBe(true)
  expect(line.sent[0]).toMatchObject({ type: 'hello', version: 1, name: 'Glowworm' })
  const both = [session.ask('personal_sign', ['0x00']), session.ask('personal_sign', ['0x01'])]
  const [first, second] = line.sent.slice(1)
  expect(second).toMatchObject({ type: 'request', method: 'personal_sign', params: ['0x01'] })
  reply(line, { id: second!.id, error: { code: 4001, message: 'no' } })
  reply(line, { id: 'wallet:99', result: '0xbad' })
  line.hear('{')
  line.hear('null')
  reply(line, { id: first!.id, result: '0x11' })
  reply(line, { id: first!.id, result: '0xbad' })
  expect(await Promise.all(both)).toEqual([{ result: '0x11' }, { refused: { code: 4001, message: 'no' } }])
})

it('the same question is asked once while it waits: who repeats it may have lost the answer', async () => {
  const { session, connect, reply } = setUp()
  const line = await connect()
  const both = [session.ask('personal_sign', ['0x00']), session.ask('personal_sign', ['0x00'])]
  expect(line.sent).toHaveLength(2)
  reply(line, { id: line.sent[1]!.id, result: '0x11' })
  expect(await Promise.all(both)).toEqual([{ result: '0x11' }, { result: '0x11' }])
  void session.ask('personal_sign', ['0x00'])
  expect(line.sent).toHaveLength(3)
})

it('without a phone, and when it leaves, questions are answered by that', async () => {
  const { session, connect } = setUp()
  expect(await session.ask('personal_sign', [])).toEqual({ away: true })
  const line = await connect()
  const waiting = session.ask('personal_sign', [])
  line.leave()
  expect(await waiting).toEqual({ away: true })
  expect(session.open).toBe(false)
})

it('another phone takes the place of the first one only once it is there', async () => {
  const { session, connect } = setUp()
  const first = await connect()
  const waiting = session.ask('personal_sign', [])
  await session.offer()
  expect([session.open, first.closed]).toEqual([true, false])
  const second = await connect()
  expect(await waiting).toEqual({ away: true })
  expect([session.open, first.closed, second.closed]).toEqual([true, true, false])
  session.end()
  expect([session.open, second.closed]).toEqual([false, true])
})

it('a phone that says nothing, or speaks another version, is none', async () => {
  for (const say of [undefined, { type: 'welcome', version: 2 }]) {
    const { session, lines, clock } = setUp()
    await session.offer()
    const accepted = session.accept('answer')
    accepted.catch(() => undefined)
    await settle()
    if (say) lines[0]!.hear(JSON.stringify(say))
    else await clock.pass(10_000)
    await expect(accepted).rejects.toMatchObject({ code: 'PAIRING_FAILED' })
    expect([session.open, lines[0]!.closed]).toEqual([false, true])
  }
})

it('a code that was taken back, or none, takes no answer', async () => {
  const { session, lines } = setUp()
  await expect(session.accept('answer')).rejects.toMatchObject({ code: 'PAIRING_CANCELLED' })
  await session.offer()
  session.cancel()
  expect(lines[0]!.cancelled).toBe(true)
  await expect(session.accept('answer')).rejects.toMatchObject({ code: 'PAIRING_CANCELLED' })
})
