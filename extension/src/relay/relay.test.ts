import { PROVIDER_PROTOCOL } from '@glowworm/wallet-core/provider/injected'
import { describe, expect, test } from 'vitest'
import { createRelay, MOST_CHARACTERS } from './relay.ts'

const request = (id: string, method = 'eth_accounts') => ({ protocol: PROVIDER_PROTOCOL, type: 'request', id, method })
const response = (id: string, result: unknown = []) => ({ protocol: PROVIDER_PROTOCOL, type: 'response', id, result })

/** A worker that can be killed; `ports` are all that were ever opened to it. */
function setUp() {
  const page: unknown[] = []
  const ports: { sent: unknown[]; message(message: unknown): void; lost(): void; gone(): void }[] = []
  let reachable = true
  const relay = createRelay({
    connect({ message, lost, gone }) {
      if (!reachable) throw new Error('Extension context invalidated.')
      const sent: unknown[] = []
      ports.push({ sent, message, lost, gone })
      return { send: (given) => sent.push(given) }
    },
    toPage: (message) => page.push(message),
  })
  return { relay, page, ports, remove: () => (reachable = false) }
}

describe('the relay', () => {
  test('opens a port only when there is something to say, and one for all', () => {
    const { relay, page, ports } = setUp()
    expect(ports).toHaveLength(0)
    relay.fromPage(request('1'))
    relay.fromPage(request('2'))
    expect(ports).toHaveLength(1)
    expect(ports[0]!.sent).toEqual([request('1'), request('2')])
    ports[0]!.message(response('1', ['0xa']))
    expect(page).toEqual([response('1', ['0xa'])])
  })

  test('passes events and states on as they are', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1'))
    const state = { protocol: PROVIDER_PROTOCOL, type: 'state', chainId: '0x539', accounts: [] }
    ports[0]!.message(state)
    expect(page).toEqual([state])
  })

  test('says what is under way once more after the death of the worker, with the same id', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1', 'personal_sign'))
    relay.fromPage(request('2'))
    ports[0]!.message(response('2'))
    ports[0]!.lost()
    expect(ports).toHaveLength(2)
    expect(ports[1]!.sent).toEqual([request('1', 'personal_sign')])
    ports[1]!.message(response('1', '0xsigned'))
    expect(page).toEqual([response('2'), response('1', '0xsigned')])
  })

  test('gives up with 4900 after the second death, and only then', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1'))
    ports[0]!.lost()
    expect(page).toEqual([])
    relay.fromPage(request('2'))
    ports[1]!.lost()
    expect(page).toMatchObject([{ type: 'response', id: '1', error: { code: 4900 } }])
    expect(ports[2]!.sent).toEqual([request('2')])
    relay.fromPage(request('3'))
    expect(ports).toHaveLength(3)
    expect(ports[2]!.sent).toEqual([request('2'), request('3')])
  })

  test('a death in silence opens nothing until the page speaks', () => {
    const { relay, ports } = setUp()
    relay.fromPage(request('1'))
    ports[0]!.message(response('1'))
    ports[0]!.lost()
    expect(ports).toHaveLength(1)
    relay.fromPage(request('2'))
    expect(ports[1]!.sent).toEqual([request('2')])
  })

  test('hears nothing from a port that was lost', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1'))
    ports[0]!.lost()
    ports[0]!.message(response('1', 'stale'))
    ports[0]!.lost()
    expect(page).toEqual([])
    expect(ports).toHaveLength(2)
  })

  test('tells the page when the extension is gone', () => {
    const { relay, page, ports, remove } = setUp()
    relay.fromPage(request('1'))
    remove()
    ports[0]!.lost()
    expect(page).toEqual([{ protocol: PROVIDER_PROTOCOL, type: 'lost' }])
    relay.fromPage(request('2'))
    expect(page).toHaveLength(2)
  })

  test('tells the page, too, when nobody says so but the extension is not there any more', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1', 'personal_sign'))
    ports[0]!.gone()
    expect(page).toEqual([{ protocol: PROVIDER_PROTOCOL, type: 'lost' }])
    ports[0]!.message(response('1', 'stale'))
    ports[0]!.lost()
    expect(page).toHaveLength(1)
    expect(ports).toHaveLength(1)
  })

  test('lets nothing through but requests, and none that is too long', () => {
    const { relay, page, ports } = setUp()
    for (const message of [
      null,
      'request',
      {},
      { type: 'request', id: '1' },
      { ...request('1'), id: 1 },
      response('1'),
    ])
      relay.fromPage(message)
    expect(ports).toHaveLength(0)
    relay.fromPage({ ...request('1'), params: ['a'.repeat(MOST_CHARACTERS)] })
    expect(ports).toHaveLength(0)
    expect(page).toMatchObject([{ type: 'response', id: '1', error: { code: -32602 } }])
  })

  test('makes subscriptions again in the next life of the worker, and keeps that from the page', () => {
    const { relay, page, ports } = setUp()
    relay.fromPage(request('1', 'eth_subscribe'))
    relay.fromPage(request('2', 'eth_subscribe'))
    ports[0]!.message(response('1', '0xaa'))
    ports[0]!.message({ ...response('2'), result: undefined, error: { code: -32005, message: 'too many' } })
    ports[0]!.lost()
    expect(ports[1]!.sent).toEqual([request('1', 'eth_subscribe')])
    ports[1]!.message(response('1', '0xaa'))
    expect(page).toHaveLength(2)
    const event = { protocol: PROVIDER_PROTOCOL, type: 'event', event: 'message', data: { type: 'eth_subscription' } }
    ports[1]!.message(event)
    expect(page.at(-1)).toEqual(event)

    relay.fromPage({ ...request('3', 'eth_unsubscribe'), params: ['0xaa'] })
    ports[1]!.message(response('3', true))
    ports[1]!.lost()
    expect(ports).toHaveLength(2)
  })

  test('a worker that dies of a subscription is not asked for it again', () => {
    const { relay, ports } = setUp()
    relay.fromPage(request('1', 'eth_subscribe'))
    ports[0]!.message(response('1', '0xaa'))
    ports[0]!.lost()
    ports[1]!.lost()
    expect(ports).toHaveLength(2)
  })
})
